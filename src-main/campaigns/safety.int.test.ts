import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Message } from '@shared/contract/campaigns';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { BREAKER_MIN } from '@shared/domain/campaign-safety';
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
import { startFakeWhatsApp, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import { SET_UP_MS } from '../database/testing/databases';
import type { Processor, RunOutcome } from '../engine/processor';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { batchJobId } from './jobs';
import { SENDING_LIMITS } from './lanes';
import { createBulkMessageProcessor } from './processor';

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

describe.each(profiles)('what keeps a campaign from doing harm, on the %s profile', (profile) => {
  let stage: Stage;
  let send: Processor<'bulk-messages'>;

  beforeAll(async () => {
    stage = await openStage(profile);
    send = createBulkMessageProcessor({ ...stage, coordination: stage.engine.coordination });
  }, SET_UP_MS);
  afterAll(() => stage.close());
  beforeEach(() => {
    fake.reset();
    stage.gateways.configure({
      ...SANDBOX_SETTINGS,
      whatsapp: { mode: 'cloud-api', apiBaseUrl: fake.url, phoneNumberId: '1', token: 't' },
      messagesPerSecond: Infinity,
    });
  });

  const runBatch = (campaignId: string, batchNo = 0): Promise<RunOutcome> =>
    send(
      testRun('bulk-messages', {
        organizationId: OrganizationId.parse(stage.actor.organizationId),
        userId: ProfileId.parse(stage.actor.userId),
        campaignId: CampaignId.parse(campaignId),
        batchNo,
        recipients: 1,
      }),
    );
  const hasJob = async (campaignId: string, batchNo: number): Promise<boolean> =>
    (await stage.engine.queue('bulk-messages').job(batchJobId(campaignId, batchNo))) !== undefined;
  const resume = (id: string) => stage.campaigns.service.resume(id, stage.actor);

  describe('a canary', () => {
    const launchCanary = async (recipients: number) =>
      launchTo(stage, await addContacts(stage, recipients), {}, null, { canary: true });

    it('goes first; the rest has no job until an operator has looked', async () => {
      const { campaignId, recipients } = await launchCanary(1_300);
      expect(recipients).toBe(1_300);
      expect([await hasJob(campaignId, 0), await hasJob(campaignId, 1)]).toEqual([true, false]);
      expect((await detailOf(stage, campaignId)).canary).toEqual({ recipients: 50, state: 'running' });
      fake.behave(({ to }) => (to.endsWith('7') ? { type: 'error', code: 131026 } : { type: 'accept' }));
      await runBatch(campaignId);
      const held = await detailOf(stage, campaignId);
      expect(held).toMatchObject({ state: 'paused', canary: { recipients: 50, state: 'held' } });
      expect(held.problem).toBe(
        `The first 50 have gone: ${held.counts.accepted} accepted, ${held.counts.failed} failed, 0 unknown. ` +
          'Look at them, then send the rest or cancel.',
      );
      expect(held.counts.accepted + held.counts.failed).toBe(50);
      expect(fake.requests).toHaveLength(50);
      // A restart of the console does not let the others go either.
      await stage.campaigns.recovery.recover();
      expect(await hasJob(campaignId, 1)).toBe(false);

      expect(await resume(campaignId)).toMatchObject({ value: { canary: { state: 'released' } } });
      expect([await hasJob(campaignId, 1), await hasJob(campaignId, 2)]).toEqual([true, true]);
      await runBatch(campaignId, 1);
      await runBatch(campaignId, 2);
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'completed', recipients: 1_300 });
      expect(fake.requests).toHaveLength(1_300);
      expect(Math.max(...fake.posted().values())).toBe(1);
    });

    it('is held by the next start where the worker died before it could hold it', async () => {
      const { campaignId } = await launchCanary(60);
      await stage.pool.query(
        `UPDATE deliveries SET state = 'accepted' WHERE campaign_id = $1 AND batch_no = 0`,
        [campaignId],
      );
      await stage.pool.query(`UPDATE campaigns SET state = 'running' WHERE id = $1`, [campaignId]);
      await stage.campaigns.recovery.recover();
      expect((await detailOf(stage, campaignId)).canary).toEqual({ recipients: 50, state: 'held' });
    });

    it('paused by an operator and resumed is still the canary', async () => {
      const { campaignId } = await launchCanary(80);
      await stage.campaigns.service.pause(campaignId, stage.actor);
      await resume(campaignId);
      expect((await detailOf(stage, campaignId)).canary).toEqual({ recipients: 50, state: 'running' });
      expect(await hasJob(campaignId, 1)).toBe(false);
      await runBatch(campaignId);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 50, pending: 30 });
      await stage.campaigns.service.cancel(campaignId, stage.actor);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 50, cancelled: 30 });
    });

    it('is nobody where it would be everybody', async () => {
      const { campaignId } = await launchCanary(50);
      expect((await detailOf(stage, campaignId)).canary).toBeNull();
    });
  });

  describe('the circuit breaker', () => {
    it('stops a campaign whose messages fail too often, says why, and lets it go on at a word', async () => {
      fake.behave(({ to }) => (Number(to.at(-1)) < 7 ? { type: 'error', code: 131030 } : { type: 'accept' }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 600), {}, null, {
        stopAtFailureShare: 0.5,
      });
      expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
      const stopped = await detailOf(stage, campaignId);
      expect(stopped.state).toBe('paused');
      expect(stopped.problem).toMatch(
        /^Stopped: \d+ of the last \d+ messages failed\. Most often: The sender is a test number/,
      );
      expect(fake.requests.length).toBeLessThanOrEqual(BREAKER_MIN + 2 * SENDING_LIMITS.lanes);
      fake.behave(() => ({ type: 'accept' }));
      await resume(campaignId);
      await runBatch(campaignId);
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'completed' });
    });

    it('stops a campaign whose messages get no answer: each would be unknown', async () => {
      fake.behave(() => ({ type: 'accept-and-drop' }));
      const { campaignId } = await launchTo(stage, await addContacts(stage, 600), {}, null, {
        stopAtFailureShare: 0.5,
      });
      expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
      expect((await detailOf(stage, campaignId)).state).toBe('paused');
      expect(fake.requests.length).toBeLessThanOrEqual(BREAKER_MIN + 2 * SENDING_LIMITS.lanes);
    });

    it('lets a campaign go on that fails less often, or that shall never be stopped', async () => {
      // One in 25: also where all failures are told first, they are no half of the fewest that are looked at.
      const isBad = (to: string): boolean => Number(to.slice(-2)) % 25 === 0;
      fake.behave(({ to }) => (isBad(to) ? { type: 'error', code: 131030 } : { type: 'accept' }));
      const some = await launchTo(stage, await addContacts(stage, 200), {}, null, {
        stopAtFailureShare: 0.5,
      });
      await runBatch(some.campaignId);
      expect((await detailOf(stage, some.campaignId)).state).toBe('completed');
      fake.behave(() => ({ type: 'error', code: 131030 }));
      const all = await launchTo(stage, await addContacts(stage, 200));
      await runBatch(all.campaignId);
      expect(await statesOf(stage, all.campaignId)).toEqual({ failed: 200 });
    });
  });

  it('suppresses a number after its second failure, also one that is no contact’s', async () => {
    fake.behave(() => ({ type: 'error', code: 131026 }));
    const contacts = await addContacts(stage, 1);
    const launched = [await launchTo(stage, contacts), await launchTo(stage, contacts)];
    await stage.pool.query('DELETE FROM contacts WHERE id = $1', [contacts[0]?.id]);
    const suppressed = async (): Promise<number> => {
      const { rows } = await stage.pool.query('SELECT 1 FROM suppressions WHERE address = $1', [
        contacts[0]?.phone,
      ]);
      return rows.length;
    };
    await runBatch(launched[0]?.campaignId ?? '');
    expect(await suppressed()).toBe(0);
    await runBatch(launched[1]?.campaignId ?? '');
    expect(await suppressed()).toBe(1);
  });

  it('goes on after a pause that ends by itself, though its job was lost meanwhile', async () => {
    fake.behave(() => ({ type: 'error', code: 132015 }));
    const { campaignId } = await launchTo(stage, await addContacts(stage, 2));
    await runBatch(campaignId);
    expect((await detailOf(stage, campaignId)).state).toBe('paused');
    await stage.engine.queue('bulk-messages').remove(batchJobId(campaignId, 0));
    await stage.campaigns.recovery.recover();
    expect(await hasJob(campaignId, 0)).toBe(false);
    await stage.pool.query(
      `UPDATE campaigns SET error = jsonb_set(error, '{resumeAt}', to_jsonb(now() - interval '1 minute')) WHERE id = $1`,
      [campaignId],
    );
    await stage.campaigns.recovery.recover();
    expect(await hasJob(campaignId, 0)).toBe(true);
  });

  it('says no time of the end while its sender is paused, and none before who is tried again', async () => {
    fake.behave(({ to }) => (to === last ? { type: 'error', code: 134101 } : { type: 'accept' }));
    const contacts = await addContacts(stage, 3);
    const last = contacts[2]?.phone ?? '';
    const { campaignId } = await launchTo(stage, contacts);
    await runBatch(campaignId);
    const waiting = await detailOf(stage, campaignId);
    expect(waiting).toMatchObject({ state: 'running', counts: { retry_wait: 1 } });
    expect(waiting.etaSeconds).toBeGreaterThan(9 * 60);
    await stage.pool.query(`UPDATE senders SET state = 'paused'`);
    expect((await detailOf(stage, campaignId)).etaSeconds).toBeNull();
    await stage.pool.query(`UPDATE senders SET state = 'active'`);
  });

  it('begins nothing by itself through a sender that is paused, and lifts no pause', async () => {
    fake.behave(() => ({ type: 'error', code: 131031 }));
    const stopped = await launchTo(stage, await addContacts(stage, 1));
    await runBatch(stopped.campaignId);
    fake.reset();
    const [contact] = await addContacts(stage, 1);
    const { campaignId } = unwrap(
      await stage.campaigns.service.launch(
        {
          name: 'By a schedule',
          audience: { kind: 'contacts', contactIds: contact === undefined ? [] : [contact.id] },
          message: Message.parse({ channel: 'whatsapp', body: 'Hello' }),
          ...{ priority: 1, startAt: null, missing: 'skip', canary: false, stopAtFailureShare: null },
          unattended: true,
        },
        stage.actor,
      ),
    );
    expect(await runBatch(campaignId)).toMatchObject({ type: 'later' });
    expect(fake.requests).toEqual([]);
    const waiting = await detailOf(stage, campaignId);
    expect(waiting.state).toBe('paused');
    expect(waiting.problem).toMatch(/^Its sender was paused .*breaking its policy/);
    await resume(campaignId);
    await runBatch(campaignId);
    expect(await statesOf(stage, campaignId)).toEqual({ accepted: 1 });
  });
});
