import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../e2e/fixtures/server-process';
import { startFakeResend, type FakeAnswer, type FakeResend } from '../../e2e/fixtures/providers';
import type { BatchOutcome, Email } from './gateway';
import { createResendGateway } from './resend';

const never = new AbortController().signal;
const email = (n: number): Email => ({
  to: `p${n}@example.com`,
  from: 'shop@example.com',
  subject: 'Your order',
  html: '<p>Ready</p>',
  text: 'Ready',
  deliveryId: `d-${n}`,
});
const emails = [email(1), email(2)];

/** Far longer than the fake needs for an answer on a busy machine. */
const ANSWER_MS = 15_000;
/** Where the fake never answers: waited out in full, yet long enough to connect and to send before. */
const HANG_MS = 2_000;

let fake: FakeResend;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.reset();
});

const gateway = (baseUrl = fake.url, timeoutMs = ANSWER_MS) =>
  createResendGateway({ baseUrl, apiKey: 're_secret', timeoutMs });
const outcomeOf = (answer: FakeAnswer): Promise<BatchOutcome> => {
  fake.behave(() => answer);
  const timeoutMs = answer.type === 'accept-and-hang' ? HANG_MS : ANSWER_MS;
  return gateway(fake.url, timeoutMs).sendBatch(emails, 'key-1', never);
};

it('sends a batch under its key and gives one id per email', async () => {
  const outcome = await gateway().sendBatch(emails, 'key-1', never);
  expect(outcome).toMatchObject({ type: 'accepted', ids: [expect.any(String), expect.any(String)] });
  expect(fake.requests[0]).toMatchObject({ idempotencyKey: 'key-1', authorization: 'Bearer re_secret' });
  expect(fake.requests[0]?.emails).toMatchObject([
    { to: ['p1@example.com'], html: '<p>Ready</p>', text: 'Ready' },
    {},
  ]);
});

it('reads an error by name, with the time that Resend asks for', async () => {
  const headers = { 'retry-after': '2' };
  expect(await outcomeOf({ type: 'error', code: 'rate_limit_exceeded', status: 429, headers })).toEqual({
    type: 'rejected',
    code: 'rate_limit_exceeded',
    message: 'Resend says rate_limit_exceeded',
    httpStatus: 429,
    retryAfterMs: 2_000,
  });
  expect(await outcomeOf({ type: 'page', status: 502 })).toMatchObject({
    type: 'rejected',
    code: 'application_error',
  });
});

it.each<FakeAnswer>([
  { type: 'accept-and-drop' },
  { type: 'accept-and-hang' },
  { type: 'accept-and-garble' },
])('does not know after $type, and a repeat with the same key sends nothing twice', async (answer) => {
  expect(await outcomeOf(answer)).toMatchObject({ type: 'unknown' });
  expect(await outcomeOf({ type: 'accept' })).toMatchObject({ type: 'accepted' });
  expect([...fake.inbox().values()]).toEqual([1, 1]);
});

it('reports a refused connection as unknown: the SDK cannot tell, and the key makes a repeat safe', async () => {
  const outcome = await gateway(`http://127.0.0.1:${await freePort()}`).sendBatch(emails, 'k', never);
  expect(outcome.type).toBe('unknown');
  expect(JSON.stringify(outcome)).not.toContain('re_secret');
});
