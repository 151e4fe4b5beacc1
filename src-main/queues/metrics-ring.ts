import { addInto, count, type Histogram } from './histogram';

const SECONDS = 3_600;

interface Slot {
  second: number;
  completed: number;
  failed: number;
  backlog: number | null;
  wait: Histogram;
  run: Histogram;
}

/** What happened on a queue between two moments. */
export interface Measured {
  /** Seconds of the window in which somebody listened; 0 makes it a gap and not a zero. */
  readonly observedSeconds: number;
  readonly completed: number;
  readonly failed: number;
  /** The last count of waiting jobs in the window. */
  readonly backlog: number | null;
  readonly wait: Histogram;
  readonly run: Histogram;
}

/** Times in which the engine's events were heard, in seconds since 1970; an open end is now. */
export class ObservedTime {
  private readonly spans: { readonly from: number; to: number | null }[] = [];

  begin(second: number): void {
    if (this.spans.at(-1)?.to !== null) this.spans.push({ from: second, to: null });
    while (this.spans.length > 1_000) this.spans.shift();
  }

  end(second: number): void {
    const last = this.spans.at(-1);
    if (last?.to === null) last.to = second;
  }

  /** Observed seconds in [from, to), of which nothing lies after `now`. */
  within(from: number, to: number, now: number): number {
    let sum = 0;
    for (const span of this.spans) {
      sum += Math.max(0, Math.min(to, span.to ?? now + 1, now + 1) - Math.max(from, span.from));
    }
    return sum;
  }
}

/** One queue's last hour, second by second. */
export class MetricsRing {
  private readonly slots: (Slot | undefined)[] = [];

  constructor(private readonly observed: ObservedTime) {}

  finished(second: number, completed: number, failed: number): void {
    const slot = this.slot(second);
    slot.completed += completed;
    slot.failed += failed;
  }

  latency(second: number, waitMs: number | null, runMs: number | null): void {
    const slot = this.slot(second);
    if (waitMs !== null) count(slot.wait, waitMs);
    if (runMs !== null) count(slot.run, runMs);
  }

  backlog(second: number, waiting: number): void {
    this.slot(second).backlog = waiting;
  }

  /** The window [from, to) in seconds since 1970, at most the last hour. */
  measure(from: number, to: number, now: number): Measured {
    const wait: Histogram = [];
    const run: Histogram = [];
    const sum = { completed: 0, failed: 0, wait, run };
    let backlog: number | null = null;
    for (let second = Math.max(from, now - SECONDS + 1); second < to && second <= now; second += 1) {
      const slot = this.slots[second % SECONDS];
      if (slot?.second !== second) continue;
      sum.completed += slot.completed;
      sum.failed += slot.failed;
      addInto(sum.wait, slot.wait);
      addInto(sum.run, slot.run);
      backlog = slot.backlog ?? backlog;
    }
    return { ...sum, backlog, observedSeconds: this.observed.within(from, to, now) };
  }

  private slot(second: number): Slot {
    const index = second % SECONDS;
    const known = this.slots[index];
    if (known?.second === second) return known;
    const fresh: Slot = { second, completed: 0, failed: 0, backlog: null, wait: [], run: [] };
    this.slots[index] = fresh;
    return fresh;
  }
}
