import type { JobState } from '@shared/domain/queues';

/**
 * Changes of many jobs at once, in steps that keep BullMQ's own rules: priorities, paused queues, markers, events,
 * parents of flows. One step is carried out whole or not at all, and counted in the same moment, so that whoever
 * goes on after a crash knows exactly what was done.
 */
export interface JobActions {
  /**
   * Acts upon the first of these jobs, all in `state` when they were found, as many as one step takes; the
   * caller comes back with the rest. `tally` names the count that what was done adds to.
   */
  act(targets: Targets, action: JobAction, tally?: string): Promise<StepOutcome>;
  /**
   * Retries the oldest jobs of a stretch, as many as one step takes; none are left where it handles none. Only where an
   * engine is faster at it than at being told each of them.
   */
  readonly retryOldest?: (
    stretch: FailedStretch,
    leaveCancelled: boolean,
    tally?: string,
  ) => Promise<StepOutcome>;
  /** How many jobs were changed under this name. Kept for a week. */
  tally(name: string): Promise<number>;
  /** Which jobs of a queue the last step under this name took away or put back. Kept for a week. */
  lastTaken(name: string, queue: string): Promise<string[]>;
  /** All there is to these jobs, so that they can be put back as they are now. Those that are gone are left out. */
  copy(queue: string, ids: readonly string[]): Promise<JobCopy[]>;
  /**
   * Puts jobs back as they were, as many as one step takes; what is there again is left alone. Of waiting jobs the last
   * of the line has to be given first: each is put before all that wait.
   */
  restore(queue: string, copies: readonly JobCopy[], tally?: string): Promise<StepOutcome>;
}

export interface Targets {
  readonly queue: string;
  readonly state: JobState;
  readonly jobs: readonly Target[];
}

/** Failed jobs of a queue by when they ended. */
export interface FailedStretch {
  readonly queue: string;
  /** Ms since 1970, both ends included. */
  readonly finished: { readonly from: number; readonly to: number };
  /** So many of the oldest are left where they stand. */
  readonly skip: number;
  readonly atMost: number;
}

export interface Target {
  readonly id: string;
  /** When the job ended, where it has: one that ended again since it was found is another matter. */
  readonly finishedAt: number | null;
  /** Of a patch: the payload's JSON text as it was read, and as it is to be. */
  readonly patched?: Patched;
}

export interface Patched {
  readonly from: string;
  readonly to: string;
}

export type JobAction =
  /** A failed job waits again, with a fresh budget of attempts. */
  | { readonly type: 'retry'; readonly leaveCancelled: boolean }
  /** A failed job waits again with another payload, unless its payload is not any more what was read of it. */
  | { readonly type: 'patch'; readonly leaveCancelled: boolean }
  /** Also its logs. A job that others still wait below is refused. */
  | { readonly type: 'remove' }
  /** A delayed job waits for a worker at once. */
  | { readonly type: 'promote' }
  /** 0 is none, and goes first; then 1 before 2. */
  | { readonly type: 'priority'; readonly priority: number }
  /** Into another queue of the same engine; a failed job waits there. The job's log says where it came from, by whom. */
  | { readonly type: 'move'; readonly to: string; readonly by: string };

export interface StepOutcome {
  /** How many of the given jobs were dealt with; at least one. */
  readonly handled: number;
  readonly done: number;
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly id: string;
  readonly why: RefusalReason;
}

export const refusalReasons = [
  'missing',
  'moved',
  'locked',
  'cancelled',
  'scheduled',
  'has-children',
  'unchanged',
  'there-again',
  'changed',
  'patch-does-not-fit',
  'patched-is-invalid',
  'in-flow',
  'id-taken',
  'not-for-queue',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** A job with everything that belongs to it, in the engine's own words. */
export interface JobCopy {
  readonly id: string;
  readonly state: JobState;
  /** JSON text that only the same kind of engine can put back. */
  readonly content: string;
}
