import type { AppError } from '@shared/errors';
import type { JobId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import type { AdsappQueue } from '@shared/domain/queues';

/** One attempt at a job, as a processor sees it. Payloads are parsed before the processor is called. */
export interface JobRun<Q extends AdsappQueue> {
  readonly id: JobId;
  readonly queue: Q;
  readonly name: string;
  readonly data: JobPayload<Q>;
  /** 1 on the first attempt. */
  readonly attempt: number;
  readonly attempts: number;
  /** Aborted when the job is cancelled, times out or its host shuts down; `reason` is a StopReason. */
  readonly signal: AbortSignal;
  /** How long this run may take, in ms; it can be changed while it runs. */
  readonly timeLimitMs: () => number;
  /** Time at work in ms, of this run and of all earlier ones of the job; what it waited in between is not in it. */
  readonly workedMs: () => number;
  /** 0 to 100. Coalesced: may be called for every item. */
  progress(percent: number): void;
  /** A line in the job's log, shown in the job panel. */
  log(line: string): void;
}

export type StopReason = 'cancelled' | 'timeout' | 'shutdown';

/** How an attempt ended. */
export type RunOutcome =
  /** `status` is the guide's: some items may have failed without failing the job. */
  | {
      readonly type: 'done';
      readonly status: 'completed' | 'partial_success' | 'partial_failure';
      readonly result: unknown;
      readonly errorDetails?: unknown;
    }
  /** Nothing is wrong: the rest runs at this time, without using up an attempt. */
  | { readonly type: 'later'; readonly at: Date; readonly why: string }
  /** `retry` false: trying again cannot help. */
  | {
      readonly type: 'failed';
      readonly error: AppError;
      readonly retry: boolean;
      readonly result?: unknown;
      readonly errorDetails?: unknown;
    }
  | { readonly type: 'cancelled'; readonly result?: unknown };

export type Processor<Q extends AdsappQueue> = (run: JobRun<Q>) => Promise<RunOutcome>;
export type Processors = { readonly [Q in AdsappQueue]: Processor<Q> };

/** Where the life of every job is written down (`job_logs`). Never fails a job: problems are reported, not thrown. */
export interface JobJournal {
  queued(entry: JournalJob): Promise<void>;
  /** The ms that earlier runs of the job were at work; 0 where there were none, or nobody can say. */
  started(entry: JournalJob): Promise<number>;
  /** `workedMs` here and below: ms at work over all runs of the job so far. */
  working(entry: JournalJob, workedMs: number): Promise<void>;
  finished(entry: JournalJob, outcome: RunOutcome, willRetry: boolean, workedMs?: number): Promise<void>;
  /**
   * For good, at the end of a job: waits for a database that is away. False: `until` was aborted first, and nothing is
   * written; the job has to run once more to be.
   */
  ended(entry: JournalJob, outcome: RunOutcome, until: AbortSignal, workedMs?: number): Promise<boolean>;
}

export interface JournalJob {
  readonly queue: AdsappQueue;
  readonly jobId: string;
  readonly name: string;
  /** From the payload; the default organization where a foreign payload has none. */
  readonly organizationId: string | null;
  readonly userId: string | null;
}
