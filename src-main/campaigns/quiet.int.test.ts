import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Message, type Audience } from '@shared/contract/campaigns';
import { OrganizationId, ProfileId } from '@shared/domain/ids';
import { wallClock } from '@shared/domain/zoned-time';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  detailOf,
  openStage,
  profiles,
  statesOf,
  testRun,
  type Stage,
} from '../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../database/testing/databases';
import { createEmailProcessor } from '../emails/processor';
import { createPlanning } from './planning';
import { createLimitKeeper } from './portfolio/keeper';
import { createBulkMessageProcessor } from './processor';

describe.each(profiles)('what a campaign keeps to on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const message = Message.parse({ channel: 'whatsapp', body: 'Hi {{name|friend}}' });
  const two = (value: number): string => String(value).padStart(2, '0');
  /** A time of day in Riyadh, so many hours from now. */
  const clockIn = (hours: number): string => {
    const { hour, minute } = wallClock(Date.now() + hours * 3_600_000, 'Asia/Riyadh');
    return `${two(hour)}:${two(minute)}`;
  };
  const processor = () => createBulkMessageProcessor({ ...stage, coordination: stage.engine.coordination });

  it('leaves recipients alone in their quiet hours and writes to the others', async () => {
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, name, tags) VALUES
         ($1, '+966500000001', 'Riyadh', '{quiet}'), ($1, '+966500000002', 'Riyadh too', '{quiet}'),
         ($1, '+12425550100', 'Nassau', '{quiet}')`,
      [stage.actor.organizationId],
    );
    const audience: Audience = { kind: 'tags', tags: ['quiet'], excludeTags: [] };
    // Nassau is seven or eight hours behind.
    const quietHours = { from: clockIn(-1), until: clockIn(2) };
    const launched = unwrap(
      await stage.campaigns.handlers.launch(
        {
          ...{ name: 'At night', audience, message, priority: 1, missing: 'refuse', quietHours },
          ...{ canary: false, stopAtFailureShare: null },
        },
        context(),
      ),
    );
    const run = testRun('bulk-messages', {
      organizationId: OrganizationId.parse(stage.actor.organizationId),
      userId: ProfileId.parse(stage.actor.userId),
      campaignId: launched.campaignId,
      batchNo: 0,
      recipients: 3,
    });
    const outcome = await processor()(run);
    expect(outcome).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, launched.campaignId)).toEqual({ accepted: 1, pending: 2 });
    const { rows } = await stage.pool.query<{ wait: number; words: string }>(
      `SELECT extract(epoch FROM next_attempt_at - now())::int AS wait, error_message AS words
         FROM deliveries WHERE campaign_id = $1 AND state = 'pending'`,
      [launched.campaignId],
    );
    expect(rows).toHaveLength(2);
    // The page says when it ends: not in a moment, but once it is day in Riyadh.
    const shown = await detailOf(stage, launched.campaignId);
    expect(shown.quiet).toMatchObject({ waiting: 2 });
    expect(Date.parse(shown.quiet?.until ?? '') - Date.now()).toBeGreaterThan(7_000_000);
    expect(shown.etaSeconds).toBeGreaterThan(7_000);
    expect(shown.etaSeconds).toBeLessThan(7_400);
    for (const { wait, words } of rows) {
      expect(wait).toBeGreaterThan(7_000);
      expect(wait).toBeLessThanOrEqual(7_200);
      expect(words).toContain('night');
    }
  });

  it('leaves recipients of emails alone, too, by their phones or by the clock that was named', async () => {
    await stage.pool.query(
      `INSERT INTO contacts (organization_id, phone, email, name, tags) VALUES
         ($1, '+966500000011', 'riyadh@example.com', 'Riyadh', '{mail}'),
         ($1, '+12425550111', 'nassau@example.com', 'Nassau', '{mail}'),
         ($1, '+99900000011', 'nowhere@example.com', 'Nowhere', '{mail}')`,
      [stage.actor.organizationId],
    );
    const audience: Audience = { kind: 'tags', tags: ['mail'], excludeTags: [] };
    const mail = Message.parse({ channel: 'email', subject: 'News', body: 'Hi {{name}}' });
    const quietHours = { from: clockIn(-1), until: clockIn(2), timeZone: 'Asia/Riyadh' };
    const launched = unwrap(
      await stage.campaigns.handlers.launch(
        {
          ...{ name: 'Mail at night', audience, message: mail, priority: 1, missing: 'refuse', quietHours },
          ...{ canary: false, stopAtFailureShare: null },
        },
        context(),
      ),
    );
    const send = createEmailProcessor({ ...stage, coordination: stage.engine.coordination });
    const run = () =>
      send(
        testRun('email-notification', {
          organizationId: OrganizationId.parse(stage.actor.organizationId),
          userId: ProfileId.parse(stage.actor.userId),
          type: 'campaign',
          campaignId: launched.campaignId,
          batchNo: 0,
          recipients: 3,
        }),
      );
    expect(await run()).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, launched.campaignId)).toEqual({ accepted: 1, pending: 2 });
    expect((await detailOf(stage, launched.campaignId)).quiet).toMatchObject({ waiting: 2 });
    // In the morning the others follow, in a batch of their own.
    await stage.pool.query(`UPDATE campaigns SET quiet_hours = $2 WHERE id = $1`, [
      launched.campaignId,
      JSON.stringify({ from: clockIn(-3), until: clockIn(-1), timeZone: 'Asia/Riyadh' }),
    ]);
    await stage.pool.query(
      `UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1 AND state = 'pending'`,
      [launched.campaignId],
    );
    expect(await run()).toMatchObject({ type: 'done' });
    expect(await statesOf(stage, launched.campaignId)).toEqual({ accepted: 3 });
  });

  it('counts who was written to within 24 hours, and refuses to pass the portfolio’s limit unasked', async () => {
    const contacts = await addContacts(stage, 6, () => ({ tags: ['budget'] }));
    const planning = createPlanning({
      database: stage.database,
      settings: () => stage.gateways.settings(),
      template: () => Promise.resolve(null),
    });
    // Three of it are used: one was sent, two wait for their morning.
    const keeper = createLimitKeeper(stage.database);
    await keeper.change(stage.actor.organizationId, 7, null);
    onTestFinished(() => keeper.change(stage.actor.organizationId, null, null));
    const audience: Audience = { kind: 'tags', tags: ['budget'], excludeTags: [] };
    const { organizationId } = stage.actor;
    const before = (await planning.preview(organizationId, { audience, message }, 1)).budget;
    expect(before).toMatchObject({ limit: 7, used: 3, needed: 6 });
    const input = {
      ...{ name: 'Over', audience, message, priority: 1, startAt: null },
      missing: 'refuse' as const,
      ...{ canary: false, stopAtFailureShare: null },
    };
    expect(await planning.freeze(input, stage.actor)).toMatchObject({
      error: { message: expect.stringContaining('7 people within 24 hours') as string },
    });
    // Those who fit go first; the others follow within the limit, and nobody is lost or doubled.
    const fit = unwrap(await planning.freeze({ ...input, overBudget: 'fit' }, stage.actor));
    const left = 7 - (before?.used ?? 0);
    expect([fit.frozen.recipients, ...fit.later.map((part) => part.frozen.recipients)]).toEqual([
      left,
      6 - left,
    ]);
    expect((fit.later[0]?.startAt.getTime() ?? 0) - Date.now()).toBeGreaterThan(24 * 3_600_000);
    const parts = [fit.campaignId, ...fit.later.map((part) => part.campaignId)];
    const { rows: divided } = await stage.pool.query<{ recipient: string }>(
      `SELECT recipient FROM deliveries WHERE campaign_id = ANY($1)`,
      [parts],
    );
    expect(divided.map(({ recipient }) => recipient).sort()).toEqual(
      contacts.map(({ phone }) => phone).sort(),
    );
    for (const id of parts) {
      expect(unwrap(await stage.campaigns.service.verify(id, stage.actor)).verified).toBe(true);
      expect((await detailOf(stage, id)).name).toMatch(/^Over \([12] of 2\)$/);
    }
    const only = unwrap(await planning.freeze({ ...input, overBudget: 'fit-only' }, stage.actor));
    expect(only).toMatchObject({ frozen: { recipients: left, skipped: 6 - left }, later: [] });
    expect(await statesOf(stage, only.campaignId)).toEqual({ pending: left, skipped: 6 - left });
    const frozen = unwrap(await planning.freeze({ ...input, overBudget: 'send' }, stage.actor));
    // Two were sent, one has no answer: all three count; the others have not been written to.
    await stage.pool.query(
      `UPDATE deliveries SET state = CASE WHEN recipient = $2 THEN 'unknown' ELSE 'accepted' END, sending_at = now(),
              accepted_at = CASE WHEN recipient = $2 THEN NULL ELSE now() END
        WHERE campaign_id = $1 AND recipient = ANY($3)`,
      [frozen.campaignId, contacts[0]?.phone, contacts.slice(0, 3).map(({ phone }) => phone)],
    );
    const after = (await planning.preview(organizationId, { audience, message }, 1)).budget;
    expect(after?.needed).toBe(3);
    expect((after?.used ?? 0) - (before?.used ?? 0)).toBe(3);
    // Who has written to us may be answered: that uses nothing of the limit.
    await stage.pool.query(
      `INSERT INTO conversations (organization_id, sender_address, phone, last_inbound_at) VALUES ($1, '1', $2, now())`,
      [organizationId, contacts[1]?.phone],
    );
    const inside = (await planning.preview(organizationId, { audience, message }, 1)).budget;
    expect((inside?.used ?? 0) - (before?.used ?? 0)).toBe(2);
  });

  it('looks again while a slow sender goes through a batch: who is asleep by then is left alone', async () => {
    const people = await addContacts(stage, 60, () => ({ tags: ['evening'] }));
    const before = stage.gateways.settings();
    stage.gateways.configure({ ...before, messagesPerSecond: 5 });
    const quietHours = { from: clockIn(2), until: clockIn(5) };
    const launched = unwrap(
      await stage.campaigns.handlers.launch(
        {
          ...{ name: 'In the evening', message, priority: 1, missing: 'refuse', quietHours },
          audience: { kind: 'tags', tags: ['evening'], excludeTags: [] },
          ...{ canary: false, stopAtFailureShare: null },
        },
        context(),
      ),
    );
    let ahead = 0;
    const send = createBulkMessageProcessor({
      ...stage,
      coordination: stage.engine.coordination,
      now: () => Date.now() + ahead,
    });
    const ended = send(
      testRun('bulk-messages', {
        organizationId: OrganizationId.parse(stage.actor.organizationId),
        userId: ProfileId.parse(stage.actor.userId),
        campaignId: launched.campaignId,
        batchNo: 0,
        recipients: people.length,
      }),
    );
    const accepted = async () => (await statesOf(stage, launched.campaignId))['accepted'] ?? 0;
    await vi.waitUntil(async () => (await accepted()) >= 5, { timeout: 30_000, interval: 50 });
    ahead = 3 * 3_600_000;
    // The run makes room, for the first of them is to be written to in the morning; those read before still go.
    expect(await ended).toMatchObject({ type: 'later' });
    const states = await statesOf(stage, launched.campaignId);
    expect(states['accepted']).toBeLessThan(people.length);
    expect(states['pending']).toBe(people.length - (states['accepted'] ?? 0));
    const { rows } = await stage.pool.query<{ wait: number; words: string }>(
      `SELECT extract(epoch FROM next_attempt_at - now())::int AS wait, error_message AS words
         FROM deliveries WHERE campaign_id = $1 AND state = 'pending'`,
      [launched.campaignId],
    );
    for (const { wait, words } of rows) {
      // Until the fifth hour from now.
      expect(wait).toBeGreaterThan(4 * 3_600);
      expect(wait).toBeLessThanOrEqual(5 * 3_600);
      expect(words).toContain('night');
    }
    stage.gateways.configure(before);
  }, 60_000);
});
