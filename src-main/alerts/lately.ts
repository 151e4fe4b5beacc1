import type { FailedLately } from '../engine/engine';
import { SLACK_SECONDS, type Heard, type Stretch } from '../queues/metrics-heard';

/** Failures of a queue within some minutes. */
export interface Lately {
  /**
   * Jobs that failed for good, whatever became of them, without those that somebody cancelled. Where not all of the
   * time was watched, at least so many.
   */
  readonly failed: number;
  /** Why the newest one failed, as far as that is known. */
  readonly reason: string | null;
  /** Whether somebody listened all the time, so that none can have failed unheard. */
  readonly isWatched: boolean;
  /** What ended while somebody listened; null where that was too short a part of the time. */
  readonly ended: { readonly completed: number; readonly failed: number } | null;
}

/** From this part of the time on, what was heard in it stands for all of it. */
const LEAST_WATCHED = 0.8;

/**
 * What was heard, together with what stands as failed: that tells of what failed while nobody listened. Of a stretch
 * of time the larger of the two counts: a job that stands was heard as well, one that is gone does not stand, and
 * where very many fail at once the engine forgets some of what it has to say.
 */
export function latelyOf(
  { stretches, reason }: Heard,
  standingSince: (stretch: Stretch) => FailedLately,
): Lately {
  const standing = stretches.map(standingSince);
  const failed = stretches.reduce((sum, stretch, index) => {
    const stands = (standing[index]?.failed ?? 0) - (standing[index + 1]?.failed ?? 0);
    return sum + Math.max(stretch.failed, stands);
  }, 0);
  const total = (of: (stretch: Stretch) => number): number =>
    stretches.reduce((sum, stretch) => sum + of(stretch), 0);
  const seconds = total(({ from, to }) => to - from) / 1_000;
  const watched = total(({ watchedSeconds }) => watchedSeconds);
  const reasons = standing.map((each) => each.reason).filter((each) => each !== null);
  return {
    failed,
    reason: reason ?? reasons.at(-1) ?? null,
    isWatched: watched >= seconds - SLACK_SECONDS,
    ended:
      watched >= seconds * LEAST_WATCHED
        ? { completed: total(({ completed }) => completed), failed: total((stretch) => stretch.failed) }
        : null,
  };
}
