import type { ExponentialBackoff, ResendPolicy } from './provider-policy-types';

const BACKOFF: ExponentialBackoff = { baseMs: 1_000, maxMs: 60_000 };

/** One row per kind of answer of Resend, by `error.name` (SDK 6.38). */
export const RESEND_POLICIES: readonly ResendPolicy[] = [
  {
    names: ['rate_limit_exceeded'],
    kind: 'rate-limit-sender',
    action: { type: 'retry-same-key', backoff: BACKOFF, maxAttempts: 10 },
    reason: 'Resend was asked faster than it allows.',
    remedy: 'Nothing: it is sent again after the time that Resend asks for.',
  },
  {
    names: ['concurrent_idempotent_requests'],
    kind: 'transient',
    action: { type: 'retry-same-key', backoff: BACKOFF, maxAttempts: 10 },
    reason: 'The same emails are just being taken by Resend from an earlier try.',
    remedy: 'Nothing: the answer is asked for again with the same key.',
  },
  {
    names: ['application_error', 'internal_server_error'],
    kind: 'transient',
    action: { type: 'retry-same-key', backoff: BACKOFF, maxAttempts: 5 },
    reason: 'Resend had a problem of its own, or its answer was lost.',
    remedy: 'Nothing: it is sent again with the same key, which cannot send it twice.',
  },
  {
    names: ['daily_quota_exceeded', 'monthly_quota_exceeded'],
    kind: 'account-quota',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'The Resend account has used up its quota.',
    remedy: 'Raise the plan or wait for the next period, then resume.',
  },
  {
    names: ['missing_api_key', 'invalid_api_key', 'restricted_api_key'],
    kind: 'account-token',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'Resend does not accept the API key, or the key may not send.',
    remedy: 'Enter a key with sending access in Settings, then resume.',
  },
  {
    names: ['invalid_from_address'],
    kind: 'request-bug',
    action: { type: 'fail-and-trip' },
    reason: 'Resend does not accept the sender address.',
    remedy: 'Use an address of a domain that is verified in Resend.',
  },
  {
    names: ['validation_error', 'missing_required_field', 'invalid_parameter', 'invalid_access', 'not_found'],
    kind: 'request-bug',
    action: { type: 'fail' },
    reason: 'Resend rejects the email: a value is missing or wrong.',
    remedy: 'Check the recipient’s address, the subject and the content, then retry.',
  },
  {
    names: ['invalid_attachment'],
    kind: 'media',
    action: { type: 'fail' },
    reason: 'Resend rejects the attachment.',
    remedy: 'Check its type and size (40 MB with all others), then retry.',
  },
  {
    names: ['invalid_idempotent_request'],
    kind: 'unknown-outcome',
    action: { type: 'unknown' },
    reason: 'This key was used for another content: the emails may already have been sent.',
    remedy: 'Look the emails up in Resend, then mark them as sent or as failed.',
  },
];

/** What Resend reports of an email that it had accepted, through webhooks. Names of the console's own. */
export const RESEND_REPORT_POLICIES: readonly ResendPolicy[] = [
  {
    names: ['email_bounced'],
    kind: 'recipient-unreachable',
    action: { type: 'suppress' },
    reason: 'The recipient’s mail server refused the email for good: the address does not exist any more.',
    remedy: 'Ask the recipient for another address. This one is suppressed.',
  },
  {
    names: ['email_bounced_temporarily'],
    kind: 'transient',
    action: { type: 'fail' },
    reason: 'The recipient’s mail server did not take the email for now (mailbox full, too large, too busy).',
    remedy: 'Try again later.',
  },
  {
    names: ['email_complained'],
    kind: 'recipient-opted-out',
    action: { type: 'suppress' },
    reason: 'The recipient marked the email as spam.',
    remedy: 'Nothing: who complains gets no further emails.',
  },
  {
    names: ['email_failed'],
    kind: 'unlisted',
    action: { type: 'fail' },
    reason: 'Resend could not send the email after it had accepted it.',
    remedy: 'Look the reason up in Resend’s log, then retry.',
  },
  {
    names: ['email_suppressed'],
    kind: 'recipient-unreachable',
    action: { type: 'suppress' },
    reason: 'The address is on Resend’s own suppression list, after an earlier bounce or complaint.',
    remedy: 'Remove it from Resend’s list if it is right after all. It is suppressed here as well.',
  },
];
