import { setTimeout as delay } from 'node:timers/promises';
import type { StepRun } from '@shared/contract/schedules';
import { transaction, type Database } from '../database/database';
import type { Engine } from '../engine/engine';
import type { CarrierWork, StepJobs } from '../engine/scheduler';
import type { Logger } from '../logging/logger';
import type { Claims } from './claims';
import { createScheduleRepository } from './repository';
import { createRunRepository, type RunRow } from './runs/repository';
import { endOfStep, startStep, type StepEnd, type StepTools } from './steps';

export interface WorkDependencies extends StepTools {
  readonly database: Database;
  readonly engine: Pick<Engine, 'queue' | 'scheduler'>;
  readonly claims: Claims;
  readonly logger: Logger;
  readonly now: () => number;
}

/** A wake-up this many ms early, by another machine's clock, waits for the time itself. */
const EARLY_MS = 5_000;

/** What a worker host does for schedules: takes what is due, and walks through the steps of a run. */
export function createScheduleWork(deps: WorkDependencies): CarrierWork {
  const { database, engine, claims, now } = deps;
  const schedules = createScheduleRepository(database);
  const runs = createRunRepository(database);

  const begun = async (runId: string): Promise<RunRow | null> => {
    await runs.holdLate(new Date(now()), runId);
    const begins = await transaction(database, (trx) =>
      createRunRepository(trx).begin(runId, new Date(now())),
    );
    if (begins) {
      const run = await runs.find(runId);
      if (run !== null) await schedules.countRun(run.scheduleId);
      deps.logger.info(
        `[schedules] “${run?.scheduleName ?? ''}” begins, due ${run?.dueAt.toISOString() ?? ''}`,
      );
      return run;
    }
    const run = await runs.find(runId);
    return run?.state === 'running' ? run : null;
  };

  const end = async (
    run: RunRow,
    steps: readonly StepRun[] | null,
    problem: string | null,
  ): Promise<'ended'> => {
    const state = problem === null ? 'succeeded' : 'failed';
    await runs.end(run.id, { state, steps, problem, at: new Date(now()) });
    deps.logger.info(
      `[schedules] “${run.scheduleName}” has ${state}${problem === null ? '' : `: ${problem}`}`,
    );
    for (const next of await runs.waiting(run.scheduleId)) await engine.scheduler.enqueueRun(next);
    return 'ended';
  };

  const start = async (run: RunRow, index: number, jobs: StepJobs): Promise<Partial<StepRun>> => {
    const startedAt = new Date(now()).toISOString();
    const started = await startStep(deps, run, index, jobs);
    if (started.ok) return { ...started.value, state: 'running', startedAt };
    const { message, action } = started.error;
    const problem = action === undefined ? message : `${message} ${action}`;
    return { state: 'failed', startedAt, endedAt: startedAt, problem };
  };

  /** The step as it is after a look at it. */
  const advanced = async (run: RunRow, index: number, step: StepRun, jobs: StepJobs): Promise<StepRun> => {
    if (step.state === 'waiting') return { ...step, ...(await start(run, index, jobs)) };
    if (step.state !== 'running') return step;
    const ended = await endOfStep(deps, run, step, jobs);
    return ended === null ? step : { ...step, ...settled(ended, new Date(now())) };
  };

  const walk = async (run: RunRow, jobs: StepJobs): Promise<'waits' | 'ended'> => {
    if (run.unreadable !== null)
      return end(run, null, `What was to be done cannot be read (${run.unreadable}).`);
    const steps = [...run.steps];
    for (const [index, before] of run.steps.entries()) {
      const step = await advanced(run, index, before, jobs);
      steps[index] = step;
      if (step.state === 'failed') return end(run, skipRest(steps), problemOf(steps, index));
      if (step !== before) await runs.saveSteps(run.id, steps);
      if (step.state === 'running') return 'waits';
    }
    return end(run, steps, null);
  };

  return {
    async due(scheduleId) {
      const found = await schedules.find(scheduleId);
      const nextRunAt = found?.readable === true ? found.row.nextRunAt : null;
      const early = (nextRunAt?.getTime() ?? 0) - now();
      if (early > 0 && early <= EARLY_MS) await delay(early);
      for (const runId of await claims.claim(scheduleId)) await engine.scheduler.enqueueRun(runId);
    },

    async run(runId, jobs) {
      const run = await begun(runId);
      return run === null ? 'ended' : walk(run, jobs);
    },
  };
}

const settled = (ended: StepEnd, at: Date): Partial<StepRun> => ({
  state: ended.ok ? 'succeeded' : 'failed',
  endedAt: at.toISOString(),
  problem: ended.ok ? null : ended.problem,
});

/** The chain stops: what came after the failed step is not done. */
const skipRest = (steps: readonly StepRun[]): StepRun[] =>
  steps.map((step) => (step.state === 'waiting' ? { ...step, state: 'skipped' } : step));

function problemOf(steps: readonly StepRun[], index: number): string {
  const why = steps[index]?.problem ?? 'It has failed.';
  const rest = steps.length - index - 1;
  if (steps.length === 1) return why;
  const skipped =
    rest === 0 ? '' : rest === 1 ? ' 1 step after it was skipped.' : ` ${rest} steps after it were skipped.`;
  return `Step ${index + 1} of ${steps.length} failed: ${why}${skipped}`;
}
