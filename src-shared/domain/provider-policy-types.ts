/** The vocabulary of the providers' error tables. */

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
  /**
   * End this campaign; an operator decides. `pauseSender` where the whole account is concerned, `forGood` where nothing
   * that the operator does lets this campaign go on.
   */
  | { readonly type: 'stop-campaign'; readonly pauseSender: boolean; readonly forGood?: true }
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
