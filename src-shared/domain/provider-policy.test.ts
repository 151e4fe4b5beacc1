import { describe, expect, it } from 'vitest';
import {
  isRetriedAutomatically,
  nextAttemptDelay,
  notReached,
  resendPolicy,
  unknownOutcome,
  whatsappPolicy,
  type ProviderAction,
} from './provider-policy';
import { RESEND_POLICIES } from './provider-policy-resend';
import { WHATSAPP_POLICIES } from './provider-policy-whatsapp';

/** The error table of the provider documentation, written out a second time and independently. */
const WHATSAPP: [number[], string, string][] = [
  [[0, 190], 'account-token', 'pause-sender'],
  [[3, 10, 200, 210, 299, 131005], 'account-permission', 'pause-sender'],
  [[368, 131031], 'account-policy', 'stop-campaign'],
  [[131042], 'account-payment', 'pause-sender'],
  [[131037, 131045, 133000, 133006, 133010, 133015], 'account-registration', 'pause-sender'],
  [[133005, 133008, 133009, 133016], 'account-pin', 'pause-sender'],
  [[131048, 131064], 'account-quality', 'pause-sender'],
  [[4, 80007], 'rate-limit-app', 'slow-down'],
  [[130429], 'rate-limit-sender', 'slow-down'],
  [[131056], 'rate-limit-pair', 'delay-pair'],
  [[1, 2, 131000, 131016, 131057, 133004], 'transient', 'retry'],
  [[134101], 'transient', 'wait'],
  [[131021, 131026, 131030, 130403], 'recipient-unreachable', 'fail'],
  [[131047], 'recipient-window-closed', 'fail'],
  [[131049], 'recipient-cap', 'fail'],
  [[131050], 'recipient-opted-out', 'suppress'],
  [[130472, 130497, 131062], 'recipient-other', 'fail'],
  [[33, 100, 131008, 131009, 131051, 135000], 'request-bug', 'fail-and-trip'],
  [[131053], 'media', 'pause-campaign'],
  [[132000, 132001, 132007, 132012, 132018], 'template', 'pause-campaign'],
  [[132005], 'recipient-other', 'fail'],
  [[132015], 'template', 'wait'],
  [[132016], 'template', 'stop-campaign'],
  [[132068], 'flow', 'stop-campaign'],
  [[132069], 'flow', 'wait'],
  [[300, 199, 999999, -1], 'unlisted', 'fail'],
];

const RESEND: [string[], string, string][] = [
  [['rate_limit_exceeded'], 'rate-limit-sender', 'retry-same-key'],
  [
    ['concurrent_idempotent_requests', 'application_error', 'internal_server_error'],
    'transient',
    'retry-same-key',
  ],
  [['daily_quota_exceeded', 'monthly_quota_exceeded'], 'account-quota', 'pause-sender'],
  [['missing_api_key', 'invalid_api_key', 'restricted_api_key'], 'account-token', 'pause-sender'],
  [
    ['validation_error', 'missing_required_field', 'invalid_parameter', 'invalid_access', 'not_found'],
    'request-bug',
    'fail',
  ],
  [['invalid_from_address'], 'request-bug', 'fail-and-trip'],
  [['invalid_attachment'], 'media', 'fail'],
  [['invalid_idempotent_request'], 'unknown-outcome', 'unknown'],
  [['brand_new_error'], 'unlisted', 'fail'],
];

describe('WhatsApp error policy', () => {
  it.each(WHATSAPP.flatMap(([codes, kind, action]) => codes.map((code) => [code, kind, action] as const)))(
    '%i is %s: %s',
    (code, kind, action) => {
      const policy = whatsappPolicy(code);
      expect([policy.kind, policy.action.type]).toEqual([kind, action]);
    },
  );

  it('waits, suppresses and limits as long as the table says', () => {
    expect(whatsappPolicy(134101).action).toMatchObject({ ms: 600_000, scope: 'recipient' });
    expect(whatsappPolicy(132069).action).toMatchObject({ ms: 3_600_000 });
    expect(whatsappPolicy(131026).action).toEqual({ type: 'fail', suppressAfter: 2 });
    expect(whatsappPolicy(131021).action).toEqual({ type: 'fail' });
    expect(whatsappPolicy(131049).action).toEqual({ type: 'fail', notBeforeMs: 86_400_000 });
    expect(whatsappPolicy(131000).action).toMatchObject({ maxAttempts: 5 });
    for (const code of [133005, 133008, 133009, 133016]) {
      expect(whatsappPolicy(code).action).toEqual({ type: 'pause-sender', resume: 'operator-only' });
    }
  });

  it('has no code in two rows', () => {
    const codes = WHATSAPP_POLICIES.flatMap((row) => row.codes).filter((code) => typeof code === 'number');
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('Resend error policy', () => {
  it.each(RESEND.flatMap(([names, kind, action]) => names.map((name) => [name, kind, action] as const)))(
    '%s is %s: %s',
    (name, kind, action) => {
      const policy = resendPolicy(name);
      expect([policy.kind, policy.action.type]).toEqual([kind, action]);
    },
  );

  it('repeats with the same key where there was no answer, or a server error it does not know', () => {
    expect(resendPolicy('application_error', null).action.type).toBe('retry-same-key');
    expect(resendPolicy('brand_new_error', 503).action.type).toBe('retry-same-key');
    expect(resendPolicy('brand_new_error', 422).action.type).toBe('fail');
  });
});

describe('every row', () => {
  it('says in plain words what happened and what can be done', () => {
    for (const row of [
      ...WHATSAPP_POLICIES,
      ...RESEND_POLICIES,
      unknownOutcome,
      notReached,
      whatsappPolicy(-1),
    ]) {
      expect(row.reason).toMatch(/^[A-Z].{15,}\.$/);
      expect(row.remedy).toMatch(/^[A-Z].{15,}\.$/);
    }
  });
});

describe('next attempt', () => {
  const delays = (action: ProviderAction): (number | undefined)[] =>
    [1, 2, 3, 4, 5].map((attempt) => nextAttemptDelay(action, attempt));

  it('doubles for transient errors, and stops at the fifth attempt', () => {
    expect(delays(whatsappPolicy(131000).action)).toEqual([1_000, 2_000, 4_000, 8_000, undefined]);
  });

  it('is 4^n seconds for a pair limit', () => {
    expect(delays(whatsappPolicy(131056).action)).toEqual([4_000, 16_000, 64_000, 256_000, undefined]);
  });

  it('never exists for an unknown outcome or a failed recipient', () => {
    expect(delays(unknownOutcome.action).every((delay) => delay === undefined)).toBe(true);
    expect(isRetriedAutomatically(unknownOutcome.action)).toBe(false);
    for (const { action } of [...WHATSAPP_POLICIES, ...RESEND_POLICIES]) {
      if (!isRetriedAutomatically(action)) expect(nextAttemptDelay(action, 1)).toBeUndefined();
    }
  });

  it('never grows beyond its cap', () => {
    expect(nextAttemptDelay(whatsappPolicy(130429).action, 100)).toBe(300_000);
  });
});
