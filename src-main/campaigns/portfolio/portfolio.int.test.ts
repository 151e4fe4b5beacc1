import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Message, type Audience } from '@shared/contract/campaigns';
import { CampaignId, OrganizationId, ProfileId, type ContactId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import {
  addContacts,
  detailOf,
  openStage,
  profiles,
  statesOf,
  testRun,
  type Stage,
} from '../../../e2e/fixtures/campaign-stage';
import { transaction, type Transaction } from '../../database/database';
import { SET_UP_MS } from '../../database/testing/databases';
import { createCampaignJobs, type JobAdder } from '../jobs';
import { createPlanning } from '../planning';
import { createBulkMessageProcessor } from '../processor';
import { createCampaignRecovery } from '../recovery';
import { createLedgerRepository } from '../ledger/repository';
import { createCampaignRepository } from '../repository';
import { beginLook, endLook, holdSome } from './holding/repository';
import { createLimitKeeper } from './keeper';

const LIMIT = 6;
const DAY_MS = 86_400_000;

describe.each(profiles)('WhatsApp’s limit of 24 hours on the %s profile', (profile) => {
  let stage: Stage;
  const stages: Stage[] = [];
  beforeEach(async () => {
    stage = await openStage(profile);
    stages.push(stage);
    await createLimitKeeper(stage.database).change(stage.actor.organizationId, LIMIT, null);
  }, SET_UP_MS);
  afterAll(async () => {
    for (const each of stages) await each.close();
  });

  /** Freezes a campaign as compose does, under the limit unless it is `send`. */
  const plan = (
    contacts: readonly { readonly id: ContactId }[],
    overBudget: 'fit' | 'send' | 'refuse' = 'refuse',
    canary = false,
  ) => {
    const planning = createPlanning({
      database: stage.database,
      settings: () => stage.gateways.settings(),
      template: () => Promise.resolve(null),
    });
    const audience: Audience = { kind: 'contacts', contactIds: contacts.map(({ id }) => id) };
    const message = Message.parse({ channel: 'whatsapp', body: 'Hi {{name|friend}}' });
    const safety = { canary, stopAtFailureShare: null };
    return planning
      .freeze(
        {
          name: 'News',
          audience,
          message,
          priority: 1,
          startAt: null,
          missing: 'refuse',
          overBudget,
          ...safety,
        },
        stage.actor,
      )
      .then(unwrap);
  };
  const run = (campaignId: string) =>
    createBulkMessageProcessor({ ...stage, coordination: stage.engine.coordination })(
      testRun('bulk-messages', {
        organizationId: OrganizationId.parse(stage.actor.organizationId),
        userId: ProfileId.parse(stage.actor.userId),
        campaignId: CampaignId.parse(campaignId),
        batchNo: 0,
        recipients: 1,
      }),
    );
  /** So much later for a campaign: what it sent is older, what it waits for has come. */
  const later = async (campaignId: string, hours: number): Promise<void> => {
    await stage.pool.query(
      `UPDATE deliveries SET accepted_at = accepted_at - $2 * interval '1 hour',
              next_attempt_at = next_attempt_at - $2 * interval '1 hour' WHERE campaign_id = $1`,
      [campaignId, hours],
    );
    await stage.pool.query(
      `UPDATE campaigns SET scheduled_at = scheduled_at - $2 * interval '1 hour',
              completed_at = completed_at - $2 * interval '1 hour', due_seen_at = now() WHERE id = $1`,
      [campaignId, hours],
    );
  };
  const heldTimes = async (campaignId: string): Promise<number[]> => {
    const { rows } = await stage.pool.query<{ at: Date }>(
      `SELECT next_attempt_at AS at FROM deliveries WHERE campaign_id = $1 AND waits_for = 'budget'`,
      [campaignId],
    );
    return rows.map(({ at }) => at.getTime());
  };

  it('divides a launch so that everyone is in one part, and a canary goes first in the first', async () => {
    await createLimitKeeper(stage.database).change(stage.actor.organizationId, 60, null);
    const people = await addContacts(stage, 130);
    const { campaignId, frozen, later } = await plan(people, 'fit', true);
    expect(frozen).toMatchObject({ recipients: 60, skipped: 0, canary: { recipients: 50, batches: 1 } });
    expect(frozen.batches.map(({ recipients }) => recipients)).toEqual([50, 10]);
    expect(later.map((part) => [part.frozen.recipients, part.frozen.canary])).toEqual([
      [60, null],
      [10, null],
    ]);
    const { rows } = await stage.pool.query<{ recipient: string }>(
      'SELECT recipient FROM deliveries WHERE campaign_id = ANY($1)',
      [[campaignId, ...later.map((part) => part.campaignId)]],
    );
    expect(rows.map(({ recipient }) => recipient).sort()).toEqual(people.map(({ phone }) => phone).sort());
  });

  it('is looked at again when a later part begins: who does not fit by then waits, and goes on by itself', async () => {
    const people = await addContacts(stage, 10);
    const planned = await plan(people, 'fit');
    const second = planned.later[0]?.campaignId ?? '';
    expect(await run(planned.campaignId)).toMatchObject({ type: 'done' });
    expect(await detailOf(stage, second)).toMatchObject({
      state: 'launching',
      keepsLimit: true,
      budget: null,
    });
    // A day later somebody else has written to four: two of the four of this part fit.
    await later(planned.campaignId, 25);
    await later(second, 25);
    const other = await plan(await addContacts(stage, 4), 'send');
    expect(await run(other.campaignId)).toMatchObject({ type: 'done' });
    const waiting = await run(second);
    expect(waiting).toMatchObject({
      type: 'later',
      why: expect.stringContaining('WhatsApp’s limit') as string,
    });
    expect(await statesOf(stage, second)).toEqual({ accepted: 2, pending: 2 });
    const shown = await detailOf(stage, second);
    expect(shown).toMatchObject({ state: 'running', budget: { waiting: 2, limit: LIMIT } });
    const until = Date.parse(shown.budget?.until ?? '');
    expect(until).toBeGreaterThan(Date.now() + DAY_MS - 600_000);
    expect(until).toBeLessThan(Date.now() + DAY_MS + 600_000);
    expect(shown.etaSeconds).toBeGreaterThan(80_000);
    const { deliveries } = unwrap(
      await stage.campaigns.service.deliveries(
        second,
        { states: ['pending'] },
        { start: 0, count: 9 },
        stage.actor,
      ),
    );
    expect(deliveries.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringContaining('Waits: WhatsApp')),
    );
    // Looked at too early, nobody is let go, and nobody is sent to.
    expect(await run(second)).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, second)).toEqual({ accepted: 2, pending: 2 });
    await later(other.campaignId, 25);
    await later(second, 25);
    expect(await run(second)).toMatchObject({ type: 'done' });
    expect(await statesOf(stage, second)).toEqual({ accepted: 4 });
    expect(unwrap(await stage.campaigns.service.verify(second, stage.actor)).verified).toBe(true);
  }, 60_000);

  it('still leaves no room after the wait: it waits again, for those who are to leave next', async () => {
    const held = await plan(await addContacts(stage, 2));
    expect((await run((await plan(await addContacts(stage, LIMIT), 'send')).campaignId)).type).toBe('done');
    expect(await run(held.campaignId)).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, held.campaignId)).toEqual({ pending: 2 });
    await stage.pool.query(`UPDATE deliveries SET next_attempt_at = now() WHERE campaign_id = $1`, [
      held.campaignId,
    ]);
    expect(await run(held.campaignId)).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, held.campaignId)).toEqual({ pending: 2 });
    for (const at of await heldTimes(held.campaignId)) expect(at).toBeGreaterThan(Date.now() + DAY_MS / 2);
  }, 60_000);

  it('is looked at before anything is sent, also where a campaign runs before a worker comes to it', async () => {
    const { campaignId } = await plan(await addContacts(stage, 3));
    expect((await run((await plan(await addContacts(stage, LIMIT), 'send')).campaignId)).type).toBe('done');
    // As a launch does once its jobs are in the queue.
    await createCampaignRepository(stage.database).queued(campaignId, 'job');
    expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'running' });
    expect(await run(campaignId)).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, campaignId)).toEqual({ pending: 3 });
  }, 60_000);

  it('is looked at again after a pause: others may have used it meanwhile', async () => {
    const { campaignId } = await plan(await addContacts(stage, 3));
    const { service } = stage.campaigns;
    await createCampaignRepository(stage.database).queued(campaignId, 'job');
    unwrap(await service.pause(campaignId, stage.actor));
    expect((await run((await plan(await addContacts(stage, LIMIT), 'send')).campaignId)).type).toBe('done');
    unwrap(await service.resume(campaignId, stage.actor));
    expect(await run(campaignId)).toMatchObject({ type: 'later' });
    expect(await statesOf(stage, campaignId)).toEqual({ pending: 3 });
  }, 60_000);

  it('is looked at in steps; a pause in between ends that, and it begins anew when it goes on', async () => {
    const { campaignId } = await plan(await addContacts(stage, 5));
    const other = await plan(await addContacts(stage, 1));
    expect((await run((await plan(await addContacts(stage, LIMIT), 'send')).campaignId)).type).toBe('done');
    await createCampaignRepository(stage.database).queued(campaignId, 'job');
    const alive = 60_000;
    const step = <T>(work: (trx: Transaction) => Promise<T>): Promise<T> => transaction(stage.database, work);
    const look = await step((trx) => beginLook(trx, campaignId, alive));
    if (look === null || look === 'busy') throw new Error('There was nothing to look at.');
    expect(look.held).toHaveLength(5);
    expect(await step((trx) => holdSome(trx, look, look.held.slice(0, 2), alive))).toBe(true);
    expect(await heldTimes(campaignId)).toHaveLength(2);
    // Nobody of it is claimed meanwhile, and another campaign waits with its own look.
    const ledger = createLedgerRepository(stage.database);
    const claim = { id: look.held[4] ?? '', campaignId, owner: 'run', attempts: 0 };
    expect((await ledger.beginSending([claim], alive))(claim)).toBe(false);
    await createCampaignRepository(stage.database).begin(other.campaignId);
    expect(await step((trx) => beginLook(trx, other.campaignId, alive))).toBe('busy');

    unwrap(await stage.campaigns.service.pause(campaignId, stage.actor));
    expect(await step((trx) => holdSome(trx, look, look.held.slice(2), alive))).toBe(false);
    expect(await endLook(stage.database, look)).toBe(false);
    expect(await heldTimes(campaignId)).toHaveLength(2);
    unwrap(await stage.campaigns.service.resume(campaignId, stage.actor));
    await createLimitKeeper(stage.database, 2).begin(campaignId);
    expect(await heldTimes(campaignId)).toHaveLength(5);
  }, 60_000);

  it('is looked at anew where whoever did so has died', async () => {
    const { campaignId } = await plan(await addContacts(stage, 3));
    expect((await run((await plan(await addContacts(stage, LIMIT), 'send')).campaignId)).type).toBe('done');
    await createCampaignRepository(stage.database).begin(campaignId);
    const dead = await transaction(stage.database, (trx) => beginLook(trx, campaignId, 0));
    expect(dead).toMatchObject({ held: { length: 3 } });
    await createLimitKeeper(stage.database).look(campaignId);
    expect(await heldTimes(campaignId)).toHaveLength(3);
  }, 60_000);

  it('is kept by two that begin at the same moment: together they write to as many as it allows', async () => {
    const [first, second] = [
      await plan(await addContacts(stage, 4)),
      await plan(await addContacts(stage, 4)),
    ];
    await Promise.all([run(first.campaignId), run(second.campaignId)]);
    const states = await Promise.all([first, second].map(({ campaignId }) => statesOf(stage, campaignId)));
    expect(states.map(({ accepted }) => accepted).sort()).toEqual([2, 4]);
    expect(states.reduce((sum, { pending = 0 }) => sum + pending, 0)).toBe(2);
  }, 60_000);

  it('does not count who may be answered, nor who was written to already', async () => {
    const people = await addContacts(stage, LIMIT);
    expect((await run((await plan(people, 'send')).campaignId)).type).toBe('done');
    const [free] = await addContacts(stage, 1);
    await stage.pool.query(
      `INSERT INTO conversations (organization_id, sender_address, phone, last_inbound_at) VALUES ($1, '1', $2, now())`,
      [stage.actor.organizationId, free?.phone],
    );
    const again = await plan([...people.slice(0, 2), ...(free === undefined ? [] : [free])]);
    expect(await run(again.campaignId)).toMatchObject({ type: 'done' });
    expect(await statesOf(stage, again.campaignId)).toEqual({ accepted: 3 });
  }, 60_000);

  it('is passed at an operator’s word, and followed when it is raised', async () => {
    const [passed, raised] = [
      await plan(await addContacts(stage, 3)),
      await plan(await addContacts(stage, 3)),
    ];
    const full = await plan(await addContacts(stage, LIMIT), 'send');
    expect(await run(full.campaignId)).toMatchObject({ type: 'done' });
    for (const { campaignId } of [passed, raised]) expect((await run(campaignId)).type).toBe('later');
    expect(unwrap(await stage.campaigns.service.passLimit(passed.campaignId, stage.actor))).toMatchObject({
      keepsLimit: false,
      budget: null,
    });
    expect(await run(passed.campaignId)).toMatchObject({ type: 'done' });
    expect(await statesOf(stage, raised.campaignId)).toEqual({ pending: 3 });
    const adder: JobAdder = {
      addJob: (job) => stage.engine.queue(job.queue).add(job),
      addFlow: (parent, children) => stage.engine.addFlow(parent, children),
    };
    const recovery = createCampaignRecovery(
      stage.database,
      createCampaignJobs(stage.engine, adder, { finished: () => Promise.resolve() }),
    );
    await createLimitKeeper(stage.database).change(stage.actor.organizationId, 250, null);
    await recovery.recover();
    expect(await detailOf(stage, raised.campaignId)).toMatchObject({ keepsLimit: true, budget: null });
    expect(await run(raised.campaignId)).toMatchObject({ type: 'done' });
  }, 60_000);

  it.runIf(profile === 'shared')(
    'a begin that is cut off has begun nothing',
    async () => {
      const { campaignId } = await plan(await addContacts(stage, 3));
      const nearlyFull = await plan(await addContacts(stage, LIMIT - 1), 'send');
      expect(await run(nearlyFull.campaignId)).toMatchObject({ type: 'done' });
      const other = await stage.pool.connect();
      const key = `portfolio:${stage.actor.organizationId}:sandbox`;
      await other.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [key]);
      const cut = run(campaignId);
      await vi.waitUntil(
        async () => {
          const { rows } = await stage.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_locks
            WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
          );
          return rows.length > 0;
        },
        { timeout: 20_000 },
      );
      expect(await cut).toMatchObject({ type: 'later' });
      expect(await detailOf(stage, campaignId)).toMatchObject({ state: 'launching', counts: { pending: 3 } });
      await other.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [key]);
      other.release();
      expect(await run(campaignId)).toMatchObject({ type: 'later' });
      expect(await statesOf(stage, campaignId)).toEqual({ accepted: 1, pending: 2 });
    },
    60_000,
  );
});
