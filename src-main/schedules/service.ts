import type {
  HeldCampaign,
  Schedule,
  ScheduleInput,
  ScheduleRun,
  UnreadableSchedule,
} from '@shared/contract/schedules';
import { upcoming } from '@shared/domain/schedule';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { CampaignRow } from '../campaigns/repository';
import type { Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { Logger } from '../logging/logger';
import { scheduleIssues } from './check';
import { freshSteps } from './claims';
import { createScheduleRepository, type ScheduleRow } from './repository';
import { createRunRepository } from './runs/repository';
import { wakeUpOf } from './upkeep';
import { heldOf, runOf, scheduleOf } from './view';

export interface ScheduleServiceDependencies {
  readonly database: Database;
  readonly engine: Pick<Engine, 'scheduler'>;
  readonly campaigns: { overdue(actor: Actor): Promise<CampaignRow[]> };
  readonly audit: Audit;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now: () => number;
}

/** The use cases of schedules. The database is written first; the engine follows, at the latest by the upkeep. */
export function createScheduleService(deps: ScheduleServiceDependencies) {
  const { database, audit, now } = deps;
  const { scheduler } = deps.engine;
  const schedules = createScheduleRepository(database);
  const runs = createRunRepository(database);

  const find = async (scheduleId: string, actor: Actor): Promise<Result<ScheduleRow>> => {
    const found = await schedules.find(scheduleId, actor.organizationId);
    if (found === null) return fail(notFound('schedule', scheduleId));
    return found.readable ? ok(found.row) : fail(unreadableSchedule(found.row));
  };

  const get = async (scheduleId: string, actor: Actor): Promise<Result<Schedule>> => {
    const found = await find(scheduleId, actor);
    if (!found.ok) return found;
    const [last] = await runs.ofSchedule(scheduleId, 1);
    return ok(scheduleOf(found.value, last ?? null, now()));
  };

  const getRun = async (runId: string, actor: Actor): Promise<Result<ScheduleRun>> => {
    const row = await runs.find(runId, actor.organizationId);
    return row === null ? fail(notFound('run', runId)) : ok(runOf(row));
  };

  /** The database says already what is meant: where the engine is away, the upkeep does it when it is back. */
  const inEngine = async (act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      deps.logger.warn('The queue engine is told of a schedule later.', { error });
    }
  };

  const nextOf = (row: Pick<ScheduleRow, 'when'>): Date | null => {
    const [next] = upcoming(row.when, now(), 1);
    return next === undefined ? null : new Date(next);
  };

  /** Makes the engine's wake-ups of one schedule be what the database says. */
  const wake = (row: Pick<ScheduleRow, 'id' | 'when'>, wanted: boolean): Promise<void> =>
    inEngine(() => (wanted ? scheduler.put(wakeUpOf(row.id, row.when)) : scheduler.remove(row.id)));

  const record = (
    actor: Actor,
    verb: string,
    target: string,
    detail: Readonly<Record<string, unknown>> = {},
  ) => audit({ actor, action: `schedules.${verb}`, target, detail });

  return {
    get,

    async list(actor: Actor): Promise<{ schedules: Schedule[]; unreadable: UnreadableSchedule[] }> {
      const [{ rows, unreadable }, last] = await Promise.all([
        schedules.list(actor.organizationId),
        runs.lastRuns(actor.organizationId),
      ]);
      return { schedules: rows.map((row) => scheduleOf(row, last.get(row.id) ?? null, now())), unreadable };
    },

    async save(
      input: ScheduleInput,
      scheduleId: string | undefined,
      actor: Actor,
    ): Promise<Result<Schedule>> {
      const issues = scheduleIssues(input, actor, now());
      if (issues.length > 0)
        return fail({ code: 'invalid_input', message: 'The schedule is not ready to be saved.', issues });
      const next = nextOf(input);
      if (next === null) throw new Error('a schedule without a next time was found right');
      if (scheduleId === undefined) {
        const id = await schedules.insert(actor, input, next);
        await record(actor, 'create', id, { name: input.name });
        await wake({ id, when: input.when }, true);
        return get(id, actor);
      }
      const found = await find(scheduleId, actor);
      if (!found.ok) return found;
      const { active } = found.value;
      await schedules.update(scheduleId, actor.userId, input, active ? next : null);
      await record(actor, 'change', scheduleId, { name: input.name });
      await wake({ id: scheduleId, when: input.when }, active);
      return get(scheduleId, actor);
    },

    async pause(scheduleId: string, actor: Actor): Promise<Result<Schedule>> {
      const found = await find(scheduleId, actor);
      if (!found.ok) return found;
      if (!(await schedules.setActive(scheduleId, false, null))) return fail(already(found.value, 'paused'));
      await record(actor, 'pause', scheduleId);
      await wake(found.value, false);
      return get(scheduleId, actor);
    },

    async resume(scheduleId: string, actor: Actor): Promise<Result<Schedule>> {
      const found = await find(scheduleId, actor);
      if (!found.ok) return found;
      const next = nextOf(found.value);
      if (next === null) return fail(over(found.value));
      if (!(await schedules.setActive(scheduleId, true, next))) return fail(already(found.value, 'active'));
      await record(actor, 'resume', scheduleId);
      await wake(found.value, true);
      return get(scheduleId, actor);
    },

    async runNow(scheduleId: string, actor: Actor): Promise<Result<ScheduleRun>> {
      const found = await find(scheduleId, actor);
      if (!found.ok) return found;
      const { running, waiting } = await runs.underWay(scheduleId);
      if (waiting || (running && found.value.overlap === 'skip')) return fail(goesOn(found.value));
      const runId = await runs.insert({
        organizationId: actor.organizationId,
        scheduleId,
        dueAt: new Date(now()),
        cause: 'operator',
        state: 'due',
        missed: 0,
        steps: freshSteps(found.value.steps),
      });
      if (runId === null)
        return fail({ code: 'conflict', message: `“${found.value.name}” begins at this very moment.` });
      await record(actor, 'run', scheduleId, { runId });
      await inEngine(() => scheduler.enqueueRun(runId));
      return getRun(runId, actor);
    },

    /** Also one that cannot be read. */
    async remove(scheduleId: string, actor: Actor): Promise<Result<Record<string, never>>> {
      const found = await schedules.find(scheduleId, actor.organizationId);
      if (found === null) return fail(notFound('schedule', scheduleId));
      await schedules.setRemoved(scheduleId, true);
      await record(actor, 'remove', scheduleId, { name: found.row.name });
      await inEngine(() => scheduler.remove(scheduleId));
      return ok({});
    },

    /** Times that passed meanwhile are not made up for. */
    async restore(scheduleId: string, actor: Actor): Promise<Result<Record<string, never>>> {
      const found = await schedules.findRemoved(scheduleId, actor.organizationId);
      if (found === null) return fail(notFound('removed schedule', scheduleId));
      await schedules.setRemoved(scheduleId, false);
      await record(actor, 'restore', scheduleId, { name: found.row.name });
      if (!found.readable) return ok({});
      const { row } = found;
      if (row.active && row.nextRunAt !== null && row.nextRunAt.getTime() <= now())
        await schedules.moveOn(scheduleId, row.nextRunAt, nextOf(row));
      await wake(row, row.active);
      return ok({});
    },

    async runs(scheduleId: string, limit: number, actor: Actor): Promise<Result<ScheduleRun[]>> {
      const found = await find(scheduleId, actor);
      return found.ok ? ok((await runs.ofSchedule(scheduleId, limit)).map(runOf)) : found;
    },

    async overdue(actor: Actor): Promise<{ runs: ScheduleRun[]; campaigns: HeldCampaign[] }> {
      const [late, held] = await Promise.all([
        runs.overdue(actor.organizationId),
        deps.campaigns.overdue(actor),
      ]);
      return { runs: late.map(runOf), campaigns: held.map(heldOf) };
    },

    async decide(runId: string, answer: 'run' | 'skip', actor: Actor): Promise<Result<ScheduleRun>> {
      const found = await getRun(runId, actor);
      if (!found.ok) return found;
      if (answer === 'run' && found.value.unreadable !== null) return fail(unreadableRun(found.value));
      if (!(await runs.decide(runId, answer, { userId: actor.userId, at: new Date(now()) }))) {
        return fail({
          code: 'conflict',
          message: `This run of “${found.value.scheduleName}” waits for no answer: it is ${found.value.state}.`,
        });
      }
      await record(actor, answer === 'run' ? 'run-overdue' : 'skip-overdue', found.value.scheduleId, {
        runId,
      });
      if (answer === 'run') await inEngine(() => scheduler.enqueueRun(runId));
      return getRun(runId, actor);
    },
  };
}
export type ScheduleService = ReturnType<typeof createScheduleService>;

const already = ({ name }: ScheduleRow, what: string) => ({
  code: 'conflict' as const,
  message: `“${name}” is ${what} already.`,
});

const goesOn = ({ name }: ScheduleRow) => ({
  code: 'conflict' as const,
  message: `A run of “${name}” is still going on, and its runs never overlap.`,
  action: 'Wait for its end, or have runs of this schedule wait for one another.',
});

const unreadableSchedule = ({ name, why }: UnreadableSchedule) => ({
  code: 'conflict' as const,
  message: `“${name}” cannot be read, and does not run (${why}).`,
  action: 'Remove it, and schedule again what it was to do.',
});

const unreadableRun = ({ scheduleName, unreadable }: ScheduleRun) => ({
  code: 'conflict' as const,
  message: `What this run of “${scheduleName}” was to do cannot be read (${unreadable ?? ''}).`,
  action: 'Skip it, and run the schedule itself.',
});

const over = ({ name }: ScheduleRow) => ({
  code: 'conflict' as const,
  message: `The time of “${name}” is over.`,
  action: 'Give it another time, or run it now.',
});
