import type { z } from 'zod';
import type { Health } from '@shared/contract/common';
import type { JobCounts, JobDetail, JobSummary } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import type { JobPriorityValue, JobState, QueueName } from '@shared/domain/queues';
import type { Coordination } from './coordination';

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
  queue(name: QueueName): QueueEngine;
  /** The truth about every queue, in the order of `queueNames`, in one round trip. */
  snapshot(): Promise<readonly QueueSnapshot[]>;
  /** Failed jobs of these queues together, the latest failure first. */
  failures(queues: readonly QueueName[], start: number, count: number): Promise<FailurePage>;
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
  ready(): Promise<void>;
  close(): Promise<void>;
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

export interface JobTiming {
  readonly id: string;
  /** Ms from the moment the job could run to its start; null where an earlier attempt ran before. */
  readonly waitMs: number | null;
  /** Ms of the last attempt. */
  readonly runMs: number | null;
}

export interface NewJob<Q extends QueueName = QueueName> {
  readonly queue: Q;
  readonly name: string;
  readonly data: JobPayload<Q>;
  readonly priority?: JobPriorityValue;
  readonly delayMs?: number;
  /** Makes the add safe to repeat: a job with this id is added once. No colon. */
  readonly jobId?: string;
}
export type AnyNewJob = { [Q in QueueName]: NewJob<Q> }[QueueName];

/** What changed on one queue since the last batch. */
export interface QueueChange {
  readonly queue: QueueName;
  /** Ids of the jobs that moved or progressed; `null` when there were too many to name (over 1,000). */
  readonly jobIds: ReadonlySet<string> | null;
  readonly completed: number;
  readonly failed: number;
  /** Some of the jobs that ended, at most 500: enough to measure how long they waited and ran. */
  readonly finishedIds: readonly string[];
}

/** A job that has not ended, with its whole payload. */
export interface OpenJob {
  readonly queue: QueueName;
  readonly id: JobId;
  readonly name: string;
  readonly state: Exclude<JobState, 'completed' | 'failed'>;
  readonly data: unknown;
}

/** What became of a queue's failed jobs when all were to be retried. */
export interface RetriedFailures {
  readonly retried: number;
  /** Cancelled jobs that were left alone. */
  readonly cancelled: number;
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
  oldestWaitingAt(): Promise<Date | null>;
  /** Back to waiting with a fresh budget of attempts; `by` says who in words, for the job's log. */
  retry(id: JobId, by?: string): Promise<void>;
  /** Tells the worker that runs the job, wherever it is, to end it at the next safe point. */
  requestCancel(id: JobId, by: string): Promise<void>;
  /** Jobs of a flow that go with it are in `openChildren` before. */
  remove(id: JobId): Promise<void>;
  /** The children of a flow's parent that have not ended; none for a job that is not a parent. */
  openChildren(id: JobId): Promise<OpenJob[]>;
  promote(id: JobId): Promise<void>;
  /** In steps of at most 1,000. Jobs that somebody cancelled stay as they are: to stop them was meant. */
  retryAllFailed(): Promise<RetriedFailures>;
  cleanFailed(olderThanMs: number): Promise<number>;
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
