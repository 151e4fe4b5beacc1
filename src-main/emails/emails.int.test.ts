import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Attachment, EmailContent } from '@shared/contract/message';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import { BREAKER_MIN } from '@shared/domain/campaign-safety';
import { RESEND_POLICIES } from '@shared/domain/provider-policy-resend';
import { unwrap } from '@shared/errors';
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
import { createAttachmentService } from './attachments/service';
import { createFrozenEmails } from './frozen';
import { createEmailProcessor } from './processor';

/** Files come by their path here. */
const files = { uploaded: () => null, release: () => Promise.resolve() };

let fake: FakeResend;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.close());

describe.each(profiles)('email on the %s profile', (profile) => {
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
    // Without a text: as HTML.
    const html = body === '' ? '<p title="{{name}}">Hello <b>{{name}}</b></p>' : null;
    const message = EmailContent.parse({ channel: 'email', subject: 'For {{name}}', body, html });
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
    const { service } = stage.campaigns;
    const page = unwrap(await service.deliveries(campaignId, {}, { start: 0, count: 1 }, stage.actor));
    const one = unwrap(await service.delivery(campaignId, page.deliveries[0]?.id ?? '', stage.actor));
    // A page of a proxy is an answer; a connection that broke is none.
    const between = answer.type === 'page' ? 'retry_wait' : 'asked_again';
    expect(one.timeline.map(({ event }) => event)).toEqual(['frozen', 'sending', between, 'accepted']);
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

  it('stops a campaign whose emails are refused too often, and lets it go on at a word', async () => {
    fake.behave(() => ({ type: 'error', code: 'validation_error' }));
    const contacts = await addContacts(stage, 60, (n) => ({ email: `stop${n}.${profile}@example.com` }));
    const message = EmailContent.parse({ channel: 'email', subject: 'News', body: 'Hello {{name|there}}' });
    const { campaignId } = await launchTo(stage, contacts, message, null, { stopAtFailureShare: 0.5 });
    expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
    const stopped = await detailOf(stage, campaignId);
    expect(stopped).toMatchObject({ state: 'paused', counts: { failed: BREAKER_MIN } });
    expect(stopped.problem).toMatch(/^Stopped: 20 of the last 20 messages failed\. Most often: /);
    fake.behave(() => ({ type: 'accept' }));
    unwrap(await stage.campaigns.service.resume(campaignId, stage.actor));
    await runBatch(campaignId);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 40, failed: 20 });
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

  describe('emails with attachments', () => {
    // More than one part, so that parts are put together again in their order.
    const content = Buffer.from(Array.from({ length: 700_000 }, (_, n) => n % 251));
    const attach = async (): Promise<Attachment> => {
      const path = join(await mkdtemp(join(tmpdir(), 'adsapp-attachment-')), 'Price list.pdf');
      await writeFile(path, content);
      const service = createAttachmentService({ database: stage.database, files });
      const attached = unwrap(await service.attach({ kind: 'path', path }, stage.actor));
      await rm(dirname(path), { recursive: true });
      return attached;
    };
    const launchWithFile = async (count: number) => {
      const file = await attach();
      people += 1;
      const contacts = await addContacts(stage, count, (n) => ({
        name: `Person ${n}`,
        email: `f${n}.${people}.${profile}@example.com`,
      }));
      const message = EmailContent.parse({
        channel: 'email',
        subject: 'For {{name}}',
        html: '<p>Hello {{name}}</p>',
        fromName: 'The shop',
        replyTo: 'answers@example.com',
        unsubscribe: 'https://example.com/out?m={{email}}',
        attachments: [file],
      });
      return launchTo(stage, contacts, message);
    };

    it('go singly, each under a key of its own, with the file as it was kept', async () => {
      const { campaignId } = await launchWithFile(3);
      expect(await runBatch(campaignId)).toMatchObject({ type: 'done', status: 'completed' });
      expect(fake.requests.map(({ path, emails }) => [path, emails.length])).toEqual([
        ['/emails', 1],
        ['/emails', 1],
        ['/emails', 1],
      ]);
      expect(new Set(fake.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
      for (const { emails } of fake.requests) {
        const [email] = emails;
        expect(email).toMatchObject({
          from: `"The shop" <shop${sender}@example.com>`,
          reply_to: 'answers@example.com',
          headers: { 'List-Unsubscribe': expect.stringContaining('?m=f') as string },
        });
        const [file] = email?.attachments ?? [];
        expect(file).toMatchObject({ filename: 'Price list.pdf', content_type: 'application/pdf' });
        expect(Buffer.from(file?.content ?? '', 'base64').equals(content)).toBe(true);
      }
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 3 });
      const { rows } = await stage.pool.query<{ ids: number }>(
        'SELECT count(DISTINCT provider_message_id)::int AS ids FROM deliveries WHERE campaign_id = $1',
        [campaignId],
      );
      expect(rows[0]?.ids).toBe(3);
    });

    it.each([{ type: 'accept-and-drop' }, { type: 'accept-and-garble' }] as const)(
      'are asked for again under the same key after $type',
      async (answer) => {
        let first = true;
        fake.behave(() => {
          const given = first ? answer : ({ type: 'accept' } as const);
          first = false;
          return given;
        });
        const { campaignId } = await launchWithFile(3);
        for (let round = 0; round < 3; round += 1) {
          await dueNow(campaignId);
          await runBatch(campaignId);
        }
        expect(fake.requests.map(({ repeated }) => repeated).sort()).toEqual([false, false, false, true]);
        expect([most(), fake.inbox().size]).toEqual([1, 3]);
        expect(await statesOf(stage, campaignId)).toEqual({ accepted: 3 });
      },
    );

    it('wait as long as Resend asks, all of them', async () => {
      let first = true;
      fake.behave(() => {
        const limited = first;
        first = false;
        return limited
          ? { type: 'error', code: 'rate_limit_exceeded', status: 429, headers: { 'retry-after': '60' } }
          : { type: 'accept' };
      });
      const { campaignId } = await launchWithFile(3);
      expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
      expect(fake.requests.length).toBe(1);
      expect(await statesOf(stage, campaignId)).toEqual({ pending: 2, retry_wait: 1 });
    });

    it('are unknown where the key stands for something else', async () => {
      fake.behave(() => ({ type: 'error', code: 'invalid_idempotent_request', status: 409 }));
      const { campaignId } = await launchWithFile(1);
      await runBatch(campaignId);
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 1 });
    });

    it('pause with the account when its quota is used up', async () => {
      fake.behave(() => ({ type: 'error', code: 'daily_quota_exceeded', status: 429 }));
      const { campaignId } = await launchWithFile(2);
      await runBatch(campaignId);
      expect(fake.requests.length).toBe(1);
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'paused', counts: { pending: 1 } });
    });

    it('are not sent without their file, nor with another one in its place', async () => {
      const { campaignId } = await launchWithFile(1);
      await stage.pool.query(`UPDATE email_attachment_parts SET content = 'x' WHERE part_no = 1`);
      // A worker that has not read it before.
      const other = createEmailProcessor({ ...stage, coordination: stage.engine.coordination });
      await other(testRun('email-notification', payload(campaignId, 0)));
      expect(fake.requests).toHaveLength(0);
      expect(await detailOf(stage, campaignId)).toMatchObject({
        state: 'paused',
        problem: expect.stringContaining('not in the database any more') as string,
      });
      await stage.pool.query('DELETE FROM email_attachments');
    });

    it('keep one copy of a file, and refuse a launch where it has gone', async () => {
      const [one, two] = [await attach(), await attach()];
      expect(one).toEqual(two);
      const { rows } = await stage.pool.query<{ n: number }>(
        'SELECT count(*)::int AS n FROM email_attachments',
      );
      expect(rows[0]?.n).toBe(1);
      await stage.pool.query('DELETE FROM email_attachments');
      const launched = await stage.campaigns.service.launch(
        {
          name: 'x',
          audience: { kind: 'all', excludeTags: [] },
          message: EmailContent.parse({
            channel: 'email',
            subject: 's',
            html: '<p>h</p>',
            attachments: [one],
          }),
          priority: 1,
          startAt: null,
          missing: 'skip',
          canary: false,
          stopAtFailureShare: null,
        },
        stage.actor,
      );
      expect(launched).toMatchObject({
        ok: false,
        error: { message: expect.stringContaining('Price list.pdf') as string },
      });
    });

    it('are shown as they were frozen, with batch and key', async () => {
      const { campaignId } = await launchWithFile(2);
      await runBatch(campaignId);
      const { rows } = await stage.pool.query<{ id: string }>(
        'SELECT id FROM deliveries WHERE campaign_id = $1 ORDER BY recipient',
        [campaignId],
      );
      const shown = unwrap(await createFrozenEmails(stage.database).get(rows[0]?.id ?? '', stage.actor));
      const asked = fake.requests.find(({ emails }) => emails[0]?.to[0] === shown.to);
      expect(shown).toMatchObject({
        html: asked?.emails[0]?.html,
        text: 'Hello Person 0',
        state: 'accepted',
        attachments: [{ fileName: 'Price list.pdf', sizeBytes: content.length }],
        batch: { key: asked?.idempotencyKey, state: 'sent', emails: 1, place: 1, proven: true },
      });
      const stranger = { ...stage.actor, organizationId: '00000000-0000-4000-8000-000000000000' };
      expect(await createFrozenEmails(stage.database).get(rows[0]?.id ?? '', stranger)).toMatchObject({
        ok: false,
        error: { code: 'not_found' },
      });
    });
  });

  it('sends HTML in batches, escaped, with the twin that was made of it', async () => {
    const { campaignId } = await launch(2, '');
    await runBatch(campaignId);
    const email = fake.requests
      .flatMap(({ emails }) => emails)
      .find(({ subject }) => subject.includes('Neil'));
    expect(fake.requests.map(({ path }) => path)).toEqual(['/emails/batch']);
    expect(email?.html).toBe(
      '<p title="O’Neil &amp; &lt;Sons&gt;">Hello <b>O’Neil &amp; &lt;Sons&gt;</b></p>',
    );
    expect(email?.text).toBe('Hello O’Neil & <Sons>');
  });

  it('ends a campaign that an earlier version froze and began, under the same key', async () => {
    const { campaignId } = await launch(2);
    let first = true;
    fake.behave(() => {
      const lost = first;
      first = false;
      return lost
        ? { type: 'accept-and-drop' }
        : { type: 'error', code: 'internal_server_error', status: 500 };
    });
    await stage.pool.query(
      `UPDATE campaigns SET message = jsonb_build_object('channel', 'email', 'emailType', 'campaign',
         'subject', message -> 'subject', 'body', message -> 'body', 'templateId', NULL) WHERE id = $1`,
      [campaignId],
    );
    await runBatch(campaignId);
    fake.behave(() => ({ type: 'accept' }));
    await dueNow(campaignId);
    await runBatch(campaignId);
    expect(new Set(fake.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect([most(), await statesOf(stage, campaignId)]).toEqual([1, { accepted: 2 }]);
  });

  it('keeps the rate: a batch takes its emails’ time', async () => {
    configure(`shop${sender}@example.com`, 100);
    const { campaignId } = await launch(250);
    await Promise.all([0, 1, 2].map((batchNo) => runBatch(campaignId, batchNo)));
    const times = fake.requests.map(({ at }) => at).sort((a, b) => a - b);
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000).toBeGreaterThan(1.4);
  });

  it('comes back for a turn that a run with a short limit would not live to see', async () => {
    configure(`shop${sender}@example.com`, 50);
    const { campaignId } = await launch(200);
    expect(await runBatch(campaignId, 0)).toMatchObject({ type: 'done' });
    // The turn of the second hundred is two seconds away; a run that waits so long would hardly send before its end.
    const short = { ...testRun('email-notification', payload(campaignId, 1)), timeLimitMs: () => 2_500 };
    expect(await send(short)).toMatchObject({ type: 'later', why: 'The sender’s rate is used up for now.' });
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 100, pending: 100 });
    expect(await runBatch(campaignId, 1)).toMatchObject({ type: 'done' });
  });

  it.each([
    [
      'a refusal',
      { type: 'error', code: 'rate_limit_exceeded', status: 429, headers: { 'retry-after': '40' } },
    ],
    [
      'the headers of an answer',
      { type: 'accept', headers: { 'ratelimit-remaining': '0', 'ratelimit-reset': '40' } },
    ],
  ] as const)('holds the sender everywhere for as long as %s says, and shows it', async (_, answer) => {
    const { campaignId } = await launch(1);
    fake.behave(() => answer);
    await runBatch(campaignId);
    const sender = unwrap(await stage.campaigns.senders.ofCampaign(campaignId, stage.actor));
    const heldForMs = Date.parse(sender?.heldUntil ?? '') - Date.now();
    expect(heldForMs).toBeGreaterThan(30_000);
    expect(heldForMs).toBeLessThanOrEqual(40_000);
    const other = await launch(1);
    const asked = fake.requests.length;
    expect(await runBatch(other.campaignId)).toMatchObject({ type: 'later' });
    expect(fake.requests).toHaveLength(asked);
  });

  it('follows a limit that is edited while it sends, and shows what it measures', async () => {
    const { campaignId } = await launch(3);
    const sender = unwrap(await stage.campaigns.senders.ofCampaign(campaignId, stage.actor));
    await runBatch(campaignId);
    const shown = unwrap(await stage.campaigns.senders.ofCampaign(campaignId, stage.actor));
    expect(shown).toMatchObject({ limit: { perSecond: 100_000, isOwn: false }, measuredPerSecond: 0.3 });
    unwrap(await stage.campaigns.senders.setLimit(sender?.id ?? '', 0.1, stage.actor));
    const next = await launch(100);
    await runBatch(next.campaignId);
    const last = await launch(1);
    // A hundred emails at one in ten seconds are a long turn.
    expect(await runBatch(last.campaignId)).toMatchObject({
      type: 'later',
      why: 'The sender’s rate is used up for now.',
    });
    unwrap(await stage.campaigns.senders.setLimit(sender?.id ?? '', null, stage.actor));
    expect(await runBatch(last.campaignId)).toMatchObject({ type: 'done' });
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
