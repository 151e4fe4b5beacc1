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
   * GCRA over all machines, on the engine's own clock: reserves up to `count` places in the line of `key`
   * and answers when each may be used. A place further ahead than `maxWaitMs` is not reserved: then there
   * are fewer than asked for, and `retryInMs` says when to ask again. A rate that was raised since the last
   * place moves the line forward.
   */
  reserve(key: string, pace: Pace, count?: number): Promise<Reservation>;
  /**
   * Too fast, says the provider: the line of `key` goes on at `factor` of its rate, for everybody, and comes
   * back by a hundredth of the full rate a second. Refusals within one second are one.
   */
  slowDown(key: string, factor: number, code: string): Promise<void>;
  /** Nobody gets a place of `key` for so many ms. A longer hold is never shortened. */
  hold(key: string, ms: number): Promise<void>;
  /** How the lines of these keys are lowered at this moment, in the order of the keys. */
  lowered(keys: readonly string[]): Promise<Lowered[]>;
  /**
   * GCRA for many small lines at once, one for each member of `scope`: takes a place of each that has one now.
   * Answers in the order of the members: 0 where it has, else ms until it has one.
   */
  admit(scope: string, members: readonly string[], pace: PairPace): Promise<number[]>;
}

export interface CancelRequest {
  readonly jobId: string;
  /** Who asked, in words: ends the sentence "Cancelled by …". */
  readonly by: string;
}

export interface Pace {
  readonly perSecond: number;
  /** Places that may be used at once after a quiet time. */
  readonly burst: number;
  readonly maxWaitMs: number;
  /** How many permits one place takes; 1 if left out. */
  readonly weight?: number;
  /** A line of several senders: what lowers or holds it, lowers and holds this one too. */
  readonly within?: string;
}

export type PairPace = Pick<Pace, 'perSecond' | 'burst'>;

/** Times are ms since 1970 on the engine's clock. */
export interface Reservation {
  readonly nowMs: number;
  readonly startsMs: readonly number[];
  /** 0 where as many were reserved as asked for. */
  readonly retryInMs: number;
}

/** What a provider's refusals have done to a line. */
export interface Lowered {
  /** Of the full rate: 1 where nothing lowers it. */
  readonly share: number;
  /** The provider's code, and since when, ms since 1970; null where nothing lowers it. */
  readonly cause: { readonly code: string; readonly sinceMs: number } | null;
  /** 0 where it is not held. */
  readonly heldForMs: number;
}

/** After a cut the rate comes back by this share of itself a second. */
export const RECOVERY_PER_SECOND = 0.01;
/** No cut goes below this share. */
export const SLOWEST_SHARE = 0.05;
/** Requests that were under way together are refused together: one cut answers them all. */
export const SAME_CUT_MS = 1_000;

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
