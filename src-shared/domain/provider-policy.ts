/**
 * What a provider's error means and what follows. The tables themselves are data, in
 * `provider-policy-whatsapp.ts` and `provider-policy-resend.ts`; this file holds their vocabulary and look-up.
 */
import { RESEND_POLICIES } from './provider-policy-resend';
import { WHATSAPP_POLICIES } from './provider-policy-whatsapp';

export interface ExponentialBackoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

export type ProviderAction =
  /** Try this recipient again after `baseMs * 2^(attempt - 1)`. */
  | { readonly type: 'retry'; readonly backoff: ExponentialBackoff; readonly maxAttempts: number }
  /** As `retry`, with the same idempotency key and the same payload: cannot send twice. */
  | { readonly type: 'retry-same-key'; readonly backoff: ExponentialBackoff; readonly maxAttempts: number }
  /** Lower the rate (of one sender, or of all senders of the app) by `factor`, then try again. */
  | {
      readonly type: 'slow-down';
      readonly scope: 'sender' | 'app';
      readonly factor: number;
      readonly backoff: ExponentialBackoff;
    }
  /** Delay this recipient only: `baseSeconds ^ attempt` seconds. */
  | { readonly type: 'delay-pair'; readonly baseSeconds: number; readonly maxAttempts: number }
  /** Try again after a fixed time: this recipient, or the whole campaign. */
  | {
      readonly type: 'wait';
      readonly ms: number;
      readonly scope: 'recipient' | 'campaign';
      readonly maxAttempts: number;
    }
  /** Stop all sending of this sender or account; the recipient is tried again once it is resumed. */
  | { readonly type: 'pause-sender'; readonly resume: 'after-fix' | 'operator-only' }
  /** Pause this campaign; the recipient is tried again once it is resumed. */
  | { readonly type: 'pause-campaign' }
  /** End this campaign; an operator decides. `pauseSender` where the whole account is concerned. */
  | { readonly type: 'stop-campaign'; readonly pauseSender: boolean }
  /** Fail, and never write to this recipient again. */
  | { readonly type: 'suppress' }
  /** Fail this recipient. Suppress at the n-th such failure; do not write again before `notBeforeMs`. */
  | { readonly type: 'fail'; readonly suppressAfter?: number; readonly notBeforeMs?: number }
  /** Fail this recipient and count it against the campaign's circuit breaker: the request itself is wrong. */
  | { readonly type: 'fail-and-trip' }
  /** Nobody knows whether it was sent: never sent again by itself. */
  | { readonly type: 'unknown' };

export type ProviderErrorKind =
  | 'account-token'
  | 'account-permission'
  | 'account-policy'
  | 'account-payment'
  | 'account-registration'
  | 'account-pin'
  | 'account-quality'
  | 'account-quota'
  | 'rate-limit-app'
  | 'rate-limit-sender'
  | 'rate-limit-pair'
  | 'transient'
  | 'recipient-unreachable'
  | 'recipient-window-closed'
  | 'recipient-cap'
  | 'recipient-opted-out'
  | 'recipient-other'
  | 'request-bug'
  | 'media'
  | 'template'
  | 'flow'
  | 'not-reached'
  | 'unknown-outcome'
  | 'unlisted';

export interface ProviderPolicy {
  readonly kind: ProviderErrorKind;
  readonly action: ProviderAction;
  /** What happened, in words for whoever runs the campaign. */
  readonly reason: string;
  /** What the operator can do about it. */
  readonly remedy: string;
}

/** A single code, or an inclusive range. */
export type CodeMatcher = number | { readonly from: number; readonly to: number };

export interface WhatsAppPolicy extends ProviderPolicy {
  readonly codes: readonly CodeMatcher[];
}

export interface ResendPolicy extends ProviderPolicy {
  readonly names: readonly string[];
}

/** A time-out, a dropped connection, or a 5xx that carries no error body of the provider. */
export const unknownOutcome: ProviderPolicy = {
  kind: 'unknown-outcome',
  action: { type: 'unknown' },
  reason: 'The connection broke before the provider answered. The message may or may not have been sent.',
  remedy:
    'A delivery report may still settle it. Otherwise ask the recipient, then mark it as sent or as failed.',
};

/** The connection was never made (name not found, refused): the request cannot have arrived. */
export const notReached: ProviderPolicy = {
  kind: 'not-reached',
  action: { type: 'retry', backoff: { baseMs: 1_000, maxMs: 60_000 }, maxAttempts: 5 },
  reason: 'The provider could not be reached. Nothing was sent.',
  remedy: 'Check the network connection and the provider’s address in Settings.',
};

const UNLISTED_WHATSAPP: ProviderPolicy = {
  kind: 'unlisted',
  action: { type: 'fail' },
  reason: 'WhatsApp refused the message with an error that this console does not know.',
  remedy: 'Look the code up in WhatsApp’s error reference, then retry.',
};

const UNLISTED_RESEND: ProviderPolicy = {
  kind: 'unlisted',
  action: { type: 'fail' },
  reason: 'Resend refused the e-mail with an error that this console does not know.',
  remedy: 'Look the error up in Resend’s documentation, then retry.',
};

const RESEND_NO_ANSWER: ProviderPolicy = {
  kind: 'transient',
  action: { type: 'retry-same-key', backoff: { baseMs: 1_000, maxMs: 60_000 }, maxAttempts: 5 },
  reason: 'Resend had a problem of its own, or its answer was lost.',
  remedy: 'Nothing: it is sent again with the same key, which cannot send it twice.',
};

/**
 * The policy for a Graph API `error.code`. Branch on this code, never on the HTTP status. A code that is in no
 * row was still a refusal: the recipient fails and is not retried by itself.
 */
export function whatsappPolicy(code: number): ProviderPolicy {
  return (
    WHATSAPP_POLICIES.find(({ codes }) => codes.some((matcher) => matches(matcher, code))) ??
    UNLISTED_WHATSAPP
  );
}

function matches(matcher: CodeMatcher, code: number): boolean {
  return typeof matcher === 'number' ? matcher === code : code >= matcher.from && code <= matcher.to;
}

/**
 * The policy for a Resend `error.name`. Unlisted names follow the HTTP status: a server error or no status at
 * all is safe to repeat with the same key, anything else is a refusal.
 */
export function resendPolicy(name: string, statusCode: number | null = 400): ProviderPolicy {
  const listed = RESEND_POLICIES.find(({ names }) => names.includes(name));
  if (listed !== undefined) return listed;
  return statusCode === null || statusCode >= 500 ? RESEND_NO_ANSWER : UNLISTED_RESEND;
}

/** Whether the console tries again by itself, now or once a pause is lifted. */
export function isRetriedAutomatically(action: ProviderAction): boolean {
  switch (action.type) {
    case 'retry':
    case 'retry-same-key':
    case 'slow-down':
    case 'delay-pair':
    case 'wait':
    case 'pause-sender':
    case 'pause-campaign':
      return true;
    case 'stop-campaign':
    case 'suppress':
    case 'fail':
    case 'fail-and-trip':
    case 'unknown':
      return false;
  }
}

/**
 * Milliseconds until the next attempt, or undefined where there is none (no automatic attempt, the attempts are
 * used up, or it waits for a pause to be lifted). `attempt` counts the attempts made so far, from 1.
 */
export function nextAttemptDelay(action: ProviderAction, attempt: number): number | undefined {
  switch (action.type) {
    case 'retry':
    case 'retry-same-key':
      return attempt >= action.maxAttempts ? undefined : exponentialDelay(action.backoff, attempt);
    case 'slow-down':
      return exponentialDelay(action.backoff, attempt);
    case 'delay-pair':
      return attempt >= action.maxAttempts ? undefined : action.baseSeconds ** attempt * 1_000;
    case 'wait':
      return attempt >= action.maxAttempts ? undefined : action.ms;
    case 'pause-sender':
    case 'pause-campaign':
    case 'stop-campaign':
    case 'suppress':
    case 'fail':
    case 'fail-and-trip':
    case 'unknown':
      return undefined;
  }
}

/** `baseMs`, then twice as long each time, never more than `maxMs`. No jitter: the caller adds it. */
export function exponentialDelay({ baseMs, maxMs }: ExponentialBackoff, attempt: number): number {
  return Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
