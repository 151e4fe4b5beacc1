import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EmailContent } from '@shared/contract/message';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
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
import { startFakeResend, type FakeAnswer, type FakeResend } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import { until } from '../engine/testing/until';
import type { Processor } from '../engine/processor';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { createEmailProcessor } from './processor';

const IN_THE_MAKING: FakeAnswer = { type: 'error', code: 'concurrent_idempotent_requests', status: 409 };

let fake: FakeResend;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.close());

describe.each(profiles)(
  'emails that may have arrived, and those that cannot, on the %s profile',
  (profile) => {
    let stage: Stage;
    let send: Processor<'email-notification'>;
    let round = 0;
    beforeAll(async () => {
      stage = await openStage(profile);
      send = createEmailProcessor({ ...stage, coordination: stage.engine.coordination });
    }, SET_UP_MS);
    afterAll(() => stage.close());
    beforeEach(() => {
      fake.reset();
      round += 1;
      configure('shop');
    });

    const configure = (name: string): void => {
      stage.gateways.configure({
        ...SANDBOX_SETTINGS,
        email: { mode: 'resend', baseUrl: fake.url, from: `${name}${round}@example.com`, apiKey: 're_test' },
        emailsPerSecond: 100_000,
      });
    };
    const address = (n: number): string => `p${n}.${round}.${profile}@example.com`;
    const launch = async (count: number): Promise<string> => {
      const contacts = await addContacts(stage, count, (n) => ({ email: address(n) }));
      const message = EmailContent.parse({ channel: 'email', subject: 'News', body: 'Hello {{name|there}}' });
      return (await launchTo(stage, contacts, message)).campaignId;
    };
    const run = (campaignId: string, batchNo = 0) =>
      send(
        testRun('email-notification', {
          organizationId: OrganizationId.parse(stage.actor.organizationId),
          userId: ProfileId.parse(stage.actor.userId),
          type: 'campaign',
          campaignId: CampaignId.parse(campaignId),
          batchNo,
          recipients: 100,
        }),
      );
    const resume = async (campaignId: string) =>
      unwrap(await stage.campaigns.service.resume(campaignId, stage.actor));
    /** What the provider answers, in this order; the last one again and again. */
    const answers = (...given: FakeAnswer[]): void => {
      fake.behave(() => (given.length > 1 ? given.shift() : given[0]) ?? { type: 'accept' });
    };
    const most = (): number => Math.max(0, ...fake.inbox().values());

    it('are not asked for again once the provider has forgotten their key', async () => {
      answers({ type: 'accept-and-drop' }, { type: 'error', code: 'daily_quota_exceeded', status: 429 });
      const campaignId = await launch(2);
      await run(campaignId);
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'paused', counts: { retry_wait: 2 } });
      await stage.pool.query(
        `UPDATE email_batches SET created_at = now() - interval '25 hours' WHERE campaign_id = $1`,
        [campaignId],
      );
      const asked = fake.requests.length;
      answers({ type: 'accept' });
      await resume(campaignId);
      await run(campaignId);
      expect(fake.requests).toHaveLength(asked);
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    });

    it('stay so whatever is said of later tries: another sender does not send them again', async () => {
      answers({ type: 'accept-and-drop' }, { type: 'error', code: 'invalid_api_key', status: 401 });
      const campaignId = await launch(2);
      await run(campaignId);
      expect((await detailOf(stage, campaignId)).state).toBe('paused');
      answers({ type: 'accept' });
      configure('other');
      await resume(campaignId);
      await run(campaignId);
      expect(most()).toBe(1);
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    });

    it('stay so where they are cancelled', async () => {
      answers({ type: 'accept-and-drop' }, { type: 'error', code: 'daily_quota_exceeded', status: 429 });
      const campaignId = await launch(2);
      await run(campaignId);
      unwrap(await stage.campaigns.service.cancel(campaignId, stage.actor));
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    });

    it.each([
      ['a refusal that nobody knows', { type: 'error', code: 'brand_new_error' }],
      ['a refused sender', { type: 'error', code: 'invalid_from_address' }],
    ] as const)('are not failed by %s', async (_, refusal) => {
      answers({ type: 'accept-and-drop' }, refusal);
      const campaignId = await launch(2);
      await run(campaignId);
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    });

    it('are those too that a server broke off on, every time', async () => {
      answers({ type: 'page', status: 502 });
      const campaignId = await launch(2);
      for (let tries = 0; tries < 5; tries += 1) {
        await run(campaignId);
        await stage.pool.query(`UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1`, [
          campaignId,
        ]);
      }
      expect(await statesOf(stage, campaignId)).toEqual({ unknown: 2 });
    });

    it('do not go to who opted out, was suppressed or has got them while they waited', async () => {
      answers({ type: 'error', code: 'daily_quota_exceeded', status: 429 });
      const campaignId = await launch(5);
      await run(campaignId);
      const { organizationId } = stage.actor;
      await stage.pool.query(`UPDATE contacts SET opted_out_at = now() WHERE email = $1`, [address(1)]);
      await stage.pool.query(
        `INSERT INTO suppressions (organization_id, channel, address, reason) VALUES ($1, 'email', $2, 'x')`,
        [organizationId, address(2)],
      );
      await stage.pool.query(
        `UPDATE deliveries SET state = 'delivered' WHERE campaign_id = $1 AND recipient = $2`,
        [campaignId, address(3)],
      );
      fake.reset();
      await resume(campaignId);
      expect(await run(campaignId)).toMatchObject({ type: 'done' });
      expect([...fake.inbox().keys()].sort()).toEqual([address(0), address(4)]);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 2, delivered: 1, failed: 2 });
    });

    it('are accepted for good, whoever of two workers has heard of it', async () => {
      const campaignId = await launch(2);
      let asked = 0;
      const decide = (): FakeAnswer => {
        asked += 1;
        if (asked === 1) return { type: 'accept' };
        // The second one is answered at once, while the first one still waits.
        fake.behave(decide);
        return IN_THE_MAKING;
      };
      fake.behave(decide, 600);
      const taken = run(campaignId);
      await until('the first request', () => fake.requests.length === 1);
      const other = run(campaignId);
      await Promise.all([taken, other]);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 2 });
    });

    it('fail into batches of their own, where two reasons are retried at once', async () => {
      fake.behave(({ emails }) =>
        emails.length > 1
          ? { type: 'error', code: 'validation_error' }
          : {
              type: 'error',
              code: emails[0]?.to[0]?.startsWith('p0.') === true ? 'one_error' : 'other_error',
            },
      );
      const campaignId = await launch(4);
      await run(campaignId);
      expect(await statesOf(stage, campaignId)).toEqual({ failed: 4 });
      fake.reset();
      const { service } = stage.campaigns;
      await Promise.all(
        ['one_error', 'other_error'].map((code) => service.retryFailed(campaignId, code, stage.actor)),
      );
      await run(campaignId, 1);
      await run(campaignId, 2);
      expect(fake.requests.map(({ emails }) => emails.length).sort()).toEqual([1, 3]);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 4 });
    });
  },
);
