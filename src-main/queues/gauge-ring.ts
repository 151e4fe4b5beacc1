/** What stood in a queue at a moment; null where it was not read. */
export interface Gauges {
  readonly backlog: number | null;
  readonly active: number | null;
  readonly delayed: number | null;
  /** Ms that the oldest waiting job had waited; 0 where none waited. */
  readonly oldestMs: number | null;
}

export const NO_GAUGES: Gauges = { backlog: null, active: null, delayed: null, oldestMs: null };

/** Readings closer together than this are one: a chart has no finer step. */
const SLOT_SECONDS = 5;
const SLOTS = 3_600 / SLOT_SECONDS;

/** The last hour's readings of a queue: of each five seconds the last, and the highest age. */
export class GaugeRing {
  private readonly slots: { readonly number: number; readonly gauges: Gauges }[] = [];

  read(second: number, gauges: Gauges): void {
    const number = Math.floor(second / SLOT_SECONDS);
    const known = this.slots[number % SLOTS];
    const before = known?.number === number ? known.gauges.oldestMs : null;
    this.slots[number % SLOTS] = {
      number,
      gauges: { ...gauges, oldestMs: highest(before, gauges.oldestMs) },
    };
  }

  /** In the window [from, to), by whole slots. */
  within(from: number, to: number): Gauges {
    let found = NO_GAUGES;
    for (let number = Math.ceil(from / SLOT_SECONDS); number * SLOT_SECONDS < to; number += 1) {
      const slot = this.slots[number % SLOTS];
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

const highest = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b);
