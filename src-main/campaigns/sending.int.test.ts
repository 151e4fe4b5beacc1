import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WhatsAppTemplate } from '@shared/contract/message';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { WHATSAPP_POLICIES } from '@shared/domain/provider-policy-whatsapp';
import type { JobPayload } from '@shared/domain/jobs';
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
import { firstTooEarly } from '../../e2e/bench/arrivals';
import { startFakeWhatsApp, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import type { Processor, RunOutcome } from '../engine/processor';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { SENDING_LIMITS } from './lanes';
import { SENDER_BURST } from './pace';
import { createBulkMessageProcessor } from './processor';

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

describe.each(profiles)('sending on the %s profile', (profile) => {
  let stage: Stage;
  let send: Processor<'bulk-messages'>;
  let phoneNumberId = 0;

  beforeAll(async () => {
    stage = await openStage(profile);
    send = createBulkMessageProcessor({ ...stage, coordination: stage.engine.coordination });
  }, SET_UP_MS);
  afterAll(() => stage.close());
  beforeEach(() => {
    fake.reset();
    // A sender of its own for each test, so that the pause of one does not hold the next.
    phoneNumberId += 1;
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: String(phoneNumberId), token: 't' },
      messagesPerSecond: Infinity,
    });
  });

  const batch = (campaignId: string, batchNo = 0, recipients = 1): JobPayload<'bulk-messages'> => ({
    organizationId: OrganizationId.parse(stage.actor.organizationId),
    userId: ProfileId.parse(stage.actor.userId),
    campaignId: CampaignId.parse(campaignId),
    batchNo,
    recipients,
  });
  const runBatch = (campaignId: string, batchNo = 0): Promise<RunOutcome> =>
    send(testRun('bulk-messages', batch(campaignId, batchNo)));
  const dueNow = async (campaignId: string): Promise<void> => {
    await stage.pool.query(
      `UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1 AND state = 'retry_wait'`,
      [campaignId],
    );
  };

  it('sends each recipient their own text once and ends with the guide’s result', async () => {
    const contacts = await addContacts(stage, 250, (n) => ({
      name: n % 5 === 0 ? null : `Person ${n}`,
      custom: { order_id: `A-${n}`, note: { nested: true } },
    }));
    const { campaignId } = await launchTo(stage, contacts, {
      body: 'Hi {{name|friend}}: {{order_id}}{{note|!}}',
    });
    const run = testRun('bulk-messages', batch(campaignId, 0, 250));
    const outcome = await send(run);
    expect(outcome).toMatchObject({
      type: 'done',
      status: 'completed',
      result: { successCount: 250, failureCount: 0, unknownCount: 0, total: 250 },
    });
    expect(fake.requests).toHaveLength(250);
    const byPhone = new Map(fake.requests.map(({ to, text }) => [to, text]));
    expect(byPhone.get(contacts[7]?.phone ?? '')).toBe('Hi Person 7: A-7!');
    expect(byPhone.get(contacts[10]?.phone ?? '')).toBe('Hi friend: A-10!');
    expect(run.percents.at(-1)).toBe(100);
    expect(await detailOf(stage, campaignId)).toMatchObject({
      state: 'completed',
      outcome: 'success',
      recipients: 250,
      counts: { accepted: 250 },
    });
  });

  it('sends template messages with each recipient’s parameters, and media by id', async () => {
    const contacts = await addContacts(stage, 3, (n) => ({
      name: `Person ${n}`,
      custom: { order_id: `A-${n}` },
    }));
    const template = {
      name: 'order_ready',
      language: 'en_US',
      components: [
        {
          type: 'body',
          index: 0,
          parameters: [
            { name: null, text: '{{name}}' },
            { name: null, text: 'No. {{order_id}}' },
          ],
        },
        { type: 'button', index: 0, parameters: [{ name: null, text: '{{order_id}}' }] },
      ],
    } satisfies WhatsAppTemplate;
    const { campaignId } = await launchTo(stage, contacts, { type: 'template', body: '', template });
    expect(await runBatch(campaignId)).toMatchObject({ type: 'done', status: 'completed' });
    expect(fake.requests.find(({ to }) => to === contacts[2]?.phone)?.body).toMatchObject({
      type: 'template',
      template: {
        name: 'order_ready',
        language: { code: 'en_US' },
        components: [
          {
            type: 'body',
            parameters: [
              { type: 'text', text: 'Person 2' },
              { type: 'text', text: 'No. A-2' },
            ],
          },
          { type: 'button', sub_type: 'url', index: '0', parameters: [{ type: 'text', text: 'A-2' }] },
        ],
      },
    });
    expect(await detailOf(stage, campaignId)).toMatchObject({
      message: { template },
      counts: { accepted: 3 },
    });

    const media = { type: 'document', mediaId: '4711', fileName: 'Bill.pdf', body: 'For {{name}}' } as const;
    const second = await launchTo(stage, contacts.slice(0, 1), media);
    await runBatch(second.campaignId);
    expect(fake.requests.at(-1)).toMatchObject({
      text: 'For Person 0',
      body: { document: { id: '4711', filename: 'Bill.pdf' } },
    });
  });

  it('is shared by two runs of one batch: nobody is sent to twice, and nobody is left', async () => {
    const { campaignId } = await launchTo(stage, await addContacts(stage, 300));
    await Promise.all([runBatch(campaignId), runBatch(campaignId)]);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 300 });
    expect(fake.requests).toHaveLength(300);
    expect(Math.max(...fake.posted().values())).toBe(1);
  });

  it('does nothing when a finished batch is run again', async () => {
    const { campaignId } = await launchTo(stage, await addContacts(stage, 3));
    await runBatch(campaignId);
    expect(await runBatch(campaignId)).toMatchObject({ type: 'done', result: { successCount: 3 } });
    expect(fake.requests).toHaveLength(3);
  });

  describe('every row of the error table', () => {
    const codes = WHATSAPP_POLICIES.flatMap(({ codes: matchers, action, kind }) =>
      matchers.map((matcher) => ({
        code: typeof matcher === 'number' ? matcher : matcher.from + 1,
        action,
        kind,
      })),
    );

    it.each(codes)('$code ($kind): $action.type', async ({ code, action, kind }) => {
      fake.behave(() => ({ type: 'error', code }));
      const contacts = await addContacts(stage, 1);
      const { campaignId } = await launchTo(stage, contacts);
      await runBatch(campaignId);
      const after = await detailOf(stage, campaignId);
      const [sender] = (
        await stage.pool.query<{ state: string; pause_error_code: string | null }>(
          `SELECT state, pause_error_code FROM senders WHERE address = $1`,
          [String(phoneNumberId)],
        )
      ).rows;
      const [suppression] = (
        await stage.pool.query<{ until: Date | null }>(`SELECT until FROM suppressions WHERE address = $1`, [
          contacts[0]?.phone,
        ])
      ).rows;
      const { rows } = await stage.pool.query<{ wait: number | null; error_kind: string; attempts: number }>(
        `SELECT extract(epoch FROM next_attempt_at - updated_at)::float8 AS wait, error_kind, attempts
           FROM deliveries WHERE campaign_id = $1`,
        [campaignId],
      );
      const [row] = rows;
      expect(row?.error_kind).toBe(kind);
      switch (action.type) {
        case 'pause-sender':
          expect([after.state, after.counts.retry_wait, sender?.state]).toEqual(['paused', 1, 'paused']);
          expect(sender?.pause_error_code).toBe(String(code));
          expect(after.problem).toMatch(/\w{3}/);
          break;
        case 'pause-campaign':
          expect([after.state, after.counts.retry_wait, sender?.state]).toEqual(['paused', 1, 'active']);
          break;
        case 'stop-campaign':
          expect([after.state, after.counts.retry_wait]).toEqual(['paused', 1]);
          expect(sender?.state).toBe(action.pauseSender ? 'paused' : 'active');
          break;
        case 'wait':
          expect([after.counts.retry_wait, row?.wait]).toEqual([1, action.ms / 1_000]);
          expect(after.state).toBe(action.scope === 'campaign' ? 'paused' : 'running');
          break;
        case 'retry':
        case 'retry-same-key':
          // The first wait is a second: it is waited for within the run, the second one as well.
          expect([after.state, after.counts.retry_wait]).toEqual(['running', 1]);
          expect(row?.attempts).toBeGreaterThan(1);
          break;
        case 'slow-down':
          expect([after.state, after.counts.retry_wait]).toEqual(['running', 1]);
          break;
        case 'delay-pair':
          expect([after.counts.retry_wait, row?.wait]).toEqual([1, 4]);
          break;
        case 'suppress':
          expect([after.counts.failed, suppression?.until]).toEqual([1, null]);
          break;
        case 'fail':
          expect(after.counts.failed).toBe(1);
          if (action.notBeforeMs === undefined) expect(suppression).toBeUndefined();
          else
            expect(suppression?.until?.getTime()).toBeGreaterThan(Date.now() + action.notBeforeMs - 60_000);
          break;
        case 'fail-and-trip':
          expect([after.state, after.counts.failed, after.outcome]).toEqual(['completed', 1, 'failed']);
          break;
        case 'unknown':
          expect(after.counts.unknown).toBe(1);
          break;
      }
    });

    it('gives a transient failure up after 5 attempts, and one that passes is sent', async () => {
      fake.behave(({ to }) => (to.endsWith('7') ? { type: 'accept' } : { type: 'error', code: 131000 }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 10));
      for (let round = 0; round < 6; round += 1) {
        await runBatch(campaignId);
        await dueNow(campaignId);
      }
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 1, failed: 9 });
      expect(Math.max(...fake.posted().values())).toBe(5);
      expect((await detailOf(stage, campaignId)).failures).toMatchObject([
        { code: '131000', recipients: 9, retryable: true },
      ]);
    });

    it('suppresses an unreachable number at its second failure, and leaves it out from then on', async () => {
      fake.behave(() => ({ type: 'error', code: 131026 }));
      const contacts = await addContacts(stage, 1);
      for (const _ of [1, 2]) await runBatch((await launchTo(stage, contacts)).campaignId);
      const estimate = await stage.campaigns.handlers.estimate(
        { audience: { kind: 'contacts', contactIds: contacts.map(({ id }) => id) }, channel: 'whatsapp' },
        { actor: stage.actor, signal: new AbortController().signal },
      );
      expect(estimate).toMatchObject({ ok: true, value: { matched: 1, sendable: 0, suppressed: 1 } });
    });

    it('stops a campaign whose requests are malformed', async () => {
      fake.behave(() => ({ type: 'error', code: 100 }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 400));
      expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
      const after = await detailOf(stage, campaignId);
      expect(after.state).toBe('paused');
      expect(after.problem).toContain('Stopped after');
      expect(fake.requests.length).toBeLessThan(10 + SENDING_LIMITS.lanes + 1);
    });

    it.each([
      [132016, true],
      [132068, false],
    ])('says whether a campaign that code %i stopped can ever go on: %s', async (code, isStopped) => {
      fake.behave(() => ({ type: 'error', code }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 3));
      await runBatch(campaignId);
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'paused', isStopped });
    });

    it('stops at a wrong token after what was under way, and goes on where it was when mended', async () => {
      fake.behave(() => ({ type: 'error', code: 190, status: 401 }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 400));
      expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
      expect(fake.requests.length).toBeLessThanOrEqual(SENDING_LIMITS.lanes);
      expect((await detailOf(stage, campaignId)).problem).toContain('access token');
      fake.reset();
      expect((await stage.campaigns.service.resume(campaignId, stage.actor)).ok).toBe(true);
      await runBatch(campaignId);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 400 });
      expect(Math.max(...fake.taken().values())).toBe(1);
    });
  });

  describe('an outcome that is not known', () => {
    it.each([
      { type: 'accept-and-drop' },
      { type: 'accept-and-garble' },
      { type: 'page', status: 502 },
    ] as const)('after $type is never sent again by itself', async (answer) => {
      fake.behave(({ to }) => (Number(to.at(-1)) < 3 ? answer : { type: 'accept' }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 40));
      const outcome = await runBatch(campaignId);
      expect(outcome).toMatchObject({
        status: 'partial_success',
        result: { successCount: 28, unknownCount: 12 },
      });
      await runBatch(campaignId);
      const retried = await stage.campaigns.service.retryFailed(campaignId, undefined, stage.actor);
      expect(retried).toMatchObject({ ok: true, value: { retried: 0 } });
      expect(fake.requests).toHaveLength(40);
    });

    it('is settled by an operator’s word', async () => {
      fake.behave(() => ({ type: 'accept-and-drop' }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 3));
      await runBatch(campaignId);
      const { deliveries } = await listed(stage, campaignId);
      const ids = deliveries.map(({ id }) => id);
      const { service } = stage.campaigns;
      await service.resolveUnknown(campaignId, ids.slice(0, 2), 'sent', stage.actor);
      await service.resolveUnknown(campaignId, ids.slice(2), 'failed', stage.actor);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 2, failed: 1 });
      expect(await service.retryFailed(campaignId, undefined, stage.actor)).toMatchObject({
        value: { retried: 1, campaign: { state: 'running' } },
      });
    });
  });

  it('claims nobody after a pause, shows it, and goes on at the resume', async () => {
    fake.behave(() => ({ type: 'accept' }), 20);
    // Slow enough that a machine which is late with the pause is not late by all of them.
    stage.gateways.configure({ ...stage.gateways.settings(), messagesPerSecond: 25 });
    const { campaignId } = await launchTo(stage, await addContacts(stage, 300));
    const run = runBatch(campaignId);
    await vi.waitUntil(() => fake.requests.length >= 30, 30_000);
    await stage.campaigns.service.pause(campaignId, stage.actor);
    const { rows } = await stage.pool.query<{ at: string }>('SELECT clock_timestamp()::text AS at');
    expect(await run).toMatchObject({ type: 'later' });
    // By the ledger's clock. What was claimed before still goes; how soon, the machine decides.
    const late = await stage.pool.query(
      'SELECT 1 FROM deliveries WHERE campaign_id = $1 AND sending_at > $2::timestamptz',
      [campaignId, rows[0]?.at],
    );
    expect(late.rows).toEqual([]);
    const sent = fake.requests.length;
    expect(sent).toBeLessThan(300);
    const counts = await statesOf(stage, campaignId);
    expect(counts).toEqual({ accepted: sent, pending: 300 - sent });
    expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
    expect(fake.requests).toHaveLength(sent);
    stage.gateways.configure({ ...stage.gateways.settings(), messagesPerSecond: Infinity });
    await stage.campaigns.service.resume(campaignId, stage.actor);
    await runBatch(campaignId);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 300 });
    expect(Math.max(...fake.taken().values())).toBe(1);
  });

  it('keeps the rate', async () => {
    stage.gateways.configure({ ...stage.gateways.settings(), messagesPerSecond: 40 });
    const { campaignId } = await launchTo(stage, await addContacts(stage, 84));
    await runBatch(campaignId);
    const times = fake.requests.map(({ at }) => at);
    expect(times).toHaveLength(84);
    // Nobody is written to before the first commit of `sending`; from then on so many may have come by each moment.
    const { rows } = await stage.pool.query<{ at: Date }>(
      'SELECT min(sending_at) AS at FROM deliveries WHERE campaign_id = $1',
      [campaignId],
    );
    const beganAt = rows[0]?.at.getTime() ?? Infinity;
    expect(firstTooEarly(times, (at) => SENDER_BURST + (40 * (at - beganAt)) / 1_000)).toBeNull();
  });

  it('cancel keeps what was sent and leaves nothing open', async () => {
    fake.behave(() => ({ type: 'accept' }), 20);
    stage.gateways.configure({ ...stage.gateways.settings(), messagesPerSecond: 25 });
    const { campaignId } = await launchTo(stage, await addContacts(stage, 300));
    const run = runBatch(campaignId);
    await vi.waitUntil(() => fake.requests.length >= 20, 30_000);
    await stage.campaigns.service.cancel(campaignId, stage.actor);
    expect(await run).toMatchObject({ type: 'cancelled' });
    const counts = await statesOf(stage, campaignId);
    expect(Object.keys(counts).sort()).toEqual(['accepted', 'cancelled']);
    expect(counts['accepted']).toBe(fake.requests.length);
    expect((await detailOf(stage, campaignId)).state).toBe('cancelled');
  });

  it('a cancelled job ends its batch truthfully; a stopped one gives the rest back', async () => {
    fake.behave(() => ({ type: 'accept' }), 20);
    stage.gateways.configure({ ...stage.gateways.settings(), messagesPerSecond: 25 });
    for (const [reason, type, left] of [
      ['cancelled', 'cancelled', 'cancelled'],
      ['shutdown', 'later', 'pending'],
      ['timeout', 'later', 'pending'],
    ] as const) {
      const { campaignId } = await launchTo(stage, await addContacts(stage, 200));
      const run = testRun('bulk-messages', batch(campaignId));
      const before = fake.requests.length;
      const ended = send(run);
      await vi.waitUntil(() => fake.requests.length >= before + 10, 30_000);
      run.stop(reason);
      expect(await ended).toMatchObject({ type });
      const counts = await statesOf(stage, campaignId);
      expect(Object.keys(counts).sort()).toEqual(['accepted', left].sort());
      expect((await detailOf(stage, campaignId)).state).toBe(
        reason === 'cancelled' ? 'completed' : 'running',
      );
    }
  });

  it('retries the failed and nobody else', async () => {
    fake.behave(({ to }) => {
      if (to.endsWith('1')) return { type: 'error', code: 131026 };
      if (to.endsWith('2')) return { type: 'accept-and-drop' };
      if (to.endsWith('3')) return { type: 'error', code: 424242 };
      return { type: 'accept' };
    });
    const { campaignId } = await launchTo(stage, await addContacts(stage, 100));
    expect(await runBatch(campaignId)).toMatchObject({
      status: 'partial_success',
      errorDetails: { notListed: 0 },
    });
    fake.reset();
    const { service } = stage.campaigns;
    const retried = await service.retryFailed(campaignId, undefined, stage.actor);
    expect(retried).toMatchObject({
      value: { retried: 10, campaign: { state: 'running', counts: { pending: 10 } } },
    });
    await runBatch(campaignId, 1);
    expect(fake.requests.map(({ to }) => to.at(-1))).toEqual(Array.from({ length: 10 }, () => '3'));
    const { deliveries } = await listed(stage, campaignId);
    for (const { recipient, attempts } of deliveries) expect(attempts).toBe(recipient.endsWith('3') ? 2 : 1);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 80, failed: 10, unknown: 10 });
    expect(await detailOf(stage, campaignId)).toMatchObject({
      state: 'completed',
      outcome: 'partial_success',
    });
    expect(await service.retryFailed(campaignId, '131026', stage.actor)).toMatchObject({
      value: { retried: 10 },
    });
  });

  it('leaves out who opted out between the launch and the sending', async () => {
    const contacts = await addContacts(stage, 4);
    const { campaignId } = await launchTo(stage, contacts);
    await stage.pool.query('UPDATE contacts SET opted_out_at = now() WHERE id = $1', [contacts[2]?.id]);
    await runBatch(campaignId);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 3, skipped: 1 });
    expect(fake.requests.map(({ to }) => to)).not.toContain(contacts[2]?.phone);
  });

  it('takes over from a worker that died: what it was sending is unknown, the rest is sent', async () => {
    const { campaignId } = await launchTo(stage, await addContacts(stage, 20));
    await stage.pool.query(
      `UPDATE deliveries SET state = 'sending', claimed_by = 'dead',
              alive_until = now() + interval '1 second', sending_at = now()
         FROM (SELECT id AS it, row_number() OVER (ORDER BY id) AS n FROM deliveries WHERE campaign_id = $1) AS numbered
        WHERE deliveries.id = it AND n <= 4`,
      [campaignId],
    );
    await runBatch(campaignId);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 16, unknown: 4 });
    expect(fake.requests).toHaveLength(16);
  });
});

const listed = async (stage: Stage, campaignId: string) => {
  const result = await stage.campaigns.service.deliveries(
    campaignId,
    {},
    { start: 0, count: 100 },
    stage.actor,
  );
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};
