import type { Channel } from '@shared/contract/templates';
import {
  notReached,
  resendPolicy,
  unknownOutcome,
  whatsappPolicy,
  type ProviderErrorKind,
  type ProviderPolicy,
} from '@shared/domain/provider-policy';

/** Codes of the console's own, beside the providers'. */
export const OWN_CODES = {
  notReached: 'not_reached',
  noAnswer: 'no_answer',
  workerLost: 'worker_lost',
  missingValue: 'missing_value',
  tooLong: 'too_long',
  badParameter: 'bad_parameter',
  optedOut: 'opted_out',
  suppressed: 'suppressed',
  resolvedFailed: 'resolved_failed',
  overBudget: 'over_budget',
} as const;

export interface Explanation {
  readonly reason: string;
  readonly advice: string;
  /** Trying again may help. */
  readonly retryable: boolean;
}

/** Trying again would only fail again: it is the recipient or the message itself. */
const PERMANENT_KINDS: ReadonlySet<ProviderErrorKind> = new Set([
  'recipient-unreachable',
  'recipient-window-closed',
  'recipient-cap',
  'recipient-opted-out',
  'recipient-other',
  'request-bug',
  'unknown-outcome',
]);
export const permanentKinds: readonly string[] = [...PERMANENT_KINDS];

export const isRetryableKind = (kind: ProviderErrorKind): boolean => !PERMANENT_KINDS.has(kind);

const own: Readonly<Record<string, Explanation>> = {
  [OWN_CODES.missingValue]: {
    reason: 'A value that the message needs is missing.',
    advice: 'Fill it in at the contact, or give the variable a fallback, and send again.',
    retryable: false,
  },
  [OWN_CODES.tooLong]: {
    reason: 'With this recipient’s values the message becomes too long.',
    advice: 'Shorten the message or the values and send again.',
    retryable: false,
  },
  [OWN_CODES.badParameter]: {
    reason: 'A value has line breaks, tabs or many spaces in a row, which WhatsApp refuses in a template.',
    advice: 'Mend the value at the contact and send again.',
    retryable: false,
  },
  [OWN_CODES.optedOut]: {
    reason: 'The contact has opted out.',
    advice: 'Nothing: who opted out gets no messages.',
    retryable: false,
  },
  [OWN_CODES.suppressed]: {
    reason: 'The address is suppressed after an earlier answer of the provider.',
    advice: 'Nothing: suppressed addresses get no messages.',
    retryable: false,
  },
  [OWN_CODES.overBudget]: {
    reason: 'Left out at launch: more people than WhatsApp’s limit of 24 hours left.',
    advice: 'Send to them once the 24 hours of those before them have passed.',
    retryable: false,
  },
  [OWN_CODES.resolvedFailed]: {
    reason: 'An operator looked it up: the message did not arrive.',
    advice: 'It may be sent again.',
    retryable: true,
  },
};

/** What a delivery's error code means, in words for the operator. */
export function explain(channel: Channel, code: string, message: string | null): Explanation {
  const known = own[code];
  if (known !== undefined) return known;
  const policy = policyOf(channel, code);
  const listed = policy.kind !== 'unlisted' || message === null || message === '';
  return {
    reason: listed ? policy.reason : `${policy.reason} It says: ${message}`,
    advice: policy.remedy,
    retryable: isRetryableKind(policy.kind),
  };
}

/** The table's row for an error code of a channel, the console's own ones included. */
export function policyOf(channel: Channel, code: string): ProviderPolicy {
  if (code === OWN_CODES.notReached) return notReached;
  if (code === OWN_CODES.noAnswer || code === OWN_CODES.workerLost) return unknownOutcome;
  return channel === 'whatsapp' ? whatsappPolicy(Number(code)) : resendPolicy(code);
}
