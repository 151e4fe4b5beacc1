import type { JobFilter } from '@shared/domain/job-filter';
import type { JobAction, JobActions, Refused, StepOutcome } from './job-actions';
import { MAX_STEP, type JobField, type Selection, type SelectedJob } from './selection';

export interface ActingParts {
  readonly selection: Pick<Selection, 'scan'>;
  readonly actions: Pick<JobActions, 'act'>;
}

export interface ActingOptions {
  readonly tally?: string;
  readonly signal?: AbortSignal;
  /** No step takes more jobs than this. */
  readonly atOnce?: number;
  /** Read of each job besides what the filter looks at, for `before`. */
  readonly fields?: readonly JobField[];
  /** Told of each batch before anything happens to it; answers those that are really meant. */
  readonly before?: (
    jobs: readonly SelectedJob[],
  ) => Promise<readonly SelectedJob[]> | readonly SelectedJob[];
  /** Told after each step; what it waits for holds the next one back. */
  readonly after?: (outcome: StepOutcome, jobs: readonly SelectedJob[]) => Promise<void> | void;
}

/**
 * Does the same to every job that matches, the oldest first, step by step. Once around is enough for all that
 * stays where it is while we look; what slipped past because others moved jobs meanwhile is found by who counts again.
 */
export const actOnAll = async (
  { selection, actions }: ActingParts,
  filter: JobFilter,
  action: JobAction,
  options: ActingOptions = {},
): Promise<{ done: number; refused: Refused[]; complete: boolean }> => {
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
        await after?.(outcome, rest.slice(0, outcome.handled));
        rest = rest.slice(outcome.handled);
      }
      return { taken };
    },
  });
  return { done, refused, complete: coverage.complete };
};
