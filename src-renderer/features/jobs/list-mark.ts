import type { JobCounts, QueueOverview } from '@shared/contract/queues';
import type { JobState } from '@shared/domain/queues';

/** How many jobs of a queue are in a state. Those that a pause holds back are among the waiting ones. */
export function countOf(counts: JobCounts, state: JobState): number {
  return state === 'waiting-children' ? counts.waitingChildren : counts[state];
}

/**
 * Changes when a list of this state may look different. Running jobs move without a change of any count, so for them
 * it changes every second; so it does while the list is not as long as it should be: it was read at a moment between
 * two figures, and the next figure may be the same as the last.
 */
export function listMark(
  queue: QueueOverview | undefined,
  state: JobState,
  second: string | undefined,
  listed: number | undefined,
): string {
  if (queue === undefined) return '';
  const moving = state === 'active' && queue.counts.active > 0;
  const differs = listed !== undefined && listed !== countOf(queue.counts, state);
  return JSON.stringify([queue.counts, moving || differs ? second : null]);
}
