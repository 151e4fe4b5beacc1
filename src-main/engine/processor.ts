import type { AppError } from '@shared/errors';
import type { JobId } from '@shared/domain/ids';
import type { JobPayload } from '@shared/domain/jobs';
import type { QueueName } from '@shared/domain/queues';

/** One attempt at a job, as a processor sees it. Payloads are parsed before the processor is called. */
export interface JobRun<Q extends QueueName> {
  readonly id: JobId;
  readonly queue: Q;
  readonly name: string;
  readonly data: JobPayload<Q>;
  /** 1 on the first attempt. */
  readonly attempt: number;
  readonly attempts: number;
  /** Aborted when the job is cancelled, times out or its host shuts down; `reason` is a StopReason. */
  readonly signal: AbortSignal;
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

export type Processor<Q extends QueueName> = (run: JobRun<Q>) => Promise<RunOutcome>;
export type Processors = { readonly [Q in QueueName]: Processor<Q> };

/** Where the life of every job is written down (`job_logs`). Never fails a job: problems are reported, not thrown. */
export interface JobJournal {
  queued(entry: JournalJob): Promise<void>;
  started(entry: JournalJob): Promise<void>;
  finished(entry: JournalJob, outcome: RunOutcome, willRetry: boolean): Promise<void>;
}

export interface JournalJob {
  readonly queue: QueueName;
  readonly jobId: string;
  readonly name: string;
  /** From the payload; the default organization where a foreign payload has none. */
  readonly organizationId: string | null;
  readonly userId: string | null;
}
