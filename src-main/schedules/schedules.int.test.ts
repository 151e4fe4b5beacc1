import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addContacts, launchTo, profiles, statesOf } from '../../e2e/fixtures/campaign-stage';
import { WhatsAppContent } from '@shared/contract/message';
import type { ScheduleStep } from '@shared/contract/schedules';
import { ContactId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { transaction } from '../database/database';
import { SET_UP_MS } from '../database/testing/databases';
import type { StepJobs } from '../engine/scheduler';
import { createRunRepository } from './runs/repository';
import { createTemplateRepository } from '../templates/repository';
import {
  cron,
  once,
  openScheduleStage,
  runIn,
  runsOf,
  templateStep,
  type ScheduleStage,
} from './testing/schedule-stage';

type CampaignStep = Extract<ScheduleStep, { kind: 'campaign' }>;

const MINUTE = 60_000;
/** For a run that begins nothing. */
const NO_JOBS: StepJobs = { parent: { queue: '', id: '' }, outcome: () => Promise.resolve(undefined) };
const NOBODY = '00000000-0000-4000-8000-000000000001';

describe.each(profiles)('schedules on the %s profile', (profile) => {
  let stage: ScheduleStage;
  let contactIds: string[] = [];
  let render: ScheduleStep;
  const fails = templateStep(NOBODY, []);

  beforeAll(async () => {
    stage = await openScheduleStage(profile);
    const contacts = await addContacts(stage, 3);
    contactIds = contacts.map(({ id }) => id);
    const templateId = await createTemplateRepository(stage.database).create(
      stage.actor.organizationId,
      {
        name: 'Hello',
        channel: 'whatsapp',
        subject: null,
        body: 'Hi',
        variables: [],
        contentHash: 'x',
        restoredFrom: null,
      },
      stage.actor.userId,
    );
    render = templateStep(templateId, contactIds);
  }, SET_UP_MS);
  afterAll(() => stage.close());
  afterEach(() => {
    stage.ahead(0);
  });

  const save = async (input: Parameters<typeof stage.schedules.service.save>[0], id?: string) =>
    unwrap(await stage.schedules.service.save(input, id, stage.actor));
  const campaign = (name: string): CampaignStep => ({
    kind: 'campaign',
    name,
    audience: { kind: 'contacts', contactIds: contactIds.map((id) => ContactId.parse(id)) },
    message: WhatsAppContent.parse({ channel: 'whatsapp', body: 'Hi {{name|you}}' }),
    priority: 2,
    missing: 'skip',
  });

  describe('in the engine', () => {
    it('are what the database says, whatever was there', async () => {
      const { scheduler } = stage.engine;
      const schedule = await save(cron([render], '30 9 * * 1-5', 'Europe/Berlin'));
      const found = async () => (await scheduler.list()).find(({ id }) => id === schedule.id);
      expect(await found()).toEqual({
        id: schedule.id,
        pattern: '30 9 * * 1-5',
        timeZone: 'Europe/Berlin',
        next: Date.parse(schedule.nextRuns[0] ?? ''),
      });
      await scheduler.remove(schedule.id);
      await scheduler.put({ id: 'stale', pattern: '* * * * *', timeZone: 'UTC' });
      await stage.schedules.upkeep();
      expect((await scheduler.list()).map(({ id }) => id)).toEqual([schedule.id]);

      await scheduler.put({ id: schedule.id, pattern: '0 0 1 1 *', timeZone: 'UTC' });
      await stage.schedules.upkeep();
      expect(await found()).toMatchObject({ pattern: '30 9 * * 1-5' });

      unwrap(await stage.schedules.service.pause(schedule.id, stage.actor));
      expect(await scheduler.list()).toEqual([]);
      unwrap(await stage.schedules.service.resume(schedule.id, stage.actor));
      expect(await scheduler.list()).toHaveLength(1);
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
      expect(await scheduler.list()).toEqual([]);
      expect(await stage.schedules.service.list(stage.actor)).toEqual({ schedules: [], unreadable: [] });
      unwrap(await stage.schedules.service.restore(schedule.id, stage.actor));
      expect(unwrap(await stage.schedules.service.get(schedule.id, stage.actor))).toMatchObject({
        state: 'active',
        nextRuns: schedule.nextRuns,
      });
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
    });
  });

  describe('with what is wrong', () => {
    it('are refused, each field named', async () => {
      const refused = await stage.schedules.service.save(
        {
          ...cron([{ ...render, data: { templateId: 'x' } } as ScheduleStep, campaign('x')]),
          when: { kind: 'cron', pattern: '61 * * * *', timeZone: 'UTC' },
        },
        undefined,
        stage.actor,
      );
      expect(refused.ok ? [] : refused.error).toMatchObject({
        code: 'invalid_input',
        issues: [
          { path: 'when.pattern' },
          { path: 'steps.0.data.templateId' },
          { path: 'steps.0.data.version' },
          { path: 'steps.0.data.contactIds' },
        ],
      });
      const past = await stage.schedules.service.save(once([render], -MINUTE), undefined, stage.actor);
      expect(past).toMatchObject({ error: { issues: [{ path: 'when.at', message: 'This time is over.' }] } });
      const zone = { ...cron([render]), when: { ...cron([]).when, timeZone: 'Mars/Olympus' } };
      expect(await stage.schedules.service.save(zone, undefined, stage.actor)).toMatchObject({
        error: { issues: [{ path: 'when.timeZone' }] },
      });
    });
  });

  describe('of which something stored cannot be read', () => {
    it('show all others, say what is wrong, and never begin what nobody can read', async () => {
      const good = await save(cron([render], '0 9 * * *'));
      const bad = await save({ ...cron([render], '0 9 * * *'), name: 'Broken' });
      const { service } = stage.schedules;
      const add = (dueAt: string, steps: string) =>
        stage.pool.query<{ id: string }>(
          `INSERT INTO schedule_runs (organization_id, schedule_id, due_at, cause, state, steps)
           VALUES ($1, $2, $3, 'schedule', 'overdue', $4::jsonb) RETURNING id`,
          [stage.actor.organizationId, good.id, dueAt, steps],
        );
      await add('2030-01-01T00:00:00Z', '[]');
      const unread = (await add('2030-01-02T00:00:00Z', '[{"step": {"kind": "fax"}}]')).rows[0]?.id ?? '';
      expect(await runsOf(stage, good.id)).toMatchObject([
        {
          id: unread,
          state: 'overdue',
          steps: [],
          unreadable: expect.stringContaining('0.step.kind') as string,
        },
        { state: 'overdue', unreadable: null },
      ]);
      expect((await service.overdue(stage.actor)).runs).toHaveLength(2);
      expect(await service.decide(unread, 'run', stage.actor)).toMatchObject({ error: { code: 'conflict' } });
      expect(unwrap(await service.decide(unread, 'skip', stage.actor))).toMatchObject({ state: 'skipped' });

      // What a worker comes to all the same ends, and what was stored stays.
      await stage.pool.query(
        `UPDATE schedule_runs SET state = 'due', due_at = now(), decided_at = NULL WHERE id = $1`,
        [unread],
      );
      expect(await stage.schedules.work.run(unread, NO_JOBS)).toBe('ended');
      const { rows } = await stage.pool.query(
        `SELECT state, problem, steps FROM schedule_runs WHERE id = $1`,
        [unread],
      );
      expect(rows).toMatchObject([
        {
          state: 'failed',
          problem: expect.stringContaining('cannot be read') as string,
          steps: [{ step: { kind: 'fax' } }],
        },
      ]);

      await stage.pool.query(`UPDATE job_schedules SET job_data = '{}', next_run_at = now() WHERE id = $1`, [
        bad.id,
      ]);
      expect(await service.list(stage.actor)).toMatchObject({
        schedules: [{ id: good.id }],
        unreadable: [{ id: bad.id, name: 'Broken', why: expect.stringContaining('steps') as string }],
      });
      await stage.schedules.upkeep();
      expect(await runsOf(stage, good.id)).toHaveLength(2);
      for (const id of [good.id, bad.id])
        await stage.pool.query('DELETE FROM job_schedules WHERE id = $1', [id]);
    });

    it('refuse in words what cannot be done with it, and let it be removed and brought back', async () => {
      const { id } = await save({ ...cron([render], '0 9 * * *'), name: 'Broken' });
      await stage.pool.query(`UPDATE job_schedules SET job_data = '{}' WHERE id = $1`, [id]);
      const { service, work } = stage.schedules;
      for (const act of ['get', 'pause', 'resume', 'runNow'] as const)
        expect(await service[act](id, stage.actor)).toMatchObject({
          error: {
            code: 'conflict',
            message: expect.stringContaining('“Broken” cannot be read') as string,
            action: expect.stringContaining('Remove it') as string,
          },
        });
      await work.due(id);

      unwrap(await service.remove(id, stage.actor));
      expect((await service.list(stage.actor)).unreadable).toEqual([]);
      expect((await stage.engine.scheduler.list()).map((each) => each.id)).not.toContain(id);
      unwrap(await service.restore(id, stage.actor));
      expect((await service.list(stage.actor)).unreadable).toMatchObject([{ id, name: 'Broken' }]);
      await stage.pool.query('DELETE FROM job_schedules WHERE id = $1', [id]);
    });
  });

  describe('found late, with no engine needed', () => {
    it('ask instead of beginning, one question for all that was missed', async () => {
      const schedule = await save(cron([render], '*/15 * * * *'));
      // Every quarter of an hour: four hours and a bit later the last one is up to 15 minutes ago.
      const [first = ''] = schedule.nextRuns;
      const ahead = Date.parse(first) - Date.now() + 4 * 60 * MINUTE + 12 * MINUTE;
      stage.ahead(ahead);
      await stage.schedules.upkeep();
      await stage.schedules.upkeep();
      const [run, ...more] = await runsOf(stage, schedule.id);
      expect(more).toEqual([]);
      expect(run).toMatchObject({ state: 'overdue', missed: 16, cause: 'schedule', begunAt: null });
      const { runs } = await stage.schedules.service.overdue(stage.actor);
      expect(runs.map(({ id }) => id)).toEqual([run?.id]);

      const skipped = unwrap(await stage.schedules.service.decide(runs[0]?.id ?? '', 'skip', stage.actor));
      expect(skipped).toMatchObject({ state: 'skipped', problem: 'Skipped by an operator.' });
      expect(await stage.schedules.service.decide(skipped.id, 'run', stage.actor)).toMatchObject({
        error: { code: 'conflict' },
      });
      // A question that nobody answered is withdrawn when the next time comes.
      stage.ahead(ahead + 30 * MINUTE);
      await stage.schedules.upkeep();
      stage.ahead(ahead + 45 * MINUTE);
      await stage.schedules.upkeep();
      const states = (await runsOf(stage, schedule.id)).map(({ state, problem }) => [state, problem]);
      expect(states).toEqual([
        ['overdue', null],
        ['skipped', 'The next time came before anybody answered.'],
        ['skipped', 'Skipped by an operator.'],
      ]);
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
      expect((await stage.schedules.service.overdue(stage.actor)).runs).toEqual([]);
    });

    it('begin where they are found within their grace, and ask where no worker came for them', async () => {
      const schedule = await save(once([render], MINUTE));
      stage.ahead(3 * MINUTE);
      await stage.schedules.upkeep();
      expect(await runsOf(stage, schedule.id)).toMatchObject([{ state: 'due', missed: 0 }]);
      stage.ahead(12 * MINUTE);
      await stage.schedules.upkeep();
      expect(await runsOf(stage, schedule.id)).toMatchObject([{ state: 'overdue' }]);
      expect(unwrap(await stage.schedules.service.get(schedule.id, stage.actor))).toMatchObject({
        state: 'ended',
        nextRuns: [],
      });
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
    });

    it('become one run whoever sees them, however often, at the same time', async () => {
      const schedule = await save(cron([render], '0 * * * *'));
      stage.ahead(Date.parse(schedule.nextRuns[0] ?? '') - Date.now() + MINUTE);
      const others = [stage.schedules, stage.another(stage.engine), stage.another(stage.engine)];
      await Promise.all(
        others.flatMap(({ work, upkeep }) => [work.due(schedule.id), upkeep(), work.due(schedule.id)]),
      );
      expect(await runsOf(stage, schedule.id)).toHaveLength(1);
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
    });
  });

  describe('whose run takes longer than their interval', () => {
    const begin = (runId: string) =>
      transaction(stage.database, (trx) => createRunRepository(trx).begin(runId, new Date()));
    const endOf = async (runId: string) =>
      createRunRepository(stage.database).end(runId, {
        ...{ state: 'succeeded', steps: [], problem: null },
        at: new Date(Date.now() + 30 * MINUTE),
      });
    /** The schedule with its first run going on, and two times that came meanwhile. */
    const twoBehind = async (overlap: 'skip' | 'queue') => {
      const schedule = await save({ ...cron([render], '*/5 * * * *'), overlap });
      const first = Date.parse(schedule.nextRuns[0] ?? '') - Date.now();
      stage.ahead(first + 1_000);
      await stage.schedules.upkeep();
      const [running] = await runsOf(stage, schedule.id);
      expect(await begin(running?.id ?? '')).toBe(true);
      for (const minutes of [5, 10]) {
        stage.ahead(first + minutes * MINUTE + 1_000);
        await stage.schedules.upkeep();
      }
      // The one that waits is not late: somebody is there, and it cannot begin.
      stage.ahead(first + 14.5 * MINUTE);
      await stage.schedules.upkeep();
      return { schedule, running: running?.id ?? '', first };
    };

    it('leave the times out that come meanwhile, and say so', async () => {
      const { schedule, running } = await twoBehind('skip');
      const problem = 'Left out: the run before it had not ended yet.';
      expect(await runsOf(stage, schedule.id)).toMatchObject([
        { state: 'skipped', problem, steps: [{ state: 'skipped' }] },
        { state: 'skipped', problem },
        { state: 'running', id: running },
      ]);
      expect(await stage.schedules.service.runNow(schedule.id, stage.actor)).toMatchObject({
        error: { code: 'conflict', message: expect.stringContaining('never overlap') as string },
      });
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
    });

    it('have one wait for the end where that is chosen, however long it takes', async () => {
      const { schedule, running, first } = await twoBehind('queue');
      const [, waiting] = await runsOf(stage, schedule.id);
      expect(await runsOf(stage, schedule.id)).toMatchObject([
        { state: 'skipped', problem: 'Left out: one run waited already for the one before it to end.' },
        { state: 'due', problem: null },
        { state: 'running', id: running },
      ]);
      expect(await begin(waiting?.id ?? '')).toBe(false);
      await endOf(running);
      stage.ahead(first + 14.6 * MINUTE);
      await stage.schedules.upkeep();
      expect(await begin(waiting?.id ?? '')).toBe(true);
      unwrap(await stage.schedules.service.remove(schedule.id, stage.actor));
    });
  });

  describe('with workers', () => {
    beforeAll(async () => {
      await stage.work();
      await stage.work();
    }, 60_000);

    it('fire at their time, once though two hosts look after them, and say how it ended', async () => {
      const schedule = await save(once([render], 2_500));
      const run = await runIn(stage, schedule.id, 'succeeded', 'failed');
      expect(run).toMatchObject({
        state: 'succeeded',
        problem: null,
        steps: [{ state: 'succeeded', queue: 'template-processing' }],
      });
      expect(await runsOf(stage, schedule.id)).toHaveLength(1);
      const job = await stage.engine.queue('template-processing').job(run.steps[0]?.jobId ?? never());
      expect(job).toMatchObject({ state: 'completed', result: { successCount: 3 }, parent: null });
      const ended = unwrap(await stage.schedules.service.get(schedule.id, stage.actor));
      expect(ended).toMatchObject({ state: 'ended', runs: 1, lastRun: { id: run.id } });
    });

    it('launch a campaign of their own at each run, frozen then', async () => {
      const schedule = await save(cron([campaign('Weekly')], '0 9 * * 1'));
      const first = unwrap(await stage.schedules.service.runNow(schedule.id, stage.actor));
      await runIn(stage, schedule.id, 'succeeded');
      const [more] = await addContacts(stage, 1);
      contactIds = [...contactIds, more?.id ?? ''];
      await save({ ...cron([campaign('Weekly')], '0 9 * * 1') }, schedule.id);
      unwrap(await stage.schedules.service.runNow(schedule.id, stage.actor));
      const [last] = await waitFor(async () => {
        const runs = await runsOf(stage, schedule.id);
        return runs.length === 2 && runs.every(({ state }) => state === 'succeeded') ? runs : undefined;
      });
      const ids = (await runsOf(stage, schedule.id)).map((run) => run.steps[0]?.campaignId ?? '');
      expect(new Set(ids).size).toBe(2);
      const details = await Promise.all(ids.map((id) => stage.campaigns.service.get(id, stage.actor)));
      expect(details.map((detail) => unwrap(detail).recipients)).toEqual([4, 3]);
      expect(unwrap(details[1] ?? never()).name).toMatch(/^Weekly · \d{4}-\d\d-\d\d \d\d:\d\d$/);
      expect(last?.cause).toBe('operator');
      expect(first.lateMs).toBeNull();
    });

    it('do one step after the other, and stop where one fails', async () => {
      const good = await save(cron([render, campaign('After it'), render], '0 9 * * 1'));
      unwrap(await stage.schedules.service.runNow(good.id, stage.actor));
      const { steps } = await runIn(stage, good.id, 'succeeded', 'failed');
      expect(steps.map(({ state }) => state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      for (const [index, step] of steps.slice(1).entries())
        expect(Date.parse(step.startedAt ?? '')).toBeGreaterThanOrEqual(
          Date.parse(steps[index]?.endedAt ?? ''),
        );

      const bad = await save(cron([render, fails, campaign('Never')], '0 9 * * 1'));
      unwrap(await stage.schedules.service.runNow(bad.id, stage.actor));
      const run = await runIn(stage, bad.id, 'succeeded', 'failed');
      expect(run.steps.map(({ state }) => state)).toEqual(['succeeded', 'failed', 'skipped']);
      expect(run.problem).toMatch(/^Step 2 of 3 failed: .+ 1 step after it was skipped\.$/);
      expect(run.steps[2]).toMatchObject({ campaignId: null, jobId: null });
    });

    it('say why a campaign could not be launched', async () => {
      const nobody: CampaignStep = {
        ...campaign('Nobody'),
        audience: { kind: 'tags', tags: ['no such tag'], excludeTags: [] },
      };
      const schedule = await save(cron([nobody], '0 9 * * 1'));
      unwrap(await stage.schedules.service.runNow(schedule.id, stage.actor));
      const run = await runIn(stage, schedule.id, 'failed');
      expect(run.problem).toMatch(/^This audience reaches nobody\./);
    });

    it('hold a campaign whose start time passed while nothing was running, until somebody says so', async () => {
      const contacts = await addContacts(stage, 2);
      const late = async () => {
        const launched = await launchTo(stage, contacts, {}, new Date(Date.now() + 60 * MINUTE));
        await stage.database
          .updateTable('campaigns')
          .set({ scheduled_at: new Date(Date.now() - 11 * MINUTE) })
          .where('id', '=', launched.campaignId)
          .execute();
        return launched;
      };
      const { campaignId, jobId } = await late();
      // As after a start: its job is due, and a worker takes it.
      await stage.engine.queue('bulk-messages').promote(jobId ?? never());
      const overdue = async () => (await stage.schedules.service.overdue(stage.actor)).campaigns;
      await waitFor(async () => ((await overdue()).length > 0 ? true : undefined));
      expect(await overdue()).toMatchObject([{ id: campaignId, name: 'Spring sale' }]);
      expect(await statesOf(stage, campaignId)).toEqual({ pending: 2 });
      unwrap(await stage.campaigns.service.resume(campaignId, stage.actor));
      await waitFor(async () => ((await statesOf(stage, campaignId))['accepted'] === 2 ? true : undefined));

      // Somebody was there all the time, and the queue was long: it goes on.
      const behind = await late();
      await stage.database
        .updateTable('campaigns')
        .set({ due_seen_at: new Date(Date.now() - MINUTE) })
        .where('id', '=', behind.campaignId)
        .execute();
      await stage.campaigns.recovery.noteDue();
      await stage.engine.queue('bulk-messages').promote(behind.jobId ?? never());
      await waitFor(async () =>
        (await statesOf(stage, behind.campaignId))['accepted'] === 2 ? true : undefined,
      );

      // As where no worker runs at all: the console's own look finds it.
      const other = await late();
      await stage.campaigns.recovery.recover();
      expect(await overdue()).toMatchObject([{ id: other.campaignId }]);
      unwrap(await stage.campaigns.service.cancel(other.campaignId, stage.actor));
      expect(await overdue()).toEqual([]);
    });

    it('begin an overdue run once somebody says so', async () => {
      const schedule = await save(cron([render], '0 0 1 1 *'));
      const [next = ''] = schedule.nextRuns;
      stage.ahead(Date.parse(next) - Date.now() + 24 * 60 * MINUTE);
      await stage.schedules.upkeep();
      const run = await runIn(stage, schedule.id, 'overdue');
      unwrap(await stage.schedules.service.decide(run.id, 'run', stage.actor));
      const done = await runIn(stage, schedule.id, 'succeeded', 'failed', 'overdue');
      expect(done).toMatchObject({ id: run.id, state: 'succeeded' });
      expect(done.lateMs).toBeGreaterThan(24 * 60 * MINUTE - 1);
    });
  });

  const waitFor = async <T>(check: () => Promise<T | undefined>): Promise<T> => {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
      const value = await check();
      if (value !== undefined) return value;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return never();
  };
});

const never = (): never => {
  throw new Error('It is not there.');
};
