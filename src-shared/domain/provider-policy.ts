/**
 * What a provider's error means and what follows. The tables themselves are data, in
 * `provider-policy-whatsapp.ts` and `provider-policy-resend.ts`; this file holds their look-up and the timing that follows.
 */
import { RESEND_POLICIES, RESEND_REPORT_POLICIES } from './provider-policy-resend';
import { WHATSAPP_POLICIES } from './provider-policy-whatsapp';
import type {
  CodeMatcher,
  ExponentialBackoff,
  ProviderAction,
  ProviderPolicy,
} from './provider-policy-types';

export type {
  ExponentialBackoff,
  ProviderAction,
  ProviderErrorKind,
  ProviderPolicy,
  ResendPolicy,
  WhatsAppPolicy,
} from './provider-policy-types';

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
  reason: 'Resend refused the email with an error that this console does not know.',
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
  const listed = [...RESEND_POLICIES, ...RESEND_REPORT_POLICIES].find(({ names }) => names.includes(name));
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
