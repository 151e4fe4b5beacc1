import { z } from 'zod';

/** States of one recipient in a campaign's ledger. */
export const deliveryStateSchema = z.enum([
  'pending',
  'sending',
  'accepted',
  'sent',
  'delivered',
  'read',
  'failed',
  'retry_wait',
  'unknown',
  'skipped',
  'cancelled',
]);
export type DeliveryState = z.infer<typeof deliveryStateSchema>;
export const DELIVERY_STATES: readonly DeliveryState[] = deliveryStateSchema.options;

/** Statuses that the provider reports afterwards, through webhooks. */
export const webhookStatusSchema = z.enum(['sent', 'delivered', 'read', 'failed']);
export type WebhookStatus = z.infer<typeof webhookStatusSchema>;

/**
 * What a worker or an operator may do. Webhooks have their own rule, `stateAfterReports`.
 *
 * There is no way back from `sending` to `pending`: once a request may have left, only its outcome, or
 * `unknown`, may follow. `unknown` leaves only by an operator's word (it arrived: accepted; it did not:
 * failed) or by a webhook.
 */
const TRANSITIONS: Readonly<Record<DeliveryState, readonly DeliveryState[]>> = {
  pending: ['sending', 'skipped', 'cancelled'],
  sending: ['accepted', 'failed', 'retry_wait', 'unknown'],
  accepted: [],
  sent: [],
  delivered: [],
  read: [],
  failed: ['pending'],
  retry_wait: ['sending', 'pending', 'failed', 'cancelled'],
  unknown: ['accepted', 'failed'],
  skipped: ['pending'],
  cancelled: [],
};

export function canTransition(from: DeliveryState, to: DeliveryState): boolean {
  return TRANSITIONS[from].includes(to);
}

/** States from which a worker or operator may move a delivery to `to`: the WHERE of every ledger update. */
export function statesBefore(to: DeliveryState): DeliveryState[] {
  return DELIVERY_STATES.filter((from) => canTransition(from, to));
}

const EVIDENCE_RANK: Readonly<Partial<Record<DeliveryState, number>>> = { sent: 1, delivered: 2, read: 3 };
const REFUSABLE: ReadonlySet<DeliveryState> = new Set(['sending', 'accepted', 'sent', 'unknown']);

/** What the provider has said of one message so far, duplicates and all, in the order it came. */
export interface MessageReports {
  readonly statuses: readonly WebhookStatus[];
  /** Whether it is the message of the present attempt; a failure of an earlier one fails nothing any more. */
  readonly current: boolean;
}

/**
 * The state after everything that webhooks have said, in whatever order and however often. Never downgrades:
 * sent, delivered and read are evidence that a message left, so they win over every lesser state (also over
 * an operator's `failed`, `unknown` and a planned retry, which would send a second time). A failure takes back
 * the "sent" of its own message, not its "delivered", and only ends what was still under way.
 */
export function stateAfterReports(
  current: DeliveryState,
  messages: readonly MessageReports[],
): DeliveryState {
  const evidence = Math.max(0, ...messages.map(({ statuses }) => evidenceOf(statuses)));
  if (evidence > (EVIDENCE_RANK[current] ?? 0)) return EVIDENCE[evidence - 1] ?? current;
  const failed = messages.some(({ statuses, current: own }) => own && statuses.includes('failed'));
  return evidence === 0 && failed && REFUSABLE.has(current) ? 'failed' : current;
}

const EVIDENCE = ['sent', 'delivered', 'read'] as const;

function evidenceOf(statuses: readonly WebhookStatus[]): number {
  const rank = Math.max(0, ...statuses.map((status) => EVIDENCE_RANK[status] ?? 0));
  return rank < 2 && statuses.includes('failed') ? 0 : rank;
}

/** The provider has, or had, the message. */
export function isSuccessful(state: DeliveryState): boolean {
  return state === 'accepted' || state === 'sent' || state === 'delivered' || state === 'read';
}

/** Nothing more will be done by itself: sent in some form, or given up for a stated reason. */
export function isFinal(state: DeliveryState): boolean {
  return isSuccessful(state) || state === 'failed' || state === 'skipped' || state === 'cancelled';
}

/** Final, or `unknown`, which waits for an operator or a webhook. A campaign ends when all are settled. */
export function isSettled(state: DeliveryState): boolean {
  return isFinal(state) || state === 'unknown';
}

/** "Retry the failed" takes these. `unknown` is never among them: it must be resolved first. */
export function isRetryable(state: DeliveryState): boolean {
  return state === 'failed';
}

export const FINAL_STATES: readonly DeliveryState[] = DELIVERY_STATES.filter(isFinal);
export const SETTLED_STATES: readonly DeliveryState[] = DELIVERY_STATES.filter(isSettled);
export const SUCCESSFUL_STATES: readonly DeliveryState[] = DELIVERY_STATES.filter(isSuccessful);

/** The guide's results of a job or campaign. */
export const campaignOutcomeSchema = z.enum(['success', 'partial_success', 'partial_failure', 'failed']);
export type CampaignOutcome = z.infer<typeof campaignOutcomeSchema>;

export interface OutcomeCounts {
  readonly succeeded: number;
  readonly failed: number;
  /** Neither success nor failure until resolved: counts as not succeeded. */
  readonly unknown?: number;
}

/**
 * `success` where nothing failed (also where there was nothing to do), `failed` where all failed,
 * `partial_success` from one half succeeded upwards, else `partial_failure`. Skipped and cancelled
 * recipients were never attempted and do not count.
 */
export function campaignOutcome({ succeeded, failed, unknown = 0 }: OutcomeCounts): CampaignOutcome {
  const notSucceeded = failed + unknown;
  if (notSucceeded === 0) return 'success';
  if (succeeded === 0) return unknown === 0 ? 'failed' : 'partial_failure';
  return succeeded >= notSucceeded ? 'partial_success' : 'partial_failure';
}

export type DeliveryCounts = Readonly<Partial<Record<DeliveryState, number>>>;

/** The same, from a count by delivery state. */
export function outcomeOfCounts(counts: DeliveryCounts): CampaignOutcome {
  const succeeded = SUCCESSFUL_STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  return campaignOutcome({ succeeded, failed: counts.failed ?? 0, unknown: counts.unknown ?? 0 });
}
