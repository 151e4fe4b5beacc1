import { isSettled, isSuccessful, type DeliveryState } from '../../src-shared/domain/delivery';
import { resendPolicy, whatsappPolicy, type ProviderPolicy } from '../../src-shared/domain/provider-policy';
import { isTaken, type LoggedRequest } from './provider-log';

/** A row of the ledger as the console shows it. */
export interface LedgerRow {
  readonly id: string;
  readonly recipient: string;
  readonly state: DeliveryState;
}

/** A job's row in `job_logs`, as far as its result is the guide's. */
export interface JobResultRow {
  readonly jobId: string;
  readonly status: string;
  readonly total: number;
  readonly sum: number;
}

export interface CampaignEvidence {
  readonly channel: 'whatsapp' | 'email';
  readonly state: string;
  readonly recipients: number;
  readonly ledger: readonly LedgerRow[];
  /** The campaign page's counts. */
  readonly counts: Readonly<Record<string, number>>;
  /** The list's counts: the stored totals. */
  readonly totals: Readonly<Record<string, number>>;
  /** The results of the jobs of its batches. */
  readonly jobs: readonly JobResultRow[];
  readonly requests: readonly LoggedRequest[];
}

/** What must not be, in words that name the recipient; empty where all is well. */
export function violationsOf(evidence: CampaignEvidence): string[] {
  return [
    ...repeated(evidence),
    ...(evidence.channel === 'email' ? emailsTwice(evidence.requests) : []),
    ...ledgerAgainstProvider(evidence),
    ...totals(evidence),
  ];
}

/** A message is asked for again only after a refusal that the policy retries; an email also with its own key. */
function repeated({ channel, requests }: CampaignEvidence): string[] {
  const found: string[] = [];
  const last = new Map<string, LoggedRequest>();
  for (const request of requests) {
    for (const { deliveryId, to } of request.items) {
      const before = last.get(deliveryId);
      last.set(deliveryId, request);
      if (before === undefined || mayFollow(before, request)) continue;
      found.push(`${channel} ${to}: asked for again after “${before.verdict}” ${before.code ?? ''}`);
    }
  }
  return found;
}

function mayFollow(before: LoggedRequest, request: LoggedRequest): boolean {
  const sameRequest = before.key !== null && before.key === request.key;
  if (sameRequest && before.payloadHash === request.payloadHash) return true;
  return before.verdict === 'refused' && isRetried(policyOf(before));
}

const policyOf = ({ channel, code }: LoggedRequest): ProviderPolicy =>
  channel === 'whatsapp' ? whatsappPolicy(Number(code)) : resendPolicy(code ?? '');

const isRetried = ({ action }: ProviderPolicy): boolean =>
  ['retry', 'retry-same-key', 'slow-down', 'delay-pair', 'wait'].includes(action.type);

/** One key has one payload, and no address gets two emails that Resend took for different ones. */
function emailsTwice(requests: readonly LoggedRequest[]): string[] {
  const found: string[] = [];
  const payloads = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const request of requests) {
    const { key, payloadHash, items } = request;
    if (key === null || key === '') {
      found.push('an email request without a key');
      continue;
    }
    if ((payloads.get(key) ?? payloadHash) !== payloadHash) found.push(`key ${key}: two payloads`);
    payloads.set(key, payloadHash);
    if (!isTaken(request) || request.repeated) continue;
    for (const { to, messageId } of items) {
      if ((taken.get(to) ?? messageId) !== messageId) found.push(`${to}: two different emails were taken`);
      taken.set(to, messageId);
    }
  }
  return found;
}

/** Deliveries that a request was made for. */
export const askedFor = (requests: readonly LoggedRequest[]): ReadonlySet<string> =>
  new Set(requests.flatMap(({ items }) => items.map(({ deliveryId }) => deliveryId)));

function ledgerAgainstProvider({ channel, state, recipients, ledger, requests }: CampaignEvidence): string[] {
  const found: string[] = [];
  const asked = askedFor(requests);
  const taken = askedFor(requests.filter(isTaken));
  if (state !== 'completed') found.push(`${channel}: the campaign is ${state}`);
  if (ledger.length !== recipients) found.push(`${channel}: ${recipients} recipients, ${ledger.length} rows`);
  for (const { id, recipient, state: now } of ledger) {
    const said = `${channel} ${recipient}: ${now}`;
    if (!isSettled(now)) found.push(`${said}, which is neither final nor unknown`);
    else if (taken.has(id) && !isSuccessful(now) && now !== 'unknown')
      found.push(`${said}, but it was accepted`);
    else if (!taken.has(id) && isSuccessful(now)) found.push(`${said}, but it was never accepted`);
    else if (!asked.has(id) && now !== 'unknown') found.push(`${said}, but it was never asked for`);
  }
  const known = new Set(ledger.map(({ id }) => id));
  for (const id of taken) if (!known.has(id)) found.push(`${channel} ${id}: sent, but in no ledger`);
  return found;
}

function totals({ channel, recipients, ledger, counts, totals: stored, jobs }: CampaignEvidence): string[] {
  const found: string[] = [];
  const counted: Record<string, number> = {};
  for (const { state } of ledger) counted[state] = (counted[state] ?? 0) + 1;
  for (const [name, figures] of [
    ['page', counts],
    ['list', stored],
  ] as const) {
    for (const state of new Set([...Object.keys(counted), ...Object.keys(figures)])) {
      const [is, shown] = [counted[state] ?? 0, figures[state] ?? 0];
      if (is !== shown) found.push(`${channel}: the ${name} says ${shown} ${state}, the ledger ${is}`);
    }
  }
  const inJobs = jobs.reduce((sum, { total }) => sum + total, 0);
  if (inJobs !== recipients) found.push(`${channel}: the jobs’ results add up to ${inJobs} of ${recipients}`);
  for (const { jobId, status, total, sum } of jobs) {
    if (total === 0) found.push(`${channel}: job ${jobId} (${status}) has no result`);
    if (sum !== total) found.push(`${channel}: job ${jobId} (${status}) says ${sum} of its ${total}`);
  }
  return found;
}
