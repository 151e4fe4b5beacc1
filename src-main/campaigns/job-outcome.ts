import {
  DELIVERY_STATES,
  isSettled,
  isSuccessful,
  outcomeOfCounts,
  type DeliveryState,
} from '@shared/domain/delivery';
import type { RunOutcome } from '../engine/processor';
import type { CampaignRow } from './repository';
import type { BatchState, FailedItem } from './ledger/repository';
import { explain } from './reasons';

/** A paused campaign's job looks again after this time; a resume fetches it at once. */
const PAUSED_CHECK_MS = 5 * 60_000;
/** Recipients named in a job's error details; all of them are in the ledger. */
export const MAX_FAILED_ITEMS = 100;

/** The guide's result of a job, with what the ledger knows besides. */
export interface JobResult {
  readonly campaignId: string;
  readonly batchNo: number | null;
  readonly total: number;
  readonly successCount: number;
  readonly failureCount: number;
  readonly unknownCount: number;
  readonly skippedCount: number;
  readonly cancelledCount: number;
  /** Ms at work over all runs of the job; of the campaign's own job (`batchNo` null): since the campaign's start. */
  readonly duration: number;
}

export function jobResult(
  scope: { readonly campaignId: string; readonly batchNo: number | null },
  { counts, total }: BatchState,
  duration: number,
): JobResult {
  return {
    ...scope,
    total,
    successCount: sumOf(counts, isSuccessful),
    failureCount: counts.failed ?? 0,
    unknownCount: counts.unknown ?? 0,
    skippedCount: counts.skipped ?? 0,
    cancelledCount: counts.cancelled ?? 0,
    duration,
  };
}

/** How a job ends whose recipients are all settled. */
export function endedOutcome(
  campaign: CampaignRow,
  state: BatchState,
  result: JobResult,
  failedItems: readonly FailedItem[],
): RunOutcome {
  const errorDetails = failedItems.length === 0 ? undefined : errorDetailsOf(campaign, result, failedItems);
  const details = errorDetails === undefined ? {} : { errorDetails };
  const outcome = outcomeOfCounts(state.counts);
  if (outcome === 'failed') {
    return {
      type: 'failed',
      retry: false,
      error: {
        code: 'provider_rejected',
        message: nobodyReached(result.failureCount),
        action: 'Look at the campaign’s failures by reason.',
      },
      result,
      ...details,
    };
  }
  return { type: 'done', status: outcome === 'success' ? 'completed' : outcome, result, ...details };
}

function errorDetailsOf(campaign: CampaignRow, result: JobResult, items: readonly FailedItem[]): unknown {
  const failed = result.failureCount + result.unknownCount + result.skippedCount;
  return {
    failedItems: items.map(({ recipient, contactId, state, code, message }) => ({
      item: recipient,
      contactId,
      state,
      code,
      error: code === null ? message : explain(campaign.channel, code, message).reason,
    })),
    notListed: Math.max(0, failed - items.length),
  };
}

/** Why a campaign's job may not go on now, and when it looks again; null where it may. */
export function held(campaign: CampaignRow, now: number): Extract<RunOutcome, { type: 'later' }> | null {
  const { sender } = campaign;
  if (campaign.state === 'paused') {
    const at = campaign.resumeAt ?? new Date(now + PAUSED_CHECK_MS);
    return {
      type: 'later',
      at: notBefore(at, now),
      why: `The campaign is paused. ${campaign.problem ?? ''}`.trim(),
    };
  }
  if (sender?.paused === true && (sender.pausedUntil === null || sender.pausedUntil.getTime() > now)) {
    const at = sender.pausedUntil ?? new Date(now + PAUSED_CHECK_MS);
    return { type: 'later', at: notBefore(at, now), why: 'The sender is paused.' };
  }
  return null;
}

/** Never at once: a clock that is a little off must not make a job spin. */
export const notBefore = (at: Date, now: number): Date => new Date(Math.max(at.getTime(), now + 250));

export const openCount = ({ counts }: BatchState): number => sumOf(counts, (state) => !isSettled(state));

function sumOf(counts: BatchState['counts'], which: (state: DeliveryState) => boolean): number {
  return DELIVERY_STATES.filter(which).reduce((sum, state) => sum + (counts[state] ?? 0), 0);
}

const nobodyReached = (recipients: number): string =>
  recipients === 1
    ? 'The one recipient could not be sent to.'
    : `None of the ${recipients} recipients could be sent to.`;
