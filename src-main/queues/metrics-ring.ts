import { addInto, count, type Histogram } from './histogram';

const HOUR = 3_600;

interface Slot {
  /** Which slot since 1970 this is: the place in the ring is used again and again. */
  number: number;
  completed: number;
  failed: number;
  cancelled: number;
  wait: Histogram;
  run: Histogram;
}

/** How many jobs ended between two moments, and how long they took. */
export interface Measured {
  /** Seconds of the window in which somebody listened; 0 makes it a gap and not a zero. */
  readonly observedSeconds: number;
  readonly completed: number;
  readonly failed: number;
  /** Of `failed`, those that somebody cancelled; of a name this is not told. */
  readonly cancelled: number;
  readonly wait: Histogram;
  readonly run: Histogram;
}

/** When somebody listened. */
export interface Observed {
  /** Observed seconds in [from, to), of which nothing lies after `now`. */
  within(from: number, to: number, now: number): number;
}

/** Times in which the engine's events were heard, in seconds since 1970; an open end is now. */
export class ObservedTime implements Observed {
  private readonly spans: { readonly from: number; to: number | null }[] = [];

  begin(second: number): void {
    if (this.spans.at(-1)?.to !== null) this.spans.push({ from: second, to: null });
    while (this.spans.length > 1_000) this.spans.shift();
  }

  end(second: number): void {
    const last = this.spans.at(-1);
    if (last?.to === null) last.to = second;
  }

  within(from: number, to: number, now: number): number {
    let sum = 0;
    for (const span of this.spans) {
      sum += Math.max(0, Math.min(to, span.to ?? now + 1, now + 1) - Math.max(from, span.from));
    }
    // Where the clock was set back, times lie over each other.
    return Math.min(sum, Math.max(0, to - from));
  }
}

/** How finely a ring counts and how far back it reaches, in seconds. */
export interface RingSize {
  readonly slotSeconds: number;
  readonly seconds: number;
}

/** What ended lately on a queue, or under a name: a count for each slot of time. Where nothing ends, it takes no room. */
export class MetricsRing {
  private readonly slots: (Slot | undefined)[] = [];
  private readonly length: number;
  /** The newest slot that was written: most queues of hundreds stand still, and are asked all the time. */
  private written = -Infinity;

  constructor(
    private readonly observed: Observed,
    private readonly size: RingSize = { slotSeconds: 1, seconds: HOUR },
  ) {
    this.length = size.seconds / size.slotSeconds;
  }

  finished(second: number, completed: number, failed: number, cancelled = 0): void {
    const slot = this.slot(second);
    slot.completed += completed;
    slot.failed += failed;
    slot.cancelled += cancelled;
  }

  latency(second: number, waitMs: number | null, runMs: number | null): void {
    const slot = this.slot(second);
    if (waitMs !== null) count(slot.wait, waitMs);
    if (runMs !== null) count(slot.run, runMs);
  }

  /** The window [from, to) in seconds since 1970, at most as far back as the ring reaches, by whole slots. */
  measure(from: number, to: number, now: number): Measured {
    const wait: Histogram = [];
    const run: Histogram = [];
    let completed = 0;
    let failed = 0;
    let cancelled = 0;
    const newest = this.numberOf(now);
    const first = Math.max(Math.ceil(from / this.size.slotSeconds), newest - this.length + 1);
    const end = Math.min(Math.ceil(to / this.size.slotSeconds), newest + 1);
    for (let number = first; number < Math.min(end, this.written + 1); number += 1) {
      const slot = this.slots[number % this.length];
      if (slot?.number !== number) continue;
      completed += slot.completed;
      failed += slot.failed;
      cancelled += slot.cancelled;
      addInto(wait, slot.wait);
      addInto(run, slot.run);
    }
    return { observedSeconds: this.observed.within(from, to, now), completed, failed, cancelled, wait, run };
  }

  private numberOf(second: number): number {
    return Math.floor(second / this.size.slotSeconds);
  }

  private slot(second: number): Slot {
    const number = this.numberOf(second);
    this.written = Math.max(this.written, number);
    const known = this.slots[number % this.length];
    if (known?.number === number) return known;
    const fresh: Slot = { number, completed: 0, failed: 0, cancelled: 0, wait: [], run: [] };
    this.slots[number % this.length] = fresh;
    return fresh;
  }
}
