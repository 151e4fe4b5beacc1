import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Message } from '@shared/contract/campaigns';
import { CampaignId, OrganizationId, ProfileId } from '@shared/domain/ids';
import type { QuietHours } from '@shared/domain/quiet-hours';
import { wallClock } from '@shared/domain/zoned-time';
import { unwrap } from '@shared/errors';
import { openStage, profiles, statesOf, testRun, type Stage } from '../../e2e/fixtures/campaign-stage';
import { startFakeResend, type FakeResend } from '../../e2e/fixtures/providers';
import { createLedgerRepository } from '../campaigns/ledger/repository';
import { createCampaignRepository } from '../campaigns/repository';
import { SET_UP_MS } from '../database/testing/databases';
import { SANDBOX_SETTINGS } from '../providers/gateways';
import { createEmailProcessor } from './processor';
import { createEmailRepository } from './repository';
import { emailOf, openBatches, type SendingTools } from './sending';

let fake: FakeResend;
beforeAll(async () => {
  fake = await startFakeResend();
});
afterAll(() => fake.close());

const two = (value: number): string => String(value).padStart(2, '0');
/** A time of day in Riyadh, so many hours from now. */
const clockIn = (hours: number): string => {
  const { hour, minute } = wallClock(Date.now() + hours * 3_600_000, 'Asia/Riyadh');
  return `${two(hour)}:${two(minute)}`;
};
/** It is quiet nowhere of these; and then in Riyadh, where Nassau is seven or eight hours behind. */
const DAY: QuietHours = { from: clockIn(3), until: clockIn(5) };
const NIGHT: QuietHours = { from: clockIn(-1), until: clockIn(2) };

describe.each(profiles)(
  'a frozen batch one of whose recipients falls asleep, on the %s profile',
  (profile) => {
    let stage: Stage;
    let campaignId = '';
    let round = 0;
    beforeAll(async () => {
      stage = await openStage(profile);
    }, SET_UP_MS);
    afterAll(() => stage.close());

    const riyadh = () => `riyadh${round}@example.com`;
    const nassau = () => `nassau${round}@example.com`;
    beforeEach(async () => {
      fake.reset();
      round += 1;
      stage.gateways.configure({
        ...SANDBOX_SETTINGS,
        email: { mode: 'resend', baseUrl: fake.url, from: `shop${round}@example.com`, apiKey: 're_test' },
        emailsPerSecond: 100_000,
      });
      await stage.pool.query(
        `INSERT INTO contacts (organization_id, phone, email, name, tags)
       VALUES ($1, $2, $3, 'R', ARRAY[$6]), ($1, $4, $5, 'N', ARRAY[$6])`,
        [
          stage.actor.organizationId,
          `+9665000000${two(round)}`,
          riyadh(),
          `+124255501${two(round)}`,
          nassau(),
          `round${round}`,
        ],
      );
      const launched = await stage.campaigns.service.launch(
        {
          ...{ name: 'Mail', priority: 1, startAt: null, missing: 'refuse', quietHours: DAY },
          ...{ canary: false, stopAtFailureShare: null },
          audience: { kind: 'tags', tags: [`round${round}`], excludeTags: [] },
          message: Message.parse({ channel: 'email', subject: 'News', body: 'Hi {{name}}' }),
        },
        stage.actor,
      );
      campaignId = unwrap(launched).campaignId;
    });

    const jobRun = () =>
      testRun('email-notification', {
        organizationId: OrganizationId.parse(stage.actor.organizationId),
        userId: ProfileId.parse(stage.actor.userId),
        type: 'campaign',
        campaignId: CampaignId.parse(campaignId),
        batchNo: 0,
        recipients: 2,
      });
    const run = () => createEmailProcessor({ ...stage, coordination: stage.engine.coordination })(jobRun());
    /** As a worker does that is stopped before its turn to post. */
    const freeze = async () => {
      const campaigns = createCampaignRepository(stage.database);
      await campaigns.begin(campaignId);
      const campaign = await campaigns.find(campaignId);
      if (campaign === null) throw new Error('no campaign');
      const tools: SendingTools = {
        ...stage,
        ...{ campaigns, emails: createEmailRepository(stage.database), say: () => undefined },
        ledger: createLedgerRepository(stage.database),
        attachments: () => Promise.resolve(null),
        senders: never(),
        breaker: never(),
      };
      return openBatches(tools, jobRun(), campaign, 0, emailOf(campaign));
    };
    const fallAsleep = () => setQuiet(NIGHT);
    const setQuiet = (quiet: QuietHours) =>
      stage.pool.query(`UPDATE campaigns SET quiet_hours = $2 WHERE id = $1`, [
        campaignId,
        JSON.stringify(quiet),
      ]);
    const dueNow = () =>
      stage.pool.query(
        `UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1 AND next_attempt_at IS NOT NULL`,
        [campaignId],
      );
    const sent = (): string[][] =>
      fake.requests.map(({ emails }) => emails.map(({ to }) => String(to)).sort());
    const keys = (): Set<string | undefined> =>
      new Set(fake.requests.map(({ idempotencyKey }) => idempotencyKey));
    const heldUntil = async (): Promise<Record<string, number>> => {
      const { rows } = await stage.pool.query<{ recipient: string; wait: number }>(
        `SELECT recipient, extract(epoch FROM next_attempt_at - now())::int AS wait
         FROM deliveries WHERE campaign_id = $1 AND next_attempt_at IS NOT NULL`,
        [campaignId],
      );
      return Object.fromEntries(rows.map(({ recipient, wait }) => [recipient, wait]));
    };

    it('never posted: it is taken apart, who is awake gets it now and the other in the morning', async () => {
      const [batch] = await freeze();
      expect(batch?.deliveryIds).toHaveLength(2);
      await fallAsleep();
      expect(await run()).toMatchObject({ type: 'later' });
      expect(sent()).toEqual([[nassau()]]);
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 1, pending: 1 });
      expect((await heldUntil())[riyadh()]).toBeGreaterThan(7_000);
      await setQuiet(DAY);
      await dueNow();
      expect(await run()).toMatchObject({ type: 'done' });
      expect(sent()).toEqual([[nassau()], [riyadh()]]);
      expect(keys().size).toBe(2);
      expect(keys()).not.toContain(batch?.key);
    });

    it('refused for certain: nobody has it, so it is taken apart as well', async () => {
      fake.behave(() => ({ type: 'error', code: 'rate_limit_exceeded' }));
      expect(await run()).toMatchObject({ type: 'later' });
      const refused = new Set(keys());
      fake.reset();
      await fallAsleep();
      await dueNow();
      expect(await run()).toMatchObject({ type: 'later' });
      expect(sent()).toEqual([[nassau()]]);
      expect([...keys()].some((key) => refused.has(key))).toBe(false);
      expect((await heldUntil())[riyadh()]).toBeGreaterThan(7_000);
    });

    it('may have arrived: the very same request follows under its key, whatever the hour', async () => {
      fake.behave(() => ({ type: 'accept-and-drop' }));
      expect(await run()).toMatchObject({ type: 'later' });
      await fallAsleep();
      fake.behave(() => ({ type: 'accept' }));
      for (let tries = 0; tries < 10 && (await statesOf(stage, campaignId))['accepted'] !== 2; tries += 1) {
        await dueNow();
        await run();
      }
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 2 });
      expect(keys().size).toBe(1);
      for (const each of sent()) expect(each).toEqual([nassau(), riyadh()]);
      expect(Math.max(...fake.inbox().values())).toBe(1);
    });

    it('all asleep, again and again: each freezing has a key of its own, and each is sent to once', async () => {
      for (let night = 0; night < 2; night += 1) {
        await setQuiet(DAY);
        await dueNow();
        expect(await freeze()).toHaveLength(1);
        // Both live in Riyadh now.
        await stage.pool.query(
          `UPDATE contacts SET phone = '+9665100' || substr(phone, 7) WHERE email = $1`,
          [nassau()],
        );
        await fallAsleep();
        expect(await run()).toMatchObject({ type: 'later' });
        expect(sent()).toEqual([]);
      }
      await setQuiet(DAY);
      await dueNow();
      expect(await run()).toMatchObject({ type: 'done' });
      expect(sent()).toEqual([[nassau(), riyadh()]]);
    });
  },
);

/** Not touched by freezing. */
const never = (): never => undefined as never;
