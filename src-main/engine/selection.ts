import type { FilterableJob, FilterField, JobFilter } from '@shared/domain/job-filter';
import type { JobState } from '@shared/domain/queues';
import type { Patched } from './job-actions';

/** No script and no statement looks at more jobs than this. */
export const MAX_STEP = 1_000;

/**
 * Jobs by filter, over queues and states, on both engines: what search, grouping and operations stand on.
 * Nothing here changes anything.
 */
export interface Selection {
  /** Exactly how many jobs match. Where only queues and states are named, nothing but their sizes is read. */
  count(filter: JobFilter, signal?: AbortSignal): Promise<number>;
  /** Every job that matches, in batches; resolves when all were looked at or the scan was stopped. */
  scan(filter: JobFilter, options: ScanOptions): Promise<Coverage>;
}

export type JobField = FilterField | 'priority' | 'about';

export interface ScanOptions {
  /**
   * Called with what matched in each step, also with nothing: then only the coverage moved. The next step
   * begins when the answer is there, or is under way already where `ahead` is set.
   */
  readonly onBatch: (batch: Batch) => BatchVerdict | undefined | Promise<BatchVerdict | undefined>;
  /** What is read of each job besides what the filter looks at; the rest is empty. */
  readonly fields?: readonly JobField[];
  /** By the time of the end, of being due or of the arrival. Queues and states come one after the other. */
  readonly order?: 'newest' | 'oldest';
  /** The next step is read while this one is looked at: for those who move no job, so that nothing is `taken`. */
  readonly ahead?: boolean;
  readonly signal?: AbortSignal;
}

export interface Batch {
  /** At most `MAX_STEP`, of one queue and one state. */
  readonly jobs: readonly SelectedJob[];
  readonly coverage: Coverage;
}

export interface Coverage {
  readonly scanned: number;
  /** Jobs in the states that are looked through, as they were when the scan began. */
  readonly total: number;
  /** Every job was looked at. */
  readonly complete: boolean;
}

export interface BatchVerdict {
  /** How many jobs of this batch are no longer in the state they were found in: what comes next moved up. */
  readonly taken?: number;
  readonly stop?: boolean;
}

export interface SelectedJob extends FilterableJob {
  /** Set by who changes the payload, see JobActions. */
  readonly patched?: Patched;
  readonly priority: number;
  readonly about: JobAbout | null;
}

/** What a payload says that it is about; null where it says nothing. */
export interface JobAbout {
  readonly campaignId: string | null;
  readonly importId: string | null;
  readonly label: string | null;
}

/** Characters of a stack that are read: the top frames, which tell causes apart. */
export const MAX_STACK = 2_000;
/** Characters of a label that are read. */
export const MAX_LABEL = 200;

/** One state of one queue, walked through page by page. */
export interface StateWalk {
  /** Jobs in the state when the walk began. */
  readonly total: number;
  /**
   * The next jobs; none at the end. `taken` says how many of the page before left the state meanwhile.
   * `looked` counts also what is gone already.
   */
  next(taken: number): Promise<WalkPage>;
}

export interface WalkPage {
  readonly jobs: readonly SelectedJob[];
  readonly looked: number;
}

/** What an engine reads for a selection. */
export interface SelectionReader {
  walk(queue: string, state: JobState, options: WalkOptions): Promise<StateWalk>;
  /** These jobs of a queue, whatever state they are in; those that are gone are left out. */
  lookUp(queue: string, ids: readonly string[], fields: ReadonlySet<JobField>): Promise<SelectedJob[]>;
}

export interface WalkOptions {
  readonly fields: ReadonlySet<JobField>;
  readonly order: 'newest' | 'oldest';
  /** Finished jobs only: ms since 1970, both ends included. */
  readonly finished: { readonly from: number; readonly to: number };
  /** Page after page will be asked for, and nothing is `taken`: what is to come may be read before it is. */
  readonly ahead: boolean;
}
