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
  /** Workers that would take a job of this queue now, wherever they run; null where the engine does not tell. */
  workers: Count.nullable(),
  /** Jobs finished a second over the last minute. */
  completedPerSecond: z.number(),
  failedPerSecond: z.number(),
  oldestWaitingAt: Instant.nullable(),
  /** Seconds until the backlog is gone at the measured rate; null where the rate says nothing. */
  backlogEtaSeconds: z.number().nullable(),
  wait: Percentiles,
  run: Percentiles,
  /** Finished jobs a second, oldest first, one point every 5 s over the last 5 minutes; empty where none finished. */
  spark: z.array(z.object({ completed: z.number(), failed: z.number() })),
});
export type QueueOverview = z.infer<typeof QueueOverview>;

export const Overview = z.object({ at: Instant, engine: Health, queues: z.array(QueueOverview) });
export type Overview = z.infer<typeof Overview>;

/** What is new in an overview for somebody who was told the last one. */
export const OverviewFrame = z.object({
  at: Instant,
  engine: Health,
  /** All queues in order; null while they are the same. */
  order: z.array(QueueName).nullable(),
  /** The queues of which something is new. */
  changed: z.array(QueueOverview),
});
export type OverviewFrame = z.infer<typeof OverviewFrame>;

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
  /** It stands where it belongs, but nobody wrote down when it was: `at` says nothing. */
  timeUnknown: z.literal(true).optional(),
});

export const JobRef = z.object({
  queue: z.string(),
  id: z.string(),
  name: z.string().nullable(),
  state: JobState.nullable(),
});

/** How BullMQ keeps a job's children apart; `ignored` ones failed and their parent went on. */
export const ChildKind = z.enum(['unprocessed', 'processed', 'ignored', 'failed']);
export type ChildKind = z.infer<typeof ChildKind>;

export const ChildrenPage = z.object({
  children: z.array(JobRef),
  /** Where the next page starts; null at the end. */
  next: Count.nullable(),
  totals: z.record(ChildKind, Count),
});
export type ChildrenPage = z.infer<typeof ChildrenPage>;

/** What of a job is JSON. */
export const JobPart = z.enum(['data', 'result', 'options']);
export type JobPart = z.infer<typeof JobPart>;

export const JobDetail = JobSummary.extend({
  data: z.unknown(),
  options: z.unknown(),
  result: z.unknown(),
  processedBy: z.string().nullable(),
  timeline: z.array(TimelineEntry),
  attemptLog: z.array(JobAttempt),
  parent: JobRef.nullable(),
  /** The parent, its parent and so on. */
  ancestors: z.array(JobRef),
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

/** Limits of a queue over all its workers on all machines; null is none. */
export const QueueLimits = z.object({
  /** Jobs that run at once. */
  concurrency: z.int().min(1).max(10_000).nullable(),
  /** Jobs that begin within a window of `durationMs`. */
  rate: z
    .object({ max: z.int().min(1).max(1_000_000), durationMs: z.int().min(1).max(86_400_000) })
    .nullable(),
});
export type QueueLimits = z.infer<typeof QueueLimits>;

export const queues = {
  overview: query({ input: Empty, output: Overview }),
  /** The overview at once, then what changes in it, at most 10 times a second. */
  live: stream({ input: Empty, output: OverviewFrame }),
  /** Looks for queues of other programs now; by itself the console does so twice a minute, and when somebody comes to look. */
  find: command({ input: Empty, output: z.object({ queues: z.array(QueueName) }) }),
  /** Somebody has come to where queues are listed: looks for new ones where that is cheap, and answers at once. */
  glance: command({ input: Empty, output: Empty }),
  limits: query({
    input: Empty,
    output: z.object({ queues: z.array(QueueLimits.extend({ queue: QueueName })) }),
  }),
  /** At once, and on every machine. */
  setLimits: command({ input: QueueLimits.extend(OneQueue.shape), output: Empty }),
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
  /** All of one part of a job as JSON text, in pieces; nothing where the job has no such part. */
  jobText: stream({
    input: OneJob.extend({ part: JobPart }),
    output: z.object({ text: z.string(), total: Count }),
  }),
  /** The jobs that this one waits for, of one kind; a page may be shorter or longer than asked for. */
  jobChildren: query({
    input: OneJob.extend({
      kind: ChildKind,
      cursor: Count.default(0),
      count: z.int().min(1).max(200).default(50),
    }),
    output: ChildrenPage,
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
  /** Gives a failed job another payload, checked as for a new one, and lets it run again. */
  editAndRetry: command({ input: OneJob.extend({ data: z.unknown() }), output: Empty }),
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
