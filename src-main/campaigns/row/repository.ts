import { sql } from 'kysely';
import { z } from 'zod';
import { Message, type CampaignState } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryState } from '@shared/domain/delivery';
import { QuietHours } from '@shared/domain/quiet-hours';
import type { Executor } from '../../database/database';

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
  readonly quietHours: QuietHours | null;
  readonly contentHash: string | null;
  readonly frozenAt: Date | null;
  readonly recipients: number;
  readonly batchCount: number;
  readonly totals: Readonly<Partial<Record<DeliveryState, number>>>;
  /** A delivery report came after the end: `totals` are no longer those of the ledger. */
  readonly totalsStale: boolean;
  readonly jobId: string | null;
  readonly createdBy: string | null;
  readonly createdByName: string | null;
  readonly createdAt: Date;
  readonly scheduledAt: Date | null;
  readonly startedAt: Date | null;
  /** When an operator last let it go on after a pause. */
  readonly resumedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly sender: CampaignSender | null;
  /** Who goes first; null where everybody does. */
  readonly canary: {
    readonly recipients: number;
    readonly batches: number;
    readonly released: boolean;
  } | null;
  /** Null: failures never stop it. */
  readonly stopAtFailureShare: number | null;
  /** WhatsApp's limit of people within 24 hours that it keeps to; null: to none. */
  readonly portfolioLimit: number | null;
  /** Why it is paused, as a code; null where it is not, or an operator paused it. */
  readonly pauseCode: string | null;
  /** Runs of its jobs that their time limit ended, and the last of them; null where there was none. */
  readonly timedOut: { readonly runs: number; readonly at: Date; readonly afterMs: number } | null;
}

export interface CampaignSender {
  readonly id: string;
  readonly address: string;
  /** Messages per second: its own limit, or its channel's; null where neither is known yet. */
  readonly ratePerSecond: number | null;
  readonly paused: boolean;
  readonly pausedUntil: Date | null;
}

const Problem = z.object({ code: z.string().nullish(), resumeAt: z.coerce.date().nullable() }).nullable();
const Totals = z.record(z.string(), z.number());

/** All but the audience: it may name 100,000 contacts, and whoever sends asks for the campaign again and again. */
const COLUMNS = [
  'campaign.id',
  'campaign.organization_id',
  'campaign.name',
  'campaign.channel',
  'campaign.state',
  'campaign.pause_reason',
  'campaign.error',
  'campaign.priority',
  'campaign.message',
  'campaign.quiet_hours',
  'campaign.content_hash',
  'campaign.frozen_at',
  'campaign.total_recipients',
  'campaign.batch_count',
  'campaign.totals',
  'campaign.totals_stale',
  'campaign.job_id',
  'campaign.created_by',
  'campaign.created_at',
  'campaign.scheduled_at',
  'campaign.started_at',
  'campaign.resumed_at',
  'campaign.completed_at',
  'campaign.stop_at_failure_share',
  'campaign.portfolio_limit',
  'campaign.canary_batches',
  'campaign.canary_recipients',
  'campaign.canary_released_at',
  'campaign.sender_id',
  'campaign.timed_out_runs',
  'campaign.timed_out_at',
  'campaign.timed_out_after_ms',
] as const;

/** Campaigns with who launched them and who sends them; read each with `parse`. */
export const campaigns = (db: Executor) =>
  db
    .selectFrom('campaigns as campaign')
    .leftJoin('profiles as profile', 'profile.id', 'campaign.created_by')
    .leftJoin('senders as sender', 'sender.id', 'campaign.sender_id')
    .select(COLUMNS)
    .select([
      sql<string | null>`coalesce(profile.full_name, profile.email)`.as('created_by_name'),
      'sender.address as sender_address',
      sql<number | null>`coalesce(sender.rate_per_second, sender.default_per_second)`.as('sender_rate'),
      'sender.state as sender_state',
      'sender.paused_until as sender_paused_until',
    ]);

type Selected = Awaited<ReturnType<ReturnType<typeof campaigns>['executeTakeFirstOrThrow']>>;

export const parse = (row: Selected): CampaignRow => ({
  id: row.id,
  organizationId: row.organization_id,
  name: row.name,
  channel: row.channel,
  state: row.state,
  problem: row.pause_reason,
  resumeAt: Problem.parse(row.error)?.resumeAt ?? null,
  pauseCode: row.state === 'paused' ? (Problem.parse(row.error)?.code ?? null) : null,
  priority: row.priority,
  message: Message.parse(row.message),
  quietHours: QuietHours.nullable().parse(row.quiet_hours),
  contentHash: row.content_hash,
  frozenAt: row.frozen_at,
  recipients: row.total_recipients,
  batchCount: row.batch_count,
  totals: Totals.parse(row.totals),
  totalsStale: row.totals_stale,
  jobId: row.job_id,
  createdBy: row.created_by,
  createdByName: row.created_by_name,
  createdAt: row.created_at,
  scheduledAt: row.scheduled_at,
  startedAt: row.started_at,
  resumedAt: row.resumed_at,
  finishedAt: row.completed_at,
  stopAtFailureShare: row.stop_at_failure_share,
  portfolioLimit: row.portfolio_limit,
  timedOut:
    row.timed_out_at === null || row.timed_out_after_ms === null
      ? null
      : { runs: row.timed_out_runs, at: row.timed_out_at, afterMs: row.timed_out_after_ms },
  canary:
    row.canary_batches === null || row.canary_recipients === null
      ? null
      : {
          recipients: row.canary_recipients,
          batches: row.canary_batches,
          released: row.canary_released_at !== null,
        },
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
