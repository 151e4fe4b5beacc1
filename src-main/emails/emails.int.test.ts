import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Message } from '@shared/contract/campaigns';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import { RESEND_POLICIES } from '@shared/domain/provider-policy-resend';
import {
  addContacts,
  detailOf,
  launchTo,
  openStage,
  profiles,
  statesOf,
  testRun,
  type Stage,
} from '../../e2e/fixtures/campaign-stage';
import { startFakeResend, type FakeResend } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import type { Processor, RunOutcome } from '../engine/processor';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { createEmailProcessor } from './processor';

let fake: FakeResend;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.close());

describe.each(profiles)('e-mail on the %s profile', (profile) => {
  let stage: Stage;
  let send: Processor<'email-notification'>;
  let sender = 0;
  beforeAll(async () => {
    stage = await openStage(profile);
    send = createEmailProcessor({ ...stage, coordination: stage.engine.coordination });
  }, SET_UP_MS);
  afterAll(() => stage.close());
  const configure = (from: string, emailsPerSecond = 100_000): void => {
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      email: { mode: 'resend', baseUrl: fake.url, from, apiKey: 're_test' },
      emailsPerSecond,
    });
  };
  beforeEach(() => {
    fake.reset();
    sender += 1;
    configure(`shop${sender}@example.com`);
  });

  let people = 0;
  const launch = async (
    count: number,
    body = 'Hello {{name}},\n\nyour order is at https://example.com/o.',
  ) => {
    people += 1;
    const contacts = await addContacts(stage, count, (n) => ({
      name: n === 0 ? 'O’Neil & <Sons>' : `Person ${n}`,
      email: `p${n}.${people}.${profile}@example.com`,
    }));
    const message = Message.parse({ channel: 'email', subject: 'For {{name}}', body });
    if (message.channel !== 'email') throw new Error('unreachable');
    return launchTo(stage, contacts, message);
  };
  const payload = (campaignId: string, batchNo: number): JobPayload<'email-notification'> => ({
    organizationId: OrganizationId.parse(stage.actor.organizationId),
    userId: ProfileId.parse(stage.actor.userId),
    type: 'campaign',
    campaignId: CampaignId.parse(campaignId),
    batchNo,
    recipients: 100,
  });
  const runBatch = (campaignId: string, batchNo = 0): Promise<RunOutcome> =>
    send(testRun('email-notification', payload(campaignId, batchNo)));
  const dueNow = (campaignId: string) =>
    stage.pool.query(
      `UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1 AND state = 'retry_wait'`,
      [campaignId],
    );
  const most = (): number => Math.max(0, ...fake.inbox().values());

  it('sends batches of 100, each with HTML and a text twin', async () => {
    const { campaignId } = await launch(150);
    for (const batchNo of [0, 1]) {
      expect(await runBatch(campaignId, batchNo)).toMatchObject({ type: 'done', status: 'completed' });
    }
    expect(fake.requests.map(({ emails }) => emails.length)).toEqual([100, 50]);
    const email = fake.requests
      .flatMap(({ emails }) => emails)
      .find(({ subject }) => subject.includes('Neil'));
    expect(email).toMatchObject({
      from: `shop${sender}@example.com`,
      subject: 'For O’Neil & <Sons>',
      text: 'Hello O’Neil & <Sons>,\n\nyour order is at https://example.com/o.',
    });
    expect(email?.html).toContain('<p>Hello O’Neil &amp; &lt;Sons&gt;,</p>');
    expect(email?.html).toContain('<a href="https://example.com/o">https://example.com/o</a>.');
    expect(await detailOf(stage, campaignId)).toMatchObject({
      state: 'completed',
      counts: { accepted: 150 },
    });
    await runBatch(campaignId);
    expect(most()).toBe(1);
  });

  it.each(
    RESEND_POLICIES.flatMap(({ names, action, kind }) => names.map((name) => ({ name, action, kind }))),
  )('$name ($kind): $action.type', async ({ name, action }) => {
    fake.behave(() => ({ type: 'error', code: name }));
    const { campaignId } = await launch(1);
    await runBatch(campaignId);
    const { state, counts } = await detailOf(stage, campaignId);
    switch (action.type) {
      case 'retry-same-key':
        expect([state, counts.retry_wait]).toEqual(['running', 1]);
        expect(new Set(fake.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
        expect(fake.requests.length).toBeGreaterThan(1);
        break;
      case 'pause-sender':
        expect([state, counts.retry_wait]).toEqual(['paused', 1]);
        break;
      case 'fail':
      case 'fail-and-trip':
        expect(counts.failed).toBe(1);
        break;
      case 'unknown':
        expect(counts.unknown).toBe(1);
        break;
      default:
        throw new Error(`no expectation for ${action.type}`);
    }
  });

  it.each([
    { type: 'accept-and-drop' },
    { type: 'accept-and-garble' },
    { type: 'page', status: 502 },
  ] as const)('after $type the same request is made again, and nobody gets it twice', async (answer) => {
    let first = true;
    fake.behave(() => {
      const given = first ? answer : ({ type: 'accept' } as const);
      first = false;
      return given;
    });
    const { campaignId } = await launch(5);
    expect(await runBatch(campaignId)).toMatchObject({ type: 'done', status: 'completed' });
    expect(fake.requests.length).toBe(2);
    expect(new Set(fake.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(most()).toBe(1);
    expect(fake.inbox().size).toBe(5);
  });

  it('gives a batch up as unknown when the answer is lost every time', async () => {
    fake.behave(() => ({ type: 'accept-and-drop' }));
    const { campaignId } = await launch(2);
    for (let round = 0; round < 5; round += 1) {
      await runBatch(campaignId);
      await dueNow(campaignId);
    }
    expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    expect(most()).toBe(1);
  });

  it('lets one bad address fail alone', async () => {
    fake.behave(({ emails }) =>
      emails.some(({ to }) => to[0]?.startsWith('p7.') === true)
        ? { type: 'error', code: 'validation_error' }
        : { type: 'accept' },
    );
    const { campaignId } = await launch(20);
    expect(await runBatch(campaignId)).toMatchObject({
      status: 'partial_success',
      result: { successCount: 19 },
    });
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 19, failed: 1 });
    expect([most(), fake.inbox().size]).toEqual([1, 19]);
  });

  it('a worker that died between request and record sends the same request again', async () => {
    const { campaignId } = await launch(4);
    await runBatch(campaignId);
    await stage.pool.query(
      `UPDATE email_batches SET state = 'sending', error = NULL WHERE campaign_id = $1`,
      [campaignId],
    );
    await stage.pool.query(`UPDATE deliveries SET state = 'sending' WHERE campaign_id = $1`, [campaignId]);
    await stage.pool.query(`UPDATE campaigns SET state = 'running' WHERE id = $1`, [campaignId]);
    await runBatch(campaignId);
    expect(fake.requests.map(({ repeated }) => repeated)).toEqual([false, true]);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 4 });
    expect(most()).toBe(1);
  });

  it('goes on with the mended sender address after a refusal, under a new key', async () => {
    fake.behave(() => ({ type: 'error', code: 'invalid_api_key', status: 401 }));
    const { campaignId } = await launch(3);
    await runBatch(campaignId);
    fake.reset();
    configure(`new${sender}@example.com`);
    await stage.campaigns.service.resume(campaignId, stage.actor);
    expect(await runBatch(campaignId)).toMatchObject({ status: 'completed' });
    expect(fake.requests.at(-1)?.emails[0]?.from).toBe(`new${sender}@example.com`);
    expect(fake.inbox().size).toBe(3);
  });

  it('keeps the rate: a batch takes its e-mails’ time', async () => {
    configure(`shop${sender}@example.com`, 100);
    const { campaignId } = await launch(250);
    await Promise.all([0, 1, 2].map((batchNo) => runBatch(campaignId, batchNo)));
    const times = fake.requests.map(({ at }) => at).sort((a, b) => a - b);
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000).toBeGreaterThan(1.4);
  });

  it('retries the failed under new keys', async () => {
    fake.behave(() => ({ type: 'error', code: 'brand_new_error' }));
    const { campaignId } = await launch(3);
    expect(await runBatch(campaignId)).toMatchObject({ type: 'failed', retry: false });
    fake.reset();
    expect(await stage.campaigns.service.retryFailed(campaignId, undefined, stage.actor)).toMatchObject({
      value: { retried: 3 },
    });
    await runBatch(campaignId, 1);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 3 });
  });
});
