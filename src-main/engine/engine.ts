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
  /** Back to waiting with a fresh budget of attempts. */
  retry(id: JobId): Promise<void>;
  remove(id: JobId): Promise<void>;
  promote(id: JobId): Promise<void>;
  /** In steps of at most 1,000; answers how many. */
  retryAllFailed(): Promise<number>;
  cleanFailed(olderThanMs: number): Promise<number>;
}

export interface JobPage {
  readonly start: number;
  /** At most 200. */
  readonly count: number;
  readonly order: 'newest' | 'oldest';
}
