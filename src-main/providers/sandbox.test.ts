import type { SandboxBehaviour } from '@shared/contract/settings';
import { describe, expect, it } from 'vitest';
import type { Email, SendOutcome } from './gateway';
import { createGateways, SANDBOX_SETTINGS } from './gateways';
import { createSandboxEmail, createSandboxWhatsApp } from './sandbox';

const never = new AbortController().signal;
const calm: SandboxBehaviour = { minLatencyMs: 0, maxLatencyMs: 0, failures: [], lostAnswerPercent: 0 };
const phones = Array.from({ length: 2_000 }, (_, n) => `+1555${String(n).padStart(7, '0')}`);

const sendAll = (
  behaviour: SandboxBehaviour,
  gateway = createSandboxWhatsApp({ behaviour: () => behaviour }),
) =>
  Promise.all(
    phones.map((to) =>
      gateway.send({ to, deliveryId: to, content: { type: 'text', body: 'x', previewUrl: true } }, never),
    ),
  );
const countOf = (outcomes: readonly SendOutcome[], type: SendOutcome['type']): number =>
  outcomes.filter((outcome) => outcome.type === type).length;

describe('the WhatsApp sandbox', () => {
  it('accepts all unless told otherwise', async () => {
    expect(countOf(await sendAll(calm), 'accepted')).toBe(2_000);
  });

  it('fails and loses the shares it is told to, the same recipients each time', async () => {
    const failures = [
      { code: '131026', percent: 10 },
      { code: 'validation_error', percent: 50 },
    ];
    const first = await sendAll({ ...calm, failures, lostAnswerPercent: 5 });
    expect(countOf(first, 'rejected') / 20).toBeCloseTo(10, -0.6);
    expect(countOf(first, 'unknown') / 20).toBeCloseTo(5, -0.6);
    expect(await sendAll({ ...calm, failures, lostAnswerPercent: 5 })).toEqual(first);
  });

  it('strikes once with a passing failure, always with one of the recipient', async () => {
    for (const [code, again] of [
      ['131000', 0],
      ['131026', 2_000],
    ] as const) {
      const behaviour = { ...calm, failures: [{ code, percent: 100 }] };
      const gateway = createSandboxWhatsApp({ behaviour: () => behaviour });
      expect(countOf(await sendAll(behaviour, gateway), 'rejected')).toBe(2_000);
      expect(countOf(await sendAll(behaviour, gateway), 'rejected')).toBe(again);
    }
  });
});

it('refuses a whole email batch for one bad recipient, as Resend does', async () => {
  const failures = [{ code: 'validation_error', percent: 2 }];
  const gateway = createSandboxEmail({ behaviour: () => ({ ...calm, failures }) });
  const email = (n: number): Email => ({
    to: `p${n}@example.com`,
    from: 'a@example.com',
    subject: 's',
    html: 'h',
    text: 't',
    deliveryId: String(n),
  });
  const batch = Array.from({ length: 400 }, (_, n) => email(n));
  expect((await gateway.sendBatch(batch, 'all', never)).type).toBe('rejected');
  const single = await Promise.all(batch.map((one) => gateway.sendBatch([one], one.to, never)));
  const refused = single.filter(({ type }) => type === 'rejected').length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(30);
});

it('is what sends until a provider is configured, and can be switched while running', () => {
  const gateways = createGateways();
  expect([gateways.whatsapp().name, gateways.email().name]).toEqual(['sandbox', 'sandbox']);
  gateways.configure({
    ...SANDBOX_SETTINGS,
    whatsapp: { mode: 'cloud-api', apiBaseUrl: 'http://127.0.0.1:9', phoneNumberId: '1', token: 't' },
  });
  expect([gateways.whatsapp().name, gateways.email().name]).toEqual(['cloud-api', 'sandbox']);
});
