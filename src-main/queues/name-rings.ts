import { OTHER_NAMES } from '@shared/contract/charts';
import { GaugeRing, NO_GAUGES } from './gauge-ring';
import { MetricsRing, type Observed } from './metrics-ring';
import { addWaiting, mostFirst, type NameWaiting } from './names-waiting';

/** Names that are counted one by one: of a queue, and of all queues together. */
const MOST_OF_A_QUEUE = 50;
const MOST_IN_ALL = 500;
/** A name that was not seen for a day gives its place up, in seconds. */
export const FORGOTTEN_AFTER = 86_400;
const LONGEST_NAME = 200;
/** Enough for charts of half an hour in steps of ten seconds. */
export const NAMES_SIZE = { slotSeconds: 10, seconds: 1_800 } as const;

/** How many names have a place, over all queues: what is kept in memory is bounded. */
export class NamePlaces {
  private taken = 0;

  constructor(private readonly most = MOST_IN_ALL) {}

  take(): boolean {
    if (this.taken >= this.most) return false;
    this.taken += 1;
    return true;
  }
}

interface Known {
  readonly ring: MetricsRing;
  readonly gauges: GaugeRing;
  lastSeen: number;
}

/**
 * What ended on a queue and what waited in it, by the names of the jobs. The first fifty names are counted one by one, those beyond
 * together: somebody may put an id into each name.
 */
export class NameRings {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly observed: Observed,
    private readonly places: NamePlaces,
  ) {}

  /** Where jobs of this name are counted. */
  of(name: string, second: number): MetricsRing {
    return this.knownOf(name, second).ring;
  }

  /** All that waited in the queue then: a name that is known and was not found had nothing there. */
  waited(nowMs: number, found: ReadonlyMap<string, NameWaiting>): void {
    const second = Math.floor(nowMs / 1_000);
    const sums = new Map<Known, NameWaiting>();
    // Where there are more names than places, those with the most get them.
    for (const [name, waiting] of mostFirst(found)) addWaiting(sums, this.knownOf(name, second), waiting);
    for (const known of this.known.values()) {
      const { waiting, oldest } = sums.get(known) ?? { waiting: 0, oldest: nowMs };
      known.gauges.read(second, { ...NO_GAUGES, backlog: waiting, oldestMs: Math.max(0, nowMs - oldest) });
    }
  }

  find(name: string): Readonly<Known> | undefined {
    return this.known.get(name);
  }

  names(): string[] {
    return [...this.known.keys()];
  }

  private knownOf(name: string, second: number): Known {
    // PostgreSQL takes no text with this in it: one such name, and no measurement at all would be kept.
    const short = name.slice(0, LONGEST_NAME).replaceAll('\0', '');
    const known = this.known.get(short) ?? this.place(short, second) ?? this.other();
    known.lastSeen = Math.max(known.lastSeen, second);
    return known;
  }

  private place(name: string, second: number): Known | undefined {
    if (name === '') return undefined;
    const isFull = this.known.size >= MOST_OF_A_QUEUE || !this.places.take();
    if (isFull && !this.dropForgotten(second)) return undefined;
    const fresh = this.fresh();
    this.known.set(name, fresh);
    return fresh;
  }

  private dropForgotten(second: number): boolean {
    for (const [name, { lastSeen }] of this.known) {
      if (name === OTHER_NAMES || lastSeen > second - FORGOTTEN_AFTER) continue;
      return this.known.delete(name);
    }
    return false;
  }

  private other(): Known {
    const known = this.known.get(OTHER_NAMES) ?? this.fresh();
    this.known.set(OTHER_NAMES, known);
    return known;
  }

  private fresh(): Known {
    return {
      ring: new MetricsRing(this.observed, NAMES_SIZE),
      gauges: new GaugeRing(NAMES_SIZE),
      lastSeen: 0,
    };
  }
}
