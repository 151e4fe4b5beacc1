import { sql } from 'kysely';
import { z } from 'zod';
import { Audience, Message, type CampaignState } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryState } from '@shared/domain/delivery';
import type { Executor } from '../database/database';

export interface CampaignRow {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly channel: Channel;
  readonly state: CampaignState;
  readonly problem: string | null;
  /** When a pause ends by itself; null: an operator ends it. */
  readonly resumeAt: Date | null;
  readonly priority: number;
  readonly message: Message;
  readonly audience: Audience;
  readonly contentHash: string | null;
  readonly recipients: number;
  readonly batchCount: number;
  readonly totals: Readonly<Partial<Record<DeliveryState, number>>>;
  readonly jobId: string | null;
  readonly createdBy: string | null;
  readonly createdByName: string | null;
  readonly createdAt: Date;
  readonly scheduledAt: Date | null;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly sender: CampaignSender | null;
}

export interface CampaignSender {
  readonly id: string;
  readonly address: string;
  /** Messages per second; null: the channel's setting. */
  readonly ratePerSecond: number | null;
  readonly paused: boolean;
  readonly pausedUntil: Date | null;
}

export interface NewCampaign {
  readonly organizationId: string;
  readonly name: string;
  readonly message: Message;
  readonly audience: Audience;
  readonly senderId: string;
  readonly templateVersionId: string | null;
  readonly priority: number;
  readonly scheduledAt: Date | null;
  readonly createdBy: string;
}

export interface PauseCause {
  readonly reason: string;
  readonly code: string | null;
  readonly resumeInMs: number | null;
}

const Problem = z.object({ resumeAt: z.coerce.date().nullable() }).nullable();
const Totals = z.record(z.string(), z.number());
/** States in which something is still to be done. */
const OPEN: readonly DeliveryState[] = ['pending', 'leased', 'sending', 'retry_wait'];

/** Campaigns as rows: reading them and moving them from state to state. */
export const createCampaignRepository = (db: Executor) => ({
  async find(campaignId: string, organizationId?: string): Promise<CampaignRow | null> {
    const row = await campaigns(db)
      .where('campaign.id', '=', campaignId)
      .$if(organizationId !== undefined, (query) =>
        query.where('campaign.organization_id', '=', organizationId ?? ''),
      )
      .executeTakeFirst();
    return row === undefined ? null : parse(row);
  },

  /** Newest first, from the one after `before`. */
  async list(
    organizationId: string,
    filter: {
      readonly channel?: Channel | undefined;
      readonly before?: { readonly at: Date; readonly id: string } | undefined;
      readonly limit: number;
    },
  ): Promise<CampaignRow[]> {
    let query = campaigns(db).where('campaign.organization_id', '=', organizationId);
    if (filter.channel !== undefined) query = query.where('campaign.channel', '=', filter.channel);
    const { before } = filter;
    if (before !== undefined) {
      query = query.where(sql<boolean>`(date_trunc('milliseconds', campaign.created_at), campaign.id)
        < (${before.at}::timestamptz, ${before.id}::uuid)`);
    }
    const rows = await query
      .orderBy(sql`date_trunc('milliseconds', campaign.created_at)`, 'desc')
      .orderBy('campaign.id', 'desc')
      .limit(filter.limit)
      .execute();
    return rows.map(parse);
  },

  /** Campaigns that should have jobs, of all organizations: what a restart has to look at. */
  async unfinished(): Promise<CampaignRow[]> {
    const rows = await campaigns(db)
      .where('campaign.state', 'in', ['scheduled', 'launching', 'running'])
      .execute();
    return rows.map(parse);
  },

  async insert(campaign: NewCampaign): Promise<string> {
    const row = await db
      .insertInto('campaigns')
      .values({
        organization_id: campaign.organizationId,
        name: campaign.name,
        channel: campaign.message.channel,
        sender_id: campaign.senderId,
        template_version_id: campaign.templateVersionId,
        message: JSON.stringify(campaign.message),
        audience: JSON.stringify(campaign.audience),
        state: 'launching',
        priority: campaign.priority,
        scheduled_at: campaign.scheduledAt,
        created_by: campaign.createdBy,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  },

  async freeze(
    campaignId: string,
    frozen: { readonly recipients: number; readonly batchCount: number; readonly contentHash: string },
  ): Promise<void> {
    await db
      .updateTable('campaigns')
      .set({
        frozen_at: sql<Date>`now()`,
        total_recipients: frozen.recipients,
        batch_count: frozen.batchCount,
        content_hash: frozen.contentHash,
      })
      .where('id', '=', campaignId)
      .execute();
  },

  /** The jobs are in the queue. A worker may have begun already: then the state stays what it made of it. */
  async queued(campaignId: string, jobId: string): Promise<void> {
    await sql`UPDATE campaigns
                 SET job_id = ${jobId},
                     state = CASE WHEN state <> 'launching' THEN state
                                  WHEN scheduled_at > now() THEN 'scheduled' ELSE 'running' END,
                     started_at = CASE WHEN state = 'launching' AND (scheduled_at IS NULL OR scheduled_at <= now())
                                       THEN coalesce(started_at, now()) ELSE started_at END
               WHERE id = ${campaignId}::uuid`.execute(db);
  },

  /** A worker has come to it: it runs from now on, also where a pause has ended by itself. */
  async begin(campaignId: string): Promise<void> {
    await sql`UPDATE campaigns
                 SET state = 'running', started_at = coalesce(started_at, now()), pause_reason = NULL, error = NULL
               WHERE id = ${campaignId}::uuid
                 AND (state IN ('launching', 'scheduled')
                      OR (state = 'paused' AND (error ->> 'resumeAt')::timestamptz <= now()))`.execute(db);
  },

  /** False where it was not under way. */
  async pause(campaignId: string, { reason, code, resumeInMs }: PauseCause): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns
         SET state = 'paused', pause_reason = ${reason},
             error = jsonb_build_object('code', ${code}::text,
               'resumeAt', now() + ${resumeInMs}::float8 * interval '1 ms')
       WHERE id = ${campaignId}::uuid AND state IN ('launching', 'scheduled', 'running')`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  /** False where it was not paused. What was scheduled for later is scheduled again. */
  async resume(campaignId: string, senderId: string): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns
         SET state = CASE WHEN scheduled_at > now() AND started_at IS NULL THEN 'scheduled' ELSE 'running' END,
             sender_id = ${senderId}::uuid, pause_reason = NULL, error = NULL
       WHERE id = ${campaignId}::uuid AND state = 'paused'`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  async cancel(campaignId: string): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns SET state = 'cancelled', completed_at = now(), pause_reason = NULL
       WHERE id = ${campaignId}::uuid
         AND state IN ('draft', 'launching', 'scheduled', 'running', 'paused')`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  /** Recipients were put back: it runs again (or stays paused), with `batchCount` batches in all. */
  async reopen(campaignId: string, batchCount: number): Promise<void> {
    await sql`UPDATE campaigns
                 SET batch_count = ${batchCount}::int, completed_at = NULL,
                     state = CASE state WHEN 'paused' THEN state ELSE 'running' END
               WHERE id = ${campaignId}::uuid`.execute(db);
  },

  /** Ends a campaign whose recipients are all settled. True for the one caller that ended it. */
  async finishIfSettled(campaignId: string): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns AS campaign
         SET state = 'completed', completed_at = now(), pause_reason = NULL, error = NULL, totals = ${totalsOf(campaignId)}
       WHERE campaign.id = ${campaignId}::uuid AND campaign.state IN ('launching', 'scheduled', 'running', 'paused')
         AND campaign.frozen_at IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM deliveries
                          WHERE campaign_id = ${campaignId}::uuid AND state = ANY(${OPEN}::text[]))`.execute(
      db,
    );
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  async refreshTotals(campaignId: string): Promise<void> {
    await sql`UPDATE campaigns SET totals = ${totalsOf(campaignId)} WHERE id = ${campaignId}::uuid`.execute(
      db,
    );
  },

  async remove(campaignId: string): Promise<void> {
    await db.deleteFrom('campaigns').where('id', '=', campaignId).execute();
  },
});
export type CampaignRepository = ReturnType<typeof createCampaignRepository>;

const totalsOf = (campaignId: string) => sql`
  (SELECT coalesce(jsonb_object_agg(state, n), '{}')
     FROM (SELECT state, count(*) AS n FROM deliveries WHERE campaign_id = ${campaignId}::uuid GROUP BY state) AS counted)`;

const campaigns = (db: Executor) =>
  db
    .selectFrom('campaigns as campaign')
    .leftJoin('profiles as profile', 'profile.id', 'campaign.created_by')
    .leftJoin('senders as sender', 'sender.id', 'campaign.sender_id')
    .selectAll('campaign')
    .select([
      sql<string | null>`coalesce(profile.full_name, profile.email)`.as('created_by_name'),
      'sender.address as sender_address',
      'sender.rate_per_second as sender_rate',
      'sender.state as sender_state',
      'sender.paused_until as sender_paused_until',
    ]);

type Selected = Awaited<ReturnType<ReturnType<typeof campaigns>['executeTakeFirstOrThrow']>>;

const parse = (row: Selected): CampaignRow => ({
  id: row.id,
  organizationId: row.organization_id,
  name: row.name,
  channel: row.channel,
  state: row.state,
  problem: row.pause_reason,
  resumeAt: Problem.parse(row.error)?.resumeAt ?? null,
  priority: row.priority,
  message: Message.parse(row.message),
  audience: Audience.parse(row.audience),
  contentHash: row.content_hash,
  recipients: row.total_recipients,
  batchCount: row.batch_count,
  totals: Totals.parse(row.totals),
  jobId: row.job_id,
  createdBy: row.created_by,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  scheduledAt: row.scheduled_at,
  startedAt: row.started_at,
  finishedAt: row.completed_at,
  sender:
    row.sender_id === null || row.sender_address === null
      ? null
      : {
          id: row.sender_id,
          address: row.sender_address,
          ratePerSecond: row.sender_rate,
          paused: row.sender_state === 'paused',
          pausedUntil: row.sender_paused_until,
        },
});
