import type { QueueName } from '@shared/domain/queues';

/**
 * What worker hosts and consoles share besides the queues themselves, with nothing but the engine
 * between them: who works, which active job is to be given up, and who may send now.
 */
export interface Coordination {
  /** Says that this host is alive; forgotten after `ttlMs` without another. */
  announce(heartbeat: Heartbeat, ttlMs: number): Promise<void>;
  withdraw(hostId: string): Promise<void>;
  hosts(): Promise<Heartbeat[]>;

  /** Asks whichever worker runs this job to end it at the next safe point. Kept for an hour. */
  requestCancel(queue: QueueName, jobId: string, by?: string): Promise<void>;
  /** Which of these jobs somebody asked to cancel. */
  cancelRequests(queue: QueueName, jobIds: readonly string[]): Promise<CancelRequest[]>;
  clearCancel(queue: QueueName, jobId: string): Promise<void>;

  /**
   * GCRA over all machines, on the engine's own clock: reserves one permit of `key` and answers how
   * many ms to wait before using it. A permit that would have to wait longer than `maxWaitMs` is not
   * reserved: `granted` is false and `waitMs` says when to ask again.
   */
  acquire(key: string, pace: Pace): Promise<{ readonly granted: boolean; readonly waitMs: number }>;
}

export interface CancelRequest {
  readonly jobId: string;
  /** Who asked, in words: ends the sentence "Cancelled by …". */
  readonly by: string;
}

export interface Pace {
  readonly perSecond: number;
  /** Permits that may be used at once after a quiet time. */
  readonly burst: number;
  readonly maxWaitMs: number;
}

export interface Heartbeat {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly kind: 'app' | 'worker';
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly heartbeatAt: string;
  readonly memoryBytes: number;
  readonly queues: readonly {
    readonly queue: QueueName;
    readonly concurrency: number;
    readonly running: number;
  }[];
  readonly jobs: readonly {
    readonly queue: QueueName;
    readonly id: string;
    readonly name: string;
    readonly startedAt: string;
    readonly progress: number;
  }[];
}
