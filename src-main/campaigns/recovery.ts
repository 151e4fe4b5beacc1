import type { JobId } from '@shared/domain/ids';
import type { Database } from '../database/database';
import type { JobParent } from '../engine/engine';
import type { Batch, CampaignJobs } from './jobs';
import { createLedgerRepository } from './ledger/repository';
import { createLimitKeeper } from './portfolio/keeper';
import { createReportRepository } from './reports/repository';
import { OVERDUE_GRACE_MS } from '@shared/domain/schedule';
import { createCampaignRepository, type CampaignRow } from './repository';

/** A launch under way in some process is not mistaken for one that a crash has left behind. */
const LAUNCH_GRACE_MS = 15_000;

export interface CampaignRecovery {
  /** Queues what stood behind a canary. Safe to repeat. */
  release(campaignId: string): Promise<void>;
  /** Queues a frozen campaign's batches; `parent` waits for their end. Safe to repeat. */
  enqueue(campaignId: string, batches: readonly Batch[], parent?: JobParent): Promise<void>;
  /** A job for whatever is open; with `retry` the jobs that gave up get another try. Answers those that gave up. */
  ensureJobs(row: CampaignRow, retry: boolean): Promise<JobId[]>;
  /**
   * Brings queue and ledger together again after a crash or a lost queue: call at the start and every
   * minute. Safe at any time and from any number of processes.
   */
  recover(): Promise<void>;
  /** A process that works is there: what is due and only waits for its turn is not overdue. Call it every minute. */
  noteDue(): Promise<void>;
}

/** WhatsApp's limit as this console's settings had it before the database did: it counts until somebody sets one. */
export interface FormerLimit {
  readonly organizationId: string;
  readonly people: () => number | null;
}

export interface RecoveryOptions {
  /** ms since 1970. */
  readonly now?: (() => number) | undefined;
  readonly formerLimit?: FormerLimit | undefined;
}

/** The ledger is the truth; this makes the queue follow it. */
export function createCampaignRecovery(
  database: Database,
  jobs: CampaignJobs,
  { now = Date.now, formerLimit }: RecoveryOptions = {},
): CampaignRecovery {
  const limitKeeper = createLimitKeeper(database);
  const campaigns = createCampaignRepository(database);
  const reports = createReportRepository(database);
  const ledger = createLedgerRepository(database);

  const delayOf = (row: CampaignRow): number =>
    row.startedAt === null && row.scheduledAt !== null ? Math.max(0, row.scheduledAt.getTime() - now()) : 0;

  const ensureJobs = async (row: CampaignRow, retry: boolean): Promise<JobId[]> => {
    const gaveUp = await jobs.repair(row, await reports.openBatches(row.id), delayOf(row));
    if (retry) await jobs.retry(row, gaveUp);
    return gaveUp;
  };

  const enqueue = async (
    campaignId: string,
    batches: readonly Batch[],
    parent?: JobParent,
  ): Promise<void> => {
    const row = await campaigns.find(campaignId);
    if (row === null || batches.length === 0) return;
    await campaigns.queued(campaignId, await jobs.enqueue(row, batches, delayOf(row), parent));
  };

  const recoverOne = async (row: CampaignRow): Promise<void> => {
    if (row.state === 'launching' && now() - row.createdAt.getTime() < LAUNCH_GRACE_MS) return;
    if (await campaigns.holdOverdue(row.id, OVERDUE_GRACE_MS)) return;
    await ledger.sweep(row.id);
    if ((await campaigns.finishIfSettled(row.id)) || (await campaigns.holdAfterCanary(row.id))) return;
    if (row.jobId === null) return enqueue(row.id, await reports.openBatches(row.id));
    const gaveUp = await ensureJobs(row, false);
    if (gaveUp.length === 0) return;
    const reason = `Job ${gaveUp.join(', ')} has failed for good. Look at it, then resume the campaign.`;
    await campaigns.pause(row.id, { reason, code: 'job_failed', resumeInMs: null });
  };

  const takeLimitOver = async (): Promise<void> => {
    const people = formerLimit?.people() ?? null;
    if (formerLimit !== undefined && people !== null)
      await limitKeeper.takeOver(formerLimit.organizationId, people);
  };

  return {
    enqueue,
    release: async (campaignId) => enqueue(campaignId, await reports.openBatches(campaignId)),
    ensureJobs,
    async recover() {
      await takeLimitOver();
      await limitKeeper.followAll();
      for (const row of await campaigns.unfinished()) await recoverOne(row);
      await campaigns.noteDue(OVERDUE_GRACE_MS);
      for (const id of await campaigns.withStaleTotals()) await campaigns.refreshTotals(id);
    },
    noteDue: () => campaigns.noteDue(OVERDUE_GRACE_MS),
  };
}
