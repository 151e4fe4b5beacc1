import {
  type Audience,
  type Canary,
  type CampaignDetail,
  type CampaignProof,
  type CampaignSummary,
  type Delivery,
  ProofDifference,
} from '@shared/contract/campaigns';
import { DELIVERY_STATES, isSettled, outcomeOfCounts } from '@shared/domain/delivery';
import { whatsappPolicy } from '@shared/domain/provider-policy';
import { CampaignId, ContactId, DeliveryId, JobId } from '@shared/domain/ids';
import { held } from './job-outcome';
import { CANARY_HELD, type CampaignRow } from './repository';
import { HASH_VERSION, type ProofParts, type StoredProof } from './proof/repository';
import type { HeldBack } from './portfolio/holding/repository';
import type { QuietOutlook } from './quiet/eta';
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
  {
    perSecond,
    expectedPerSecond,
    now,
  }: {
    readonly perSecond: number | null;
    readonly expectedPerSecond: number;
    /** ms since 1970. */
    readonly now: number;
  },
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
    etaSeconds:
      held(row, now) === null && row.state === 'running' && remaining > 0
        ? Math.ceil(remaining / rate)
        : null,
    outcome: row.state === 'completed' ? outcomeOfCounts(counts) : null,
  };
}

export function detailOf(
  row: CampaignRow,
  summary: CampaignSummary,
  {
    failures,
    audience,
    quiet,
    budget,
    lastRetryAt,
    perSecond,
    now,
  }: {
    readonly failures: readonly FailureGroup[];
    readonly audience: Audience;
    readonly quiet: QuietOutlook | null;
    readonly budget: HeldBack | null;
    readonly lastRetryAt: Date | null;
    /** What the sender does while somebody may be written to. */
    readonly perSecond: number;
    /** ms since 1970. */
    readonly now: number;
  },
): CampaignDetail {
  return {
    ...summary,
    etaSeconds: etaOf(summary, { quiet, budget, lastRetryAt }, { perSecond, now }),
    quiet: quiet && { waiting: quiet.waiting, until: quiet.until?.toISOString() ?? null },
    budget: budget && { ...budget, until: budget.until.toISOString() },
    keepsLimit: row.portfolioLimit !== null,
    isStopped: row.state === 'paused' && row.channel === 'whatsapp' && isForGood(Number(row.pauseCode)),
    timedOut: row.timedOut && { ...row.timedOut, at: row.timedOut.at.toISOString() },
    canary: canaryOf(row),
    stopAtFailureShare: row.stopAtFailureShare,
    audience,
    message: row.message,
    quietHours: row.quietHours,
    contentHash: row.contentHash,
    frozenAt: row.frozenAt?.toISOString() ?? null,
    failures: failures.map(({ code, message, recipients }) => {
      const { reason, advice, retryable } = explain(row.channel, code, message);
      return { code, reason, advice, recipients, retryable };
    }),
  };
}

function isForGood(code: number): boolean {
  const { action } = whatsappPolicy(code);
  return action.type === 'stop-campaign' && action.forGood === true;
}

/** Not before those have been sent to who are held back, nor before who is tried again. None while nobody is sent to. */
function etaOf(
  { etaSeconds }: CampaignSummary,
  {
    quiet,
    budget,
    lastRetryAt,
  }: {
    readonly quiet: QuietOutlook | null;
    readonly budget: HeldBack | null;
    readonly lastRetryAt: Date | null;
  },
  { perSecond, now }: { readonly perSecond: number; readonly now: number },
): number | null {
  const seconds = etaSeconds === null || quiet === null ? etaSeconds : quiet.etaSeconds;
  if (seconds === null) return null;
  const retried = lastRetryAt === null ? 0 : (lastRetryAt.getTime() - now) / 1_000;
  const freed = budget === null ? 0 : (budget.until.getTime() - now) / 1_000 + budget.waiting / perSecond;
  return Math.ceil(Math.max(seconds, retried, freed));
}

function canaryOf({ canary, pauseCode }: CampaignRow): Canary | null {
  if (canary === null) return null;
  const state = canary.released ? 'released' : pauseCode === CANARY_HELD ? 'held' : 'running';
  return { recipients: canary.recipients, state };
}

export const proofOf = (proof: StoredProof): CampaignProof => ({
  verified: proof.version === HASH_VERSION ? proof.contentHash === proof.computedHash : null,
  contentHash: proof.contentHash,
  computedHash: proof.computedHash,
  recipients: proof.computedParts.recipients,
  frozenRecipients: proof.parts?.recipients ?? null,
  differences: proof.parts === null ? null : differencesOf(proof.parts, proof.computedParts),
  frozenAt: proof.frozenAt?.toISOString() ?? null,
});

/** Who came or went changes people and values too: then only the number is said. */
const differencesOf = (stored: ProofParts, now: ProofParts): ProofDifference[] =>
  ProofDifference.options.filter(
    (part) =>
      stored[part] !== now[part] &&
      (stored.recipients === now.recipients || (part !== 'people' && part !== 'values')),
  );

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
  (code === 'missing_value' || code === 'bad_parameter') && message !== null
    ? message
    : explain(row.channel, code, message).reason;

const allStates = (counts: StateCounts): CampaignSummary['counts'] => ({
  pending: counts.pending ?? 0,
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
