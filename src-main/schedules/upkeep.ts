import type { ScheduleWhen } from '@shared/contract/schedules';
import type { Database } from '../database/database';
import type { Engine, WakeUp } from '../engine/engine';
import { oncePattern } from '../engine/scheduler';
import type { Claims } from './claims';
import { createScheduleRepository } from './repository';
import { createRunRepository } from './runs/repository';

/**
 * Brings the engine in line with the database, which is the truth: call it at the start and every minute, in
 * consoles and worker hosts. What is due is taken though nobody was woken up, what did not begin in its time
 * asks, runs that lost their worker go on, and the engine's wake-ups are those that should be there, also after
 * a change of the engine. Safe at any time and from any number of processes.
 */
export function createUpkeep(deps: {
  readonly database: Database;
  readonly engine: Pick<Engine, 'scheduler'>;
  readonly claims: Claims;
  readonly now: () => number;
}): () => Promise<void> {
  const { scheduler } = deps.engine;
  const schedules = createScheduleRepository(deps.database);
  const runs = createRunRepository(deps.database);

  const reconcile = async (): Promise<void> => {
    const known = new Map((await scheduler.list()).map((each) => [each.id, each]));
    for (const { id, when, nextRunAt } of await schedules.waiting()) {
      const wanted = wakeUpOf(id, when);
      const found = known.get(id);
      known.delete(id);
      // One whose next time is not the schedule's lost a job of it, or was changed by somebody else.
      const same =
        found?.pattern === wanted.pattern &&
        found.timeZone === wanted.timeZone &&
        found.next === nextRunAt?.getTime();
      if (!same) await scheduler.put(wanted);
    }
    for (const id of known.keys()) await scheduler.remove(id);
  };

  return async () => {
    await deps.claims.claim();
    await runs.holdLate(new Date(deps.now()));
    for (const runId of await runs.open()) await scheduler.enqueueRun(runId);
    await reconcile();
  };
}

export const wakeUpOf = (id: string, when: ScheduleWhen): WakeUp => ({
  id,
  timeZone: when.timeZone,
  pattern: when.kind === 'cron' ? when.pattern : oncePattern(when.at),
});
