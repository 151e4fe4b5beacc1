import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Message } from '@shared/contract/campaigns';
import { unwrap } from '@shared/errors';
import { addContacts, openStage, profiles, type Stage } from '../../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../../database/testing/databases';
import { createCampaignJobs, type JobAdder } from '../jobs';
import { createPlanning } from '../planning';
import { createCampaignRecovery } from '../recovery';
import { createMessagingLimit } from './limit';

describe.each(profiles)('one limit for all consoles on the %s profile', (profile) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(profile);
  }, SET_UP_MS);
  afterAll(() => stage.close());

  /** What each console of an organization has of its own. */
  const openConsole = (formerPeople: number | null = null) => {
    const adder: JobAdder = {
      addJob: (job) => stage.engine.queue(job.queue).add(job),
      addFlow: (parent, children) => stage.engine.addFlow(parent, children),
    };
    const jobs = createCampaignJobs(stage.engine, adder, { finished: () => Promise.resolve() });
    const audited: unknown[] = [];
    const audit = ({ detail }: { readonly detail?: unknown }): Promise<void> => {
      audited.push(detail);
      return Promise.resolve();
    };
    return {
      limit: createMessagingLimit({ database: stage.database, audit }),
      recovery: createCampaignRecovery(stage.database, jobs, {
        formerLimit: { organizationId: stage.actor.organizationId, people: () => formerPeople },
      }),
      planning: createPlanning({
        database: stage.database,
        settings: () => stage.gateways.settings(),
        template: () => Promise.resolve(null),
      }),
      audited,
    };
  };

  const limitsOfCampaigns = async (): Promise<unknown[]> => {
    const { rows } = await stage.pool.query<{ name: string; people: number }>(
      'SELECT name, portfolio_limit AS people FROM campaigns ORDER BY name',
    );
    return rows;
  };

  it('the last word counts, and no look of another console takes it back', async () => {
    const [here, there] = [openConsole(), openConsole()];
    expect(await here.limit.get(stage.actor)).toEqual({ people: null, changedAt: null, changedBy: null });
    expect((await here.limit.set(10_000, stage.actor)).people).toBe(10_000);
    const contacts = await addContacts(stage, 3);
    const message = Message.parse({ channel: 'whatsapp', body: 'Hi!' });
    const audience = { kind: 'contacts' as const, contactIds: contacts.map(({ id }) => id) };
    const how = { priority: 1, startAt: null, missing: 'refuse' as const };
    const safety = { canary: false, stopAtFailureShare: null };
    unwrap(await here.planning.freeze({ name: 'A', audience, message, ...how, ...safety }, stage.actor));

    const changed = await there.limit.set(250, stage.actor);
    expect(changed).toMatchObject({ people: 250, changedBy: expect.any(String) as string });
    expect(there.audited).toEqual([{ people: 250, before: 10_000 }]);
    expect(await limitsOfCampaigns()).toEqual([{ name: 'A', people: 250 }]);
    for (const { recovery, limit } of [here, there, here]) {
      await recovery.recover();
      expect(await limit.get(stage.actor)).toEqual(changed);
    }
    const { budget } = await here.planning.preview(stage.actor.organizationId, { audience, message }, 1);
    expect(budget).toMatchObject({ limit: 250 });
    expect(await limitsOfCampaigns()).toEqual([{ name: 'A', people: 250 }]);
  });

  it('what a console kept in its settings before counts until somebody sets one', async () => {
    await stage.pool.query('DELETE FROM messaging_limits');
    const { recovery, limit } = openConsole(500);
    await recovery.recover();
    expect(await limit.get(stage.actor)).toMatchObject({ people: 500, changedBy: null });
    await limit.set(null, stage.actor);
    await recovery.recover();
    expect((await limit.get(stage.actor)).people).toBeNull();
  });

  it('what was launched while it was being changed follows at the next look', async () => {
    const { recovery, limit } = openConsole();
    await limit.set(2_000, stage.actor);
    await stage.pool.query('UPDATE campaigns SET portfolio_limit = 250');
    await recovery.recover();
    expect(await limitsOfCampaigns()).toEqual([{ name: 'A', people: 2_000 }]);
  });
});
