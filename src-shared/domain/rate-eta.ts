/** A measured rate, and how long the rest takes at it. Plain numbers: wording belongs to whoever shows them. */

export interface RateMeter {
  /** Notes the total done so far at a time in milliseconds (any clock that does not run backwards). */
  readonly record: (done: number, atMs: number) => void;
  /** Items per second over the window that ends at `atMs`; undefined until there is enough to tell. */
  readonly perSecond: (atMs: number) => number | undefined;
}

interface Sample {
  readonly atMs: number;
  readonly done: number;
}

/** Less than this between two samples tells more about the timer than about the rate. */
const LEAST_SPAN_MS = 500;
const MAX_SAMPLES = 600;

/** Measures over a sliding window, so that a pause or a changed limit shows within that time. */
export function createRateMeter(windowMs = 10_000): RateMeter {
  const samples: Sample[] = [];
  const dropBefore = (startMs: number): void => {
    // The last sample before the window stays: it is where the window begins to count.
    while (samples.length > 2 && (samples[1]?.atMs ?? Infinity) <= startMs) samples.shift();
  };
  return {
    record: (done, atMs) => {
      const last = samples.at(-1);
      // Fewer done than before means that a new run began.
      if (last !== undefined && done < last.done) samples.length = 0;
      samples.push({ atMs, done });
      dropBefore(atMs - windowMs);
      if (samples.length > MAX_SAMPLES) samples.splice(1, 1);
    },
    perSecond: (atMs) => {
      dropBefore(atMs - windowMs);
      const first = samples[0];
      const last = samples.at(-1);
      if (first === undefined || last === undefined) return undefined;
      const spanMs = Math.max(atMs, last.atMs) - first.atMs;
      return spanMs < LEAST_SPAN_MS ? undefined : ((last.done - first.done) / spanMs) * 1_000;
    },
  };
}

/** What nobody has looked at for so long is forgotten. */
const FORGET_MS = 60_000;

/** The rates of many things that are looked at now and then, measured from counts that are read anyway. */
export interface Rates {
  /** Notes how much of a thing is done and answers its rate a second; null until there is enough to tell. */
  note(id: string, done: number): number | null;
}

/** Rates over the last `windowMs`. */
export function createRates(windowMs: number, now: () => number = Date.now): Rates {
  const meters = new Map<string, { readonly meter: RateMeter; readonly at: number }>();
  return {
    note(id, done) {
      const at = now();
      for (const [other, known] of meters) if (known.at < at - FORGET_MS) meters.delete(other);
      const { meter } = meters.get(id) ?? { meter: createRateMeter(windowMs) };
      meters.set(id, { meter, at });
      meter.record(done, at);
      return meter.perSecond(at) ?? null;
    },
  };
}

/**
 * Milliseconds until `remaining` items are done at `perSecond`; 0 where nothing remains, undefined where the
 * rate is unknown or nothing moves.
 */
export function remainingMs(remaining: number, perSecond: number | undefined): number | undefined {
  if (remaining <= 0) return 0;
  if (perSecond === undefined || !(perSecond > 0)) return undefined;
  return Math.round((remaining / perSecond) * 1_000);
}

/** Done out of total as 0 to 1; 1 where there is nothing to do. */
export function progressFraction(done: number, total: number): number {
  return total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
}
