import type { HeldCampaign, Schedule, ScheduleRun } from '@shared/contract/schedules';
import { CampaignId, ScheduleId, ScheduleRunId } from '@shared/domain/ids';
import { describeWhen, upcoming } from '@shared/domain/schedule';
import type { CampaignRow } from '../campaigns/repository';
import type { ScheduleRow } from './repository';
import type { RunRow } from './runs/repository';

/** How many of the next times are shown. */
const SHOWN_RUNS = 5;

export function scheduleOf(row: ScheduleRow, lastRun: RunRow | null, now: number): Schedule {
  const words = describeWhen(row.when);
  const state = stateOf(row);
  return {
    id: ScheduleId.parse(row.id),
    name: row.name,
    when: row.when,
    steps: row.steps,
    graceMinutes: row.graceMinutes,
    overlap: row.overlap,
    state,
    words: words.ok ? words.words : words.message,
    nextRuns: state === 'active' ? upcoming(row.when, now, SHOWN_RUNS).map(iso) : [],
    runs: row.runs,
    lastRun: lastRun === null ? null : runOf(lastRun),
    createdBy: row.createdBy ?? 'Unknown',
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

function stateOf({ active, nextRunAt }: ScheduleRow): Schedule['state'] {
  if (!active) return 'paused';
  return nextRunAt === null ? 'ended' : 'active';
}

export function runOf(row: RunRow): ScheduleRun {
  return {
    id: ScheduleRunId.parse(row.id),
    scheduleId: ScheduleId.parse(row.scheduleId),
    scheduleName: row.scheduleName,
    dueAt: row.dueAt.toISOString(),
    cause: row.cause,
    state: row.state,
    missed: row.missed,
    steps: row.steps,
    unreadable: row.unreadable,
    problem: row.problem,
    begunAt: row.begunAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    lateMs: row.begunAt === null ? null : Math.max(0, row.begunAt.getTime() - row.dueAt.getTime()),
  };
}

export const heldOf = ({ id, name, channel, scheduledAt, createdAt }: CampaignRow): HeldCampaign => ({
  id: CampaignId.parse(id),
  name,
  channel,
  scheduledAt: (scheduledAt ?? createdAt).toISOString(),
});

const iso = (at: number): string => new Date(at).toISOString();
