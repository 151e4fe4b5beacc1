import type { Measured } from './metrics-ring';
import type { Kept } from './repository';

/** A stretch of time, in ms since 1970, and what was heard in it of the jobs that ended. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly completed: number;
  /** For good, without those that somebody cancelled. */
  readonly failed: number;
  /** Seconds of it in which somebody listened. */
  readonly watchedSeconds: number;
}

/** What was heard of a queue lately. */
export interface Heard {
  /** One after the other without a gap, the newest last. */
  readonly stretches: readonly Stretch[];
  /** Why the newest job failed of which this console heard; null where it heard of none in that time. */
  readonly reason: string | null;
}

export type EndedMinute = Pick<Kept, 'completed' | 'failed' | 'cancelled' | 'watchedSeconds'>;

export interface HeardParts {
  readonly from: number;
  readonly now: number;
  /** When this console began to listen. */
  readonly began: number;
  /** What this console heard in [from, to), in seconds since 1970. */
  readonly own: (from: number, to: number) => Measured;
  /** Minutes of the queue that consoles before this one kept, by their begin in seconds since 1970. */
  readonly earlier: ReadonlyMap<number, EndedMinute>;
}

const MINUTE = 60;
const MINUTE_MS = 60_000;

/** What this console heard since `from`, and before it ran what others kept; all in ms since 1970. */
export function heardSince({ from, now, began, own, earlier }: HeardParts): Stretch[] {
  // A clock that was set back says nothing of before.
  const ownFrom = began > now ? from : Math.max(from, began);
  const measured = own(Math.floor(ownFrom / 1_000), Math.floor(now / 1_000) + 1);
  const last = stretchOf(ownFrom, now, measured, measured.observedSeconds);
  return [...before({ from, to: ownFrom, earlier }), last];
}

/** Minutes that were watched from end to end are one stretch, and so are those beside each other that were not. */
function before({
  from,
  to,
  earlier,
}: Pick<HeardParts, 'from' | 'earlier'> & { readonly to: number }): Stretch[] {
  const stretches: (Stretch & { readonly isWhole: boolean })[] = [];
  for (let minute = Math.floor(from / MINUTE_MS) * MINUTE; minute * 1_000 < to; minute += MINUTE) {
    const begins = Math.max(from, minute * 1_000);
    const ends = Math.min(to, minute * 1_000 + MINUTE_MS);
    // What of a minute fell into a part of it nobody can tell.
    const row = begins > minute * 1_000 ? undefined : earlier.get(minute);
    const isWhole = row !== undefined && row.watchedSeconds >= MINUTE - SLACK_SECONDS;
    const heard = stretchOf(begins, ends, row ?? NOTHING, row?.watchedSeconds ?? 0);
    const known = stretches.at(-1);
    if (known?.isWhole === isWhole) stretches[stretches.length - 1] = { ...joined(known, heard), isWhole };
    else stretches.push({ ...heard, isWhole });
  }
  return stretches.map(({ isWhole: _, ...stretch }) => stretch);
}

/** The second in which a console begins or ends is not watched to its end. */
export const SLACK_SECONDS = 2;
const NOTHING = { completed: 0, failed: 0, cancelled: 0 };

const stretchOf = (
  from: number,
  to: number,
  { completed, failed, cancelled }: Pick<Measured, 'completed' | 'failed' | 'cancelled'>,
  watchedSeconds: number,
): Stretch => ({ from, to, completed, failed: failed - cancelled, watchedSeconds });

const joined = (a: Stretch, b: Stretch): Stretch => ({
  from: a.from,
  to: b.to,
  completed: a.completed + b.completed,
  failed: a.failed + b.failed,
  watchedSeconds: a.watchedSeconds + b.watchedSeconds,
});
