import type { z } from 'zod';
import type { Health } from '@shared/contract/common';
import type {
  ChildKind,
  ChildrenPage,
  JobCounts,
  JobDetail,
  JobPart,
  JobSummary,
} from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import type { AdsappQueue, JobPriorityValue, JobState, QueueName } from '@shared/domain/queues';
import type { Coordination } from './coordination';
import type { JobActions } from './job-actions';
import type { JobSchedulers } from './job-schedulers';
import type { Selection } from './selection';
import type { EngineVitals } from './vitals';

/**
 * The queue engine as the rest of the console sees it: BullMQ on Redis or on PGlite, behind one shape.
 * Every method rejects with an AppFailure (`engine_unavailable`) when the engine cannot be reached: a
 * command is never buffered unseen.
 */
export interface Engine {
  readonly kind: 'redis' | 'pglite';
  /** Where the engine is, without secrets: "127.0.0.1:6379" or "embedded". */
  readonly label: string;
  readonly coordination: Coordination;
  readonly scheduler: Scheduler;
  /** Jobs by filter, over all queues and states. */
  readonly selection: Selection;
  /** Changes of many jobs at once, in small steps. */
  readonly actions: JobActions;
  /** ADSapp's four, then by name the others that were found in the engine so far. */
  queues(): readonly QueueName[];
  /** Looks for queues now; by itself it does so twice a minute. */
  findQueues(): Promise<void>;
  /** Looks for queues soon where that is cheap for the engine; never rejects. */
  glanceAtQueues(): Promise<void>;
  /** @throws AppFailure `not_found` where the engine has no such queue. */
  queue(name: QueueName): QueueEngine;
  /** The truth about every queue, in the order of `queues()`, in one round trip. */
  snapshot(): Promise<readonly QueueSnapshot[]>;
  /** Failed jobs of these queues together, the latest failure first. */
  failures(queues: readonly QueueName[], start: number, count: number): Promise<FailurePage>;
  /** Failed jobs of one queue by their ids, in that order, at most 200; those that moved on are left out. */
  failedJobs(queue: QueueName, ids: readonly string[]): Promise<JobSummary[]>;
  /** Jobs of one queue by their ids, in that order, at most 200; those that are gone are left out. */
  jobsNamed(queue: QueueName, ids: readonly string[]): Promise<JobSummary[]>;
  /** What failed after a moment and still stands as failed, of each queue asked for, in one round trip. */
  failedSince(asked: readonly FailedSince[]): Promise<FailedLately[]>;
  /** Every queue's job with this id. */
  findJob(id: JobId): Promise<JobSummary[]>;
  /** How long finished jobs waited and ran; jobs that are gone already are left out. At most 1,000 ids. */
  timings(queue: QueueName, ids: readonly string[]): Promise<JobTiming[]>;
  /** A parent that runs after its children; returns the parent's id. */
  addFlow(parent: AnyNewJob, children: readonly AnyNewJob[]): Promise<JobId>;
  /** Events say when to read, never what is true. Coalesced to at most 10 batches a second. */
  onChanges(listener: (changes: readonly QueueChange[]) => void): () => void;
  health(): z.infer<typeof Health>;
  onHealth(listener: (health: z.infer<typeof Health>) => void): () => void;
  /** A round trip in ms. */
  ping(): Promise<number>;
  /** Connected workers, also those that are not this console's kind; null where the engine does not tell. */
  workerClients(): Promise<readonly WorkerClient[] | null>;
  /** What the engine says of itself. */
  vitals(): Promise<EngineVitals>;
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** A worker of a queue, as the engine knows its connection. */
export interface WorkerClient {
  readonly queue: QueueName;
  /** The name that it was given; null where it has none. */
  readonly name: string | null;
  /** From where it is connected: `10.0.0.5:51234`. */
  readonly address: string;
  readonly connectedSeconds: number;
}

export interface QueueSnapshot {
  readonly queue: QueueName;
  readonly counts: z.infer<typeof JobCounts>;
  readonly paused: boolean;
  /** When the oldest waiting job was added. */
  readonly oldestWaitingAt: Date | null;
}

export interface FailurePage {
  readonly total: number;
  readonly byQueue: { queue: QueueName; failed: number }[];
  readonly jobs: JobSummary[];
}

export interface FailedSince {
  readonly queue: QueueName;
  /** By the clock of the workers; what failed at this very moment is not counted. */
  readonly since: Date;
}

export interface FailedLately {
  /** Without those that somebody cancelled, as far as they are among the newest 200. */
  readonly failed: number;
  /** When the newest of all failures of the queue ended, cancelled ones too; null where there is none. */
  readonly newestAt: Date | null;
  /** Why the newest counted one failed; null where none is counted. */
  readonly reason: string | null;
}

export interface JobTiming {
  readonly id: string;
  /** The job's name. */
  readonly name: string;
  /** Ms from the moment the job could run to its start; null where an earlier attempt ran before. */
  readonly waitMs: number | null;
  /** Ms of the last attempt. */
  readonly runMs: number | null;
}

export interface NewJob<Q extends AdsappQueue = AdsappQueue> {
  readonly queue: Q;
  readonly name: string;
  readonly data: JobPayload<Q>;
  readonly priority?: JobPriorityValue;
  readonly delayMs?: number;
  /** Makes the add safe to repeat: a job with this id is added once. No colon. */
  readonly jobId?: string;
  /** The job that waits for this one. It goes on however this one ends. */
  readonly parent?: JobParent;
}

/** A job as others name it that it waits for; `queue` is the engine's own name of its queue. */
export interface JobParent {
  readonly queue: string;
  readonly id: string;
}
export type AnyNewJob = { [Q in AdsappQueue]: NewJob<Q> }[AdsappQueue];

/** When a schedule is woken up: five fields of cron or `oncePattern`, read on the clocks of an IANA zone. */
export interface WakeUp {
  readonly id: string;
  readonly pattern: string;
  readonly timeZone: string;
}

/** What wakes schedules up and carries their runs. What is to be done, and whether, the database says. */
export interface Scheduler {
  /** Adds it or changes it. A time that is over wakes nobody. */
  put(wakeUp: WakeUp): Promise<void>;
  remove(id: string): Promise<void>;
  /** All of them; `next` is in ms since 1970. */
  list(): Promise<readonly (WakeUp & { readonly next: number | null })[]>;
  /** Sees to it that a worker walks through the run. Safe to repeat: what is under way goes on. */
  enqueueRun(runId: string): Promise<void>;
}

/** What changed on one queue since the last batch. */
export interface QueueChange {
  readonly queue: QueueName;
  /** Ids of the jobs that moved or progressed; `null` when there were too many to name (over 1,000). */
  readonly jobIds: ReadonlySet<string> | null;
  readonly completed: number;
  /** For good: an attempt after which another follows is none. */
  readonly failed: number;
  /** Of `failed`, those that somebody cancelled. */
  readonly cancelled: number;
  /** Why the newest of the others failed, its first 1,000 characters; null where no event has told. */
  readonly reason: string | null;
  /** Some of the jobs that ended, at most 500: enough to measure how long they waited and ran. */
  readonly finishedIds: readonly string[];
  /** How many jobs of each name ended, of those whose name the events have told: exact. */
  readonly named: ReadonlyMap<string, Ended>;
  /** Those of `finishedIds` whose name no event has told, and how each of them ended. */
  readonly nameless: ReadonlyMap<string, keyof Ended>;
}

/** How jobs ended. */
export interface Ended {
  readonly completed: number;
  readonly failed: number;
}

/** What holds a queue back on all machines together; null is no limit. */
export interface QueueLimits {
  /** Jobs that run at once, whatever workers there are. */
  readonly concurrency: number | null;
  /** Jobs that begin within `durationMs`: a fixed window. */
  readonly rate: { readonly max: number; readonly durationMs: number } | null;
}

/** A job that has not ended, with its whole payload. */
export interface OpenJob {
  readonly queue: QueueName;
  readonly id: JobId;
  readonly name: string;
  readonly state: Exclude<JobState, 'completed' | 'failed'>;
  readonly data: unknown;
}

/** How one queue is operated. Ids of jobs that are not there give `not_found`; a wrong state gives `conflict`. */
export interface QueueEngine {
  readonly name: QueueName;
  add(job: Omit<NewJob, 'queue' | 'data'> & { readonly data: unknown }): Promise<JobId>;
  counts(): Promise<z.infer<typeof JobCounts>>;
  isPaused(): Promise<boolean>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  jobs(state: JobState, page: JobPage): Promise<{ total: number; jobs: JobSummary[] }>;
  job(id: JobId): Promise<JobDetail | undefined>;
  logs(id: JobId, start: number, count: number): Promise<{ total: number; lines: string[] }>;
  /** One part of the job as JSON text; undefined where it has none. */
  text(id: JobId, part: JobPart): Promise<string | undefined>;
  children(id: JobId, page: ChildrenRequest): Promise<ChildrenPage>;
  oldestWaitingAt(): Promise<Date | null>;
  /** Another payload for a failed job, which then waits again; `conflict` where it has not failed. */
  editAndRetry(id: JobId, data: unknown, by: string): Promise<void>;
  limits(): Promise<QueueLimits>;
  setLimits(limits: QueueLimits): Promise<void>;
  /** Back to waiting with a fresh budget of attempts; `by` says who in words, for the job's log. */
  retry(id: JobId, by?: string): Promise<void>;
  /** Tells the worker that runs the job, wherever it is, to end it at the next safe point. */
  requestCancel(id: JobId, by: string): Promise<void>;
  /** Jobs of a flow that go with it are in `openChildren` before. */
  remove(id: JobId): Promise<void>;
  /** The children of a flow's parent that have not ended; none for a job that is not a parent. */
  openChildren(id: JobId): Promise<OpenJob[]>;
  promote(id: JobId): Promise<void>;
  /** What makes jobs in it again and again. */
  readonly schedulers: JobSchedulers;
  /** In steps of at most 1,000. */
  cleanFailed(olderThanMs: number): Promise<number>;
}

/** A page of the jobs that a job waits for, of one kind. */
export interface ChildrenRequest {
  readonly kind: ChildKind;
  /** 0 for the first; then what the page before says. */
  readonly cursor: number;
  readonly count: number;
}

export interface JobPage {
  readonly start: number;
  /** At most 200. */
  readonly count: number;
  /**
   * `oldest` first is the order of time: of the end for finished jobs, of the due time for delayed
   * ones, of the start for active ones, of the arrival for the others.
   */
  readonly order: 'newest' | 'oldest';
}
