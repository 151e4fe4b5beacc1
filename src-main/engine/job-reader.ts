import type { JobState, QueueName } from '@shared/domain/queues';
import type { FailedLately, FailedSince, JobPage, JobTiming, QueueSnapshot } from './engine';
import type { JobRow, JobRowDetail } from './job-row';

/**
 * What BullMQ does not read on both engines, or reads one job at a time: pages, counts of all queues at
 * once, failures of several queues in one order. Nothing here changes anything.
 */
export interface JobReader {
  snapshot(queues: readonly QueueName[]): Promise<QueueSnapshot[]>;
  page(queue: QueueName, state: JobState, page: JobPage): Promise<{ total: number; rows: JobRow[] }>;
  failures(
    queues: readonly QueueName[],
    start: number,
    count: number,
  ): Promise<{ totals: readonly number[]; rows: JobRow[] }>;
  failedSince(asked: readonly FailedSince[]): Promise<FailedLately[]>;
  /** The job of each queue that has one with this id. */
  find(queues: readonly QueueName[], id: string): Promise<JobRow[]>;
  /** Jobs of a queue by their ids, in that order, whatever their state; those that are gone are left out. */
  named(queue: QueueName, ids: readonly string[]): Promise<JobRow[]>;
  /** Failed jobs by their ids, in that order; those that are no longer there, or no longer failed, are left out. */
  failed(queue: QueueName, ids: readonly string[]): Promise<JobRow[]>;
  detail(queue: QueueName, id: string): Promise<JobRowDetail | undefined>;
  timings(queue: QueueName, ids: readonly string[]): Promise<JobTiming[]>;
  /** When the `rank`th newest job of a finished state ended; null where there are fewer. */
  finishedAtRank(queue: QueueName, state: 'completed' | 'failed', rank: number): Promise<number | null>;
}

/** Ms from the moment a job could run first to its start, and of its run. */
export const timingOf = (times: {
  readonly id: string;
  readonly name: string;
  readonly addedAt: number;
  readonly delay: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly attemptsStarted: number;
}): JobTiming => ({
  id: times.id,
  name: times.name,
  waitMs:
    times.startedAt === null || times.attemptsStarted > 1
      ? null
      : Math.max(0, times.startedAt - times.addedAt - times.delay),
  runMs:
    times.startedAt === null || times.finishedAt === null
      ? null
      : Math.max(0, times.finishedAt - times.startedAt),
});
