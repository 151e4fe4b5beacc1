import type { CampaignDetail, CampaignSummary, Delivery } from '@shared/contract/campaigns';
import { DELIVERY_STATES, isSettled, outcomeOfCounts } from '@shared/domain/delivery';
import { CampaignId, ContactId, DeliveryId, JobId } from '@shared/domain/ids';
import type { CampaignRow } from './repository';
import { explain } from './reasons';
import type { DeliveryRow, FailureGroup, StateCounts } from './reports/repository';

export const settledOf = (counts: StateCounts): number =>
  DELIVERY_STATES.filter(isSettled).reduce((sum, state) => sum + (counts[state] ?? 0), 0);

const totalOf = (counts: StateCounts): number =>
  DELIVERY_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);

/** `perSecond` is the measured rate, null where nobody has measured; `expectedPerSecond` the sender's limit. */
export function summaryOf(
  row: CampaignRow,
  counts: StateCounts,
  { perSecond, expectedPerSecond }: { readonly perSecond: number | null; readonly expectedPerSecond: number },
): CampaignSummary {
  const remaining = totalOf(counts) - settledOf(counts);
  const rate = perSecond !== null && perSecond > 0 ? perSecond : expectedPerSecond;
  return {
    id: CampaignId.parse(row.id),
    name: row.name,
    channel: row.channel,
    state: row.state,
    problem: row.problem,
    priority: row.priority,
    recipients: totalOf(counts),
    counts: allStates(counts),
    jobId: row.jobId === null ? null : JobId.parse(row.jobId),
    createdBy: row.createdByName ?? 'Unknown',
    createdAt: row.createdAt.toISOString(),
    scheduledAt: row.scheduledAt?.toISOString() ?? null,
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    perSecond: row.state === 'running' ? perSecond : null,
    etaSeconds: row.state === 'running' && remaining > 0 ? Math.ceil(remaining / rate) : null,
    outcome: row.state === 'completed' ? outcomeOfCounts(counts) : null,
  };
}

export function detailOf(
  row: CampaignRow,
  summary: CampaignSummary,
  failures: readonly FailureGroup[],
): CampaignDetail {
  return {
    ...summary,
    audience: row.audience,
    message: row.message,
    contentHash: row.contentHash,
    failures: failures.map(({ code, message, recipients }) => {
      const { reason, advice, retryable } = explain(row.channel, code, message);
      return { code, reason, advice, recipients, retryable };
    }),
  };
}

export function deliveryOf(row: CampaignRow, delivery: DeliveryRow): Delivery {
  const { errorCode, errorMessage } = delivery;
  return {
    id: DeliveryId.parse(delivery.id),
    contactId: delivery.contactId === null ? null : ContactId.parse(delivery.contactId),
    recipient: delivery.recipient,
    name: delivery.name,
    state: delivery.state,
    attempts: delivery.attempts,
    errorCode,
    reason: errorCode === null ? errorMessage : reasonOf(row, errorCode, errorMessage),
    providerMessageId: delivery.providerMessageId,
    nextAttemptAt: delivery.nextAttemptAt?.toISOString() ?? null,
    updatedAt: delivery.updatedAt.toISOString(),
  };
}

/** What is said of one recipient: the ledger's own words where they name more than the table does. */
const reasonOf = (row: CampaignRow, code: string, message: string | null): string =>
  code === 'missing_value' && message !== null ? message : explain(row.channel, code, message).reason;

const allStates = (counts: StateCounts): CampaignSummary['counts'] => ({
  pending: counts.pending ?? 0,
  leased: counts.leased ?? 0,
  sending: counts.sending ?? 0,
  accepted: counts.accepted ?? 0,
  sent: counts.sent ?? 0,
  delivered: counts.delivered ?? 0,
  read: counts.read ?? 0,
  failed: counts.failed ?? 0,
  retry_wait: counts.retry_wait ?? 0,
  unknown: counts.unknown ?? 0,
  skipped: counts.skipped ?? 0,
  cancelled: counts.cancelled ?? 0,
});
