import type { RingSize } from './metrics-ring';

/** What stood in a queue, or under a name, at a moment; null where it was not read. */
export interface Gauges {
  readonly backlog: number | null;
  readonly active: number | null;
  readonly delayed: number | null;
  /** Ms that the oldest waiting job had waited; 0 where none waited. */
  readonly oldestMs: number | null;
}

export const NO_GAUGES: Gauges = { backlog: null, active: null, delayed: null, oldestMs: null };

/** Readings closer together than five seconds are one: a chart has no finer step. */
const OF_A_QUEUE: RingSize = { slotSeconds: 5, seconds: 3_600 };

/** The latest readings: of each slot of time the last, and the highest age. */
export class GaugeRing {
  private readonly slots: { readonly number: number; readonly gauges: Gauges }[] = [];
  private readonly length: number;

  constructor(private readonly size: RingSize = OF_A_QUEUE) {
    this.length = size.seconds / size.slotSeconds;
  }

  read(second: number, gauges: Gauges): void {
    const number = Math.floor(second / this.size.slotSeconds);
    const known = this.slots[number % this.length];
    const before = known?.number === number ? known.gauges.oldestMs : null;
    this.slots[number % this.length] = {
      number,
      gauges: { ...gauges, oldestMs: highest(before, gauges.oldestMs) },
    };
  }

  /** In the window [from, to), by whole slots. */
  within(from: number, to: number): Gauges {
    let found = NO_GAUGES;
    const { slotSeconds } = this.size;
    for (let number = Math.ceil(from / slotSeconds); number * slotSeconds < to; number += 1) {
      const slot = this.slots[number % this.length];
      if (slot?.number !== number) continue;
      // Nothing is made anew for a single reading: charts ask for it by the ten thousand.
      found = found === NO_GAUGES ? slot.gauges : later(found, slot.gauges);
    }
    return found;
  }
}

/** Two readings one after the other as one: the later, and the highest age. */
export const later = (first: Gauges, second: Gauges): Gauges => ({
  backlog: second.backlog ?? first.backlog,
  active: second.active ?? first.active,
  delayed: second.delayed ?? first.delayed,
  oldestMs: highest(first.oldestMs, second.oldestMs),
});

/** What stood under a name: what was read of it, or nothing where nothing at all stood in the queue after that. */
export const ofName = (queue: Gauges, name: Gauges): Gauges =>
  queue.backlog === 0 ? { ...NO_GAUGES, backlog: 0, oldestMs: name.oldestMs ?? 0 } : name;

const highest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
