import { sql } from 'kysely';
import { Audience, type Message } from '@shared/contract/campaigns';
import type { QuietHours } from '@shared/domain/quiet-hours';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryState } from '@shared/domain/delivery';
import type { Executor } from '../database/database';
import { campaigns, parse, type CampaignRow } from './row/repository';

export type { CampaignRow };

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
  readonly stopAtFailureShare: number | null;
  /** Left out: the database makes one. */
  readonly id?: string;
  /** A test is not listed. Left out: `send`. */
  readonly purpose?: 'send' | 'test';
  readonly quietHours?: QuietHours | null;
  /** People within 24 hours whom it keeps to while it is sent; null or left out: it is sent whatever the limit. */
  readonly portfolioLimit?: number | null;
}

export interface FrozenCampaign {
  readonly recipients: number;
  readonly batchCount: number;
  readonly canary: { readonly recipients: number; readonly batches: number } | null;
}

export interface PauseCause {
  readonly reason: string;
  readonly code: string | null;
  readonly resumeInMs: number | null;
}

/** The code of the pause between a canary and the rest. */
export const CANARY_HELD = 'canary';

const OVERDUE = { code: 'overdue', resumeAt: null } as const;
const OVERDUE_REASON =
  'Its start time passed while nothing was running. Resume it to send now, or cancel it.';
/** States in which something is still to be done. */
const OPEN: readonly DeliveryState[] = ['pending', 'sending', 'retry_wait'];

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

  /** Who it was launched to, as it was chosen. */
  async audienceOf(campaignId: string): Promise<Audience> {
    const { audience } = await db
      .selectFrom('campaigns')
      .select('audience')
      .where('id', '=', campaignId)
      .executeTakeFirstOrThrow();
    return Audience.parse(audience);
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
    let query = campaigns(db)
      .where('campaign.organization_id', '=', organizationId)
      .where('campaign.purpose', '=', 'send');
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

  /**
   * Campaigns that should have jobs, of all organizations: what a restart has to look at. A pause that has ended by
   * itself is noticed by a job, which may be lost by then.
   */
  async unfinished(): Promise<CampaignRow[]> {
    const rows = await campaigns(db)
      .where(
        sql<boolean>`campaign.state IN ('scheduled', 'launching', 'running')
          OR (campaign.state = 'paused' AND (campaign.error ->> 'resumeAt')::timestamptz <= now())`,
      )
      .execute();
    return rows.map(parse);
  },

  async insert(campaign: NewCampaign): Promise<string> {
    const row = await db
      .insertInto('campaigns')
      .values({
        ...(campaign.id === undefined ? {} : { id: campaign.id }),
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
        stop_at_failure_share: campaign.stopAtFailureShare,
        purpose: campaign.purpose ?? 'send',
        quiet_hours: quietText(campaign.quietHours ?? null),
        portfolio_limit: campaign.portfolioLimit ?? null,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  },

  async freeze(campaignId: string, frozen: FrozenCampaign): Promise<void> {
    await db
      .updateTable('campaigns')
      .set({
        frozen_at: sql<Date>`now()`,
        total_recipients: frozen.recipients,
        batch_count: frozen.batchCount,
        canary_recipients: frozen.canary?.recipients ?? null,
        canary_batches: frozen.canary?.batches ?? null,
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

  /**
   * Somebody is there, and what is due waits for its turn in the queue: it is not overdue. Where nobody was there for
   * longer than `graceMs` it is too late to say so.
   */
  async noteDue(graceMs: number): Promise<void> {
    await sql`
      UPDATE campaigns SET due_seen_at = now()
       WHERE state IN ('launching', 'scheduled') AND started_at IS NULL AND scheduled_at <= now()
         AND greatest(scheduled_at, due_seen_at) >= now() - ${graceMs}::float8 * interval '1 ms'`.execute(db);
  },

  /**
   * Holds a campaign that is due, has not begun, and that nobody was there for in the last `graceMs`: whether it is
   * still to be sent, somebody has to say. True for the one caller that held it.
   */
  async holdOverdue(campaignId: string, graceMs: number): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns
         SET state = 'paused', pause_reason = ${OVERDUE_REASON}, error = ${JSON.stringify(OVERDUE)}::jsonb
       WHERE id = ${campaignId}::uuid AND state IN ('launching', 'scheduled') AND started_at IS NULL
         AND greatest(scheduled_at, due_seen_at) < now() - ${graceMs}::float8 * interval '1 ms'`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  /** Campaigns that `holdOverdue` holds, the longest overdue first. */
  async overdue(organizationId: string): Promise<CampaignRow[]> {
    const rows = await campaigns(db)
      .where('campaign.organization_id', '=', organizationId)
      .where('campaign.state', '=', 'paused')
      .where(sql<boolean>`campaign.error ->> 'code' = ${OVERDUE.code}`)
      .orderBy('campaign.scheduled_at')
      .execute();
    return rows.map(parse);
  },

  /** A worker has come to it: it runs from now on, also where a pause has ended by itself. */
  async begin(campaignId: string): Promise<void> {
    await sql`UPDATE campaigns
                 SET state = 'running', started_at = coalesce(started_at, now()), pause_reason = NULL, error = NULL
               WHERE id = ${campaignId}::uuid
                 AND (state IN ('launching', 'scheduled')
                      OR (state = 'paused' AND (error ->> 'resumeAt')::timestamptz <= now()))`.execute(db);
  },

  /** A run of one of its jobs has ended at its time limit; the job goes on in another one. */
  async noteTimedOut(campaignId: string, afterMs: number): Promise<void> {
    await sql`UPDATE campaigns
                 SET timed_out_runs = timed_out_runs + 1, timed_out_at = now(), timed_out_after_ms = ${afterMs}::int
               WHERE id = ${campaignId}::uuid`.execute(db);
  },

  /** False where it was not under way. */
  async pause(campaignId: string, { reason, code, resumeInMs }: PauseCause): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns
         SET state = 'paused', pause_reason = ${reason}, ${LOOK_AGAIN},
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
             canary_released_at = CASE WHEN error ->> 'code' = ${CANARY_HELD} THEN now() ELSE canary_released_at END,
             started_at = CASE WHEN scheduled_at > now() AND started_at IS NULL THEN NULL
                               ELSE coalesce(started_at, now()) END,
             sender_id = ${senderId}::uuid, resumed_at = now(), pause_reason = NULL, error = NULL
       WHERE id = ${campaignId}::uuid AND state = 'paused'`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  /** Holds a campaign whose canary is settled and not released yet. True for the one caller that held it. */
  async holdAfterCanary(campaignId: string): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns AS campaign
         SET state = 'paused', ${LOOK_AGAIN},
             error = jsonb_build_object('code', ${CANARY_HELD}::text, 'resumeAt', NULL),
             pause_reason = (
               SELECT 'The first ' || campaign.canary_recipients || ' have gone: '
                      || count(*) FILTER (WHERE state IN ('accepted', 'sent', 'delivered', 'read')) || ' accepted, '
                      || count(*) FILTER (WHERE state = 'failed') || ' failed, '
                      || count(*) FILTER (WHERE state = 'unknown') || ' unknown. '
                      || 'Look at them, then send the rest or cancel.'
                 FROM deliveries WHERE campaign_id = ${campaignId}::uuid AND ${inCanary})
       WHERE campaign.id = ${campaignId}::uuid AND campaign.state IN ('launching', 'running')
         AND campaign.canary_batches IS NOT NULL AND campaign.canary_released_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM deliveries
                          WHERE campaign_id = ${campaignId}::uuid AND state = ANY(${OPEN}::text[]) AND ${inCanary})`.execute(
      db,
    );
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  async cancel(campaignId: string): Promise<boolean> {
    const result = await sql`
      UPDATE campaigns SET state = 'cancelled', completed_at = now(), pause_reason = NULL
       WHERE id = ${campaignId}::uuid
         AND state IN ('draft', 'launching', 'scheduled', 'running', 'paused')`.execute(db);
    return (result.numAffectedRows ?? 0n) > 0n;
  },

  /** Its batches so far; nobody else adds any until the transaction ends. */
  async lockBatchCount(campaignId: string): Promise<number> {
    const row = await db
      .selectFrom('campaigns')
      .select('batch_count')
      .where('id', '=', campaignId)
      .forUpdate()
      .executeTakeFirstOrThrow();
    return row.batch_count;
  },

  /** Recipients were put back: it runs again (or stays paused), with `batchCount` batches in all. */
  async reopen(campaignId: string, batchCount: number): Promise<void> {
    await sql`UPDATE campaigns
                 SET batch_count = ${batchCount}::int, completed_at = NULL, ${LOOK_AGAIN},
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

  /**
   * Stores what the ledger says. The mark goes first, in a statement of its own: a report that is committed
   * while the ledger is counted sets it again.
   */
  async refreshTotals(campaignId: string): Promise<void> {
    await db.updateTable('campaigns').set({ totals_stale: false }).where('id', '=', campaignId).execute();
    await sql`UPDATE campaigns SET totals = ${totalsOf(campaignId)} WHERE id = ${campaignId}::uuid`.execute(
      db,
    );
  },

  /** Campaigns that have ended and whose stored totals a delivery report has overtaken. */
  async withStaleTotals(): Promise<string[]> {
    const rows = await db
      .selectFrom('campaigns')
      .select('id')
      .where('totals_stale', '=', true)
      .where('state', 'in', ['completed', 'cancelled'])
      .execute();
    return rows.map(({ id }) => id);
  },

  async remove(campaignId: string): Promise<void> {
    await db.deleteFrom('campaigns').where('id', '=', campaignId).execute();
  },
});
export type CampaignRepository = ReturnType<typeof createCampaignRepository>;

/** WhatsApp's limit has to be looked at before it goes on; a look that is under way is given up. */
const LOOK_AGAIN = sql`limit_looked_at = NULL, limit_look_owner = NULL, limit_look_until = NULL`;

const inCanary = sql`batch_no BETWEEN 0 AND campaign.canary_batches - 1`;

const totalsOf = (campaignId: string) => sql`
  (SELECT coalesce(jsonb_object_agg(state, n), '{}')
     FROM (SELECT state, count(*) AS n FROM deliveries WHERE campaign_id = ${campaignId}::uuid GROUP BY state) AS counted)`;

const quietText = (quiet: QuietHours | null): string | null =>
  quiet === null ? null : JSON.stringify(quiet);
