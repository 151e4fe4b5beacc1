import type { ScheduleStep, StepRun } from '@shared/contract/schedules';
import { dueTimes, upcoming } from '@shared/domain/schedule';
import { transaction, type Database } from '../database/database';
import { createScheduleRepository, type ScheduleRow } from './repository';
import { createRunRepository } from './runs/repository';

/**
 * Turns due times into runs, one for each, whoever finds them and however often. What is found later than the
 * schedule's grace becomes a question; of several times that passed unseen only the latest becomes a run.
 */
export interface Claims {
  /** Of all schedules, or of the one named. Answers the ids of the runs that are to begin. */
  claim(scheduleId?: string): Promise<string[]>;
}

export function createClaims(database: Database, now: () => number): Claims {
  return {
    claim: (scheduleId) =>
      transaction(database, async (trx) => {
        const schedules = createScheduleRepository(trx);
        const runs = createRunRepository(trx);
        const at = now();
        const claimed: string[] = [];
        for (const schedule of await schedules.lockDue(new Date(at), scheduleId)) {
          const due = dueOf(schedule, at);
          if (due === null) continue;
          const standing = due.late
            ? ({ state: 'overdue' } as const)
            : behind(schedule.overlap, await runs.underWay(schedule.id));
          const runId = await runs.insert({
            organizationId: schedule.organizationId,
            scheduleId: schedule.id,
            dueAt: due.at,
            cause: 'schedule',
            missed: due.missed,
            steps: freshSteps(schedule.steps).map((step) =>
              standing.state === 'skipped' ? { ...step, state: 'skipped' } : step,
            ),
            ...standing,
          });
          await runs.supersede(schedule.id, due.at);
          await runs.forgetOld(schedule.id);
          const [next] = upcoming(schedule.when, at, 1);
          await schedules.moveOn(schedule.id, due.at, next === undefined ? null : new Date(next));
          if (runId !== null && standing.state === 'due') claimed.push(runId);
        }
        return claimed;
      }),
  };
}

/** What becomes of a time that comes now: runs of one schedule never overlap. */
function behind(
  overlap: ScheduleRow['overlap'],
  { running, waiting }: { readonly running: boolean; readonly waiting: boolean },
): { state: 'due' } | { state: 'skipped'; problem: string } {
  if (!running && !waiting) return { state: 'due' };
  if (overlap === 'skip')
    return { state: 'skipped', problem: 'Left out: the run before it had not ended yet.' };
  return waiting
    ? { state: 'skipped', problem: 'Left out: one run waited already for the one before it to end.' }
    : { state: 'due' };
}

function dueOf({ when, nextRunAt, graceMinutes }: ScheduleRow, now: number) {
  if (nextRunAt === null) return null;
  const due = dueTimes(when, nextRunAt.getTime(), now);
  if (due === null) return null;
  return { at: new Date(due.latest), missed: due.missed, late: now - due.latest > graceMinutes * 60_000 };
}

/** What is to be done, before any of it is. */
export const freshSteps = (steps: readonly ScheduleStep[]): StepRun[] =>
  steps.map((step) => ({
    step,
    state: 'waiting',
    queue: null,
    jobId: null,
    campaignId: null,
    startedAt: null,
    endedAt: null,
    problem: null,
  }));
