import { spawn } from 'node:child_process';
import { once as event } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addContacts } from '../../e2e/fixtures/campaign-stage';
import { WhatsAppContent } from '@shared/contract/message';
import type { ScheduleStep } from '@shared/contract/schedules';
import { unwrap } from '@shared/errors';
import { SET_UP_MS } from '../database/testing/databases';
import { cron, openScheduleStage, runIn, runsOf, type ScheduleStage } from './testing/schedule-stage';

const DYING = fileURLToPath(new URL('./testing/dying-host.ts', import.meta.url));

describe('a host that is killed', () => {
  let stage: ScheduleStage;
  let step: ScheduleStep;
  beforeAll(async () => {
    stage = await openScheduleStage('shared');
    const contacts = await addContacts(stage, 3);
    step = {
      kind: 'campaign',
      name: 'Weekly',
      audience: { kind: 'contacts', contactIds: contacts.map(({ id }) => id) },
      message: WhatsAppContent.parse({ channel: 'whatsapp', body: 'Hi' }),
      priority: 2,
      missing: 'skip',
    };
  }, SET_UP_MS);
  afterAll(() => stage.close());

  /** Lets another process do it until it kills itself with SIGKILL. */
  const dieAt = async (point: 'claim' | 'launch', id: string): Promise<void> => {
    const args = ['--import', 'tsx', DYING, stage.databaseUrl ?? '', stage.redisUrl ?? '', point, id];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const [code, signal] = (await event(child, 'exit')) as [number | null, string | null];
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
  };
  const campaigns = async (): Promise<number> =>
    (await stage.campaigns.service.list(stage.actor, { limit: 100 })).campaigns.length;

  it('between the claim and the queue, or between a launch and its record: one run, one campaign', async () => {
    const schedule = unwrap(
      await stage.schedules.service.save(cron([step], '0 9 * * 1'), undefined, stage.actor),
    );
    await stage.database
      .updateTable('job_schedules')
      .set({ next_run_at: new Date(Date.now() - 1_000) })
      .where('id', '=', schedule.id)
      .execute();
    await dieAt('claim', schedule.id);
    const [claimed] = await runsOf(stage, schedule.id);
    expect(claimed).toMatchObject({ state: 'due', begunAt: null });

    await dieAt('launch', claimed?.id ?? '');
    const [begun] = await runsOf(stage, schedule.id);
    expect(begun).toMatchObject({ state: 'running', steps: [{ state: 'waiting', campaignId: null }] });
    expect(await campaigns()).toBe(1);

    await stage.work();
    const run = await runIn(stage, schedule.id, 'succeeded', 'failed');
    expect(run).toMatchObject({ id: claimed?.id, state: 'succeeded' });
    expect(await runsOf(stage, schedule.id)).toHaveLength(1);
    expect(await campaigns()).toBe(1);
    const sent = await stage.campaigns.service.get(run.steps[0]?.campaignId ?? '', stage.actor);
    expect(unwrap(sent)).toMatchObject({ state: 'completed', counts: { accepted: 3 } });
  }, 120_000);
});
