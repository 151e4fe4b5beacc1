import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { JobId } from '../domain/ids';
import { JobPrioritySchema, JobState, QueueName } from '../domain/queues';
import { BulkOutcome, Count, Empty, Health, Instant } from './common';

export const JobCounts = z.object({
  waiting: Count,
  active: Count,
  delayed: Count,
  waitingChildren: Count,
  completed: Count,
  failed: Count,
  /** Waiting jobs that a paused queue holds back; 0 where the queue runs. The guide's `paused`. */
  paused: Count,
});
export type JobCounts = z.infer<typeof JobCounts>;

/** Milliseconds; null where nothing finished in the window. */
export const Percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable();

export const QueueOverview = z.object({
  name: QueueName,
  counts: JobCounts,
  paused: z.boolean(),
  /** Workers that would take a job of this queue now, wherever they run. */
  workers: Count,
  /** Jobs finished a second over the last minute. */
  completedPerSecond: z.number(),
  failedPerSecond: z.number(),
  oldestWaitingAt: Instant.nullable(),
  /** Seconds until the backlog is gone at the measured rate; null where the rate says nothing. */
  backlogEtaSeconds: z.number().nullable(),
  wait: Percentiles,
  run: Percentiles,
  /** Finished jobs a second, oldest first, one point every 5 s over the last 5 minutes. */
  spark: z.array(z.object({ completed: z.number(), failed: z.number() })),
});
export type QueueOverview = z.infer<typeof QueueOverview>;

export const Overview = z.object({ at: Instant, engine: Health, queues: z.array(QueueOverview) });
export type Overview = z.infer<typeof Overview>;

/** One step of a chart. Null means that nobody was watching: a gap, not a zero. */
export const SeriesPoint = z.object({
  /** When the step begins. */
  at: Instant,
  /** Jobs that completed in this step: a count per step, which adds up over steps. */
  completed: z.number().nullable(),
  /** Jobs that failed for good in this step: a count per step, which adds up over steps. */
  failed: z.number().nullable(),
  /**
   * Jobs that waited: a gauge, which never adds up over time. It is the last reading in the step, summed
   * over the queues; where a watched step has no reading of its own yet, the last one of the two minutes before.
   */
  backlog: z.number().nullable(),
  wait: Percentiles,
  run: Percentiles,
});
export type SeriesPoint = z.infer<typeof SeriesPoint>;

export const JobSummary = z.object({
  queue: QueueName,
  id: JobId,
  name: z.string(),
  state: JobState,
  priority: z.int().nullable(),
  attemptsMade: Count,
  attempts: Count,
  progress: z.number().min(0).max(100),
  createdAt: Instant,
  /** When a delayed job is due. */
  runsAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  failedReason: z.string().nullable(),
  /** What the job is about in a few words, e.g. "Spring sale · batch 3 · 1,000 recipients". */
  subject: z.string().nullable(),
});
export type JobSummary = z.infer<typeof JobSummary>;

export const JobAttempt = z.object({
  number: Count,
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  error: z.string().nullable(),
  stack: z.string().nullable(),
});

export const TimelineEntry = z.object({
  at: Instant,
  what: z.enum([
    'added',
    'delayed',
    'waiting',
    'started',
    'progress',
    'failed-attempt',
    'completed',
    'failed',
    'cancelled',
  ]),
  detail: z.string().nullable(),
});

export const JobRef = z.object({
  queue: z.string(),
  id: z.string(),
  name: z.string().nullable(),
  state: JobState.nullable(),
});

export const JobDetail = JobSummary.extend({
  data: z.unknown(),
  options: z.unknown(),
  result: z.unknown(),
  processedBy: z.string().nullable(),
  timeline: z.array(TimelineEntry),
  attemptLog: z.array(JobAttempt),
  parent: JobRef.nullable(),
  children: z.array(JobRef),
  /** A cancel was asked for and the worker has not answered yet. */
  cancelRequested: z.boolean(),
});
export type JobDetail = z.infer<typeof JobDetail>;

const OneQueue = z.object({ queue: QueueName });
const OneJob = z.object({ queue: QueueName, jobId: JobId });
/** At most 1,000 jobs a call: no script touches more at once. */
const SomeJobs = z.object({ jobs: z.array(OneJob).min(1).max(1_000) });
const Range = z.object({ start: Count, count: z.int().min(1).max(200) });

export const queues = {
  overview: query({ input: Empty, output: Overview }),
  /** The overview at once and at every change, at most 10 a second. */
  live: stream({ input: Empty, output: Overview }),
  /** Chart data of one queue, or of all together where none is named. */
  series: query({
    input: z.object({
      queue: QueueName.optional(),
      minutes: z
        .int()
        .min(5)
        .max(24 * 60),
    }),
    output: z.object({ stepSeconds: z.number().positive(), points: z.array(SeriesPoint) }),
  }),
  pause: command({ input: OneQueue, output: Empty }),
  resume: command({ input: OneQueue, output: Empty }),
  jobs: query({
    input: OneQueue.extend({ state: JobState, order: z.enum(['newest', 'oldest']).default('newest') }).extend(
      Range.shape,
    ),
    output: z.object({ total: Count, jobs: z.array(JobSummary) }),
  }),
  job: query({ input: OneJob, output: JobDetail }),
  jobLogs: query({
    input: OneJob.extend({ start: Count, count: z.int().min(1).max(1_000) }),
    output: z.object({ total: Count, lines: z.array(z.string()) }),
  }),
  /** Says when something about this job changed, so that it is read again. */
  jobChanges: stream({ input: OneJob, output: z.object({ at: Instant }) }),
  /** Where a job is when only its id is known; searches all queues. */
  findJob: query({ input: z.object({ jobId: JobId }), output: z.object({ jobs: z.array(JobSummary) }) }),
  add: command({
    input: OneQueue.extend({
      name: z.string().min(1).max(200),
      data: z.unknown(),
      priority: JobPrioritySchema.optional(),
      delayMs: z.int().nonnegative().optional(),
    }),
    output: z.object({ jobId: JobId }),
  }),
  retry: command({ input: SomeJobs, output: BulkOutcome }),
  remove: command({ input: SomeJobs, output: BulkOutcome }),
  promote: command({ input: SomeJobs, output: BulkOutcome }),
  /** Also of an active job, wherever it runs: its worker is told and ends it at the next safe point. */
  cancel: command({ input: SomeJobs, output: BulkOutcome }),
  /** Failed jobs over all queues, newest first. */
  failures: query({
    input: z.object({ queue: QueueName.optional() }).extend(Range.shape),
    output: z.object({
      total: Count,
      byQueue: z.array(z.object({ queue: QueueName, failed: Count })),
      jobs: z.array(JobSummary),
    }),
  }),
  /**
   * Retries every failed job of one queue, or of all, in steps of at most 1,000. Jobs that somebody
   * cancelled are left alone and counted in `cancelled`; `retry` also takes a cancelled job.
   */
  retryAllFailed: command({
    input: z.object({ queue: QueueName.optional() }),
    output: z.object({ retried: Count, cancelled: Count }),
  }),
  /** Removes failed jobs older than `olderThanMs`, in steps of at most 1,000. */
  cleanFailed: command({
    input: OneQueue.extend({ olderThanMs: z.int().nonnegative() }),
    output: z.object({ removed: Count }),
  }),
  health: query({
    input: Empty,
    output: z.object({
      healthy: z.boolean(),
      queues: z.array(
        z.object({
          queue: QueueName,
          healthy: z.boolean(),
          counts: JobCounts.nullable(),
          problem: z.string().nullable(),
        }),
      ),
    }),
  }),
};
