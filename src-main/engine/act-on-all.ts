import { isByPlace, spanMs, type JobFilter } from '@shared/domain/job-filter';
import type { JobAction, JobActions, Refused, StepOutcome } from './job-actions';
import { MAX_STEP, type JobField, type Selection, type SelectedJob } from './selection';

export interface ActingParts {
  readonly selection: Pick<Selection, 'scan'>;
  readonly actions: Pick<JobActions, 'act' | 'retryOldest'>;
}

export interface ActingOptions {
  readonly tally?: string;
  readonly signal?: AbortSignal;
  /** No step takes more jobs than this. */
  readonly atOnce?: number;
  /** Read of each job besides what the filter looks at, for `before`. */
  readonly fields?: readonly JobField[];
  /**
   * Told of each batch before anything happens to it; answers those that are really meant. Of jobs that the engine
   * finds by itself, none is told.
   */
  readonly before?: (
    jobs: readonly SelectedJob[],
  ) => Promise<readonly SelectedJob[]> | readonly SelectedJob[];
  /** Told after each step; what it waits for holds the next one back. */
  readonly after?: (
    outcome: StepOutcome,
    jobs: readonly SelectedJob[],
    queue: string,
  ) => Promise<void> | void;
}

interface ActedOn {
  readonly done: number;
  readonly refused: Refused[];
  readonly complete: boolean;
}

/**
 * Does the same to every job that matches, the oldest first, step by step. Once around is enough for all that
 * stays where it is while we look; what slipped past because others moved jobs meanwhile is found by who counts again.
 */
export const actOnAll = (
  parts: ActingParts,
  filter: JobFilter,
  action: JobAction,
  options: ActingOptions = {},
): Promise<ActedOn> => {
  const { retryOldest } = parts.actions;
  const queues = standingIn(filter);
  if (action.type !== 'retry' || queues === undefined || retryOldest === undefined || options.fields?.length)
    return actOnFound(parts, filter, action, options);
  return retryStanding(retryOldest, { queues, finished: spanMs(filter.finishedAt ?? {}) }, action, options);
};

/** The queues of which all failed jobs of a span are meant, whatever is in them. */
const standingIn = (filter: JobFilter): readonly string[] | undefined =>
  isByPlace(filter) && filter.states?.join() === 'failed' ? filter.queues : undefined;

/** The engine finds them where it retries them: they go neither from it nor to it. */
const retryStanding = async (
  retryOldest: NonNullable<JobActions['retryOldest']>,
  { queues, finished }: { readonly queues: readonly string[]; readonly finished: ReturnType<typeof spanMs> },
  { leaveCancelled }: Extract<JobAction, { type: 'retry' }>,
  { tally, signal, before, after, atOnce = MAX_STEP }: ActingOptions,
): Promise<ActedOn> => {
  let done = 0;
  const refused: Refused[] = [];
  for (const queue of queues) {
    for (let skip = 0; ;) {
      await before?.([]);
      if (signal?.aborted === true) return { done, refused, complete: false };
      const outcome = await retryOldest({ queue, finished, skip, atMost: atOnce }, leaveCancelled, tally);
      if (outcome.handled === 0) break;
      done += outcome.done;
      skip += outcome.refused.length;
      refused.push(...outcome.refused);
      await after?.(outcome, [], queue);
    }
  }
  return { done, refused, complete: true };
};

const actOnFound = async (
  { selection, actions }: ActingParts,
  filter: JobFilter,
  action: JobAction,
  options: ActingOptions,
): Promise<ActedOn> => {
  let done = 0;
  const refused: Refused[] = [];
  const { tally, signal, fields, before, after, atOnce = MAX_STEP } = options;
  const coverage = await selection.scan(filter, {
    order: 'oldest',
    ...(signal !== undefined && { signal }),
    ...(fields !== undefined && { fields }),
    onBatch: async ({ jobs }) => {
      const [first] = jobs;
      if (first === undefined) return undefined;
      const { queue, state } = first;
      let taken = 0;
      for (let rest = (await before?.(jobs)) ?? jobs; rest.length > 0;) {
        if (signal?.aborted === true) return { stop: true };
        const outcome = await actions.act({ queue, state, jobs: rest.slice(0, atOnce) }, action, tally);
        done += outcome.done;
        taken += outcome.done;
        refused.push(...outcome.refused);
        await after?.(outcome, rest.slice(0, outcome.handled), queue);
        rest = rest.slice(outcome.handled);
      }
      return { taken };
    },
  });
  return { done, refused, complete: coverage.complete };
};
