import { GaugeRing, NO_GAUGES, type Gauges } from './gauge-ring';
import { MetricsRing, type Measured, type ObservedTime } from './metrics-ring';
import { NameRings, type NamePlaces } from './name-rings';

/** All that is measured of one queue, as far as memory goes. */
export class QueueRings {
  readonly gauges = new GaugeRing();
  readonly names: NameRings;
  readonly all: MetricsRing;

  constructor(
    private readonly observed: ObservedTime,
    places: NamePlaces,
  ) {
    this.all = new MetricsRing(observed);
    this.names = new NameRings(observed, places);
  }

  /** What ended in [from, to), in seconds since 1970; `name` empty for the whole queue. */
  measure(name: string, from: number, to: number, now: number): Measured {
    const ring = name === '' ? this.all : this.names.find(name)?.ring;
    if (ring !== undefined) return ring.measure(from, to, now);
    return {
      observedSeconds: this.observed.within(from, to, now),
      completed: 0,
      failed: 0,
      wait: [],
      run: [],
    };
  }

  /** What stood in the queue in [from, to), or under a name; that is read less often. */
  stood(name: string, from: number, to: number): Gauges {
    const ring = name === '' ? this.gauges : this.names.find(name)?.gauges;
    return ring?.within(from, to) ?? NO_GAUGES;
  }
}
