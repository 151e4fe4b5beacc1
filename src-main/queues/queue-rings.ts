import { GaugeRing, NO_GAUGES, type Gauges } from './gauge-ring';
import { MetricsRing, type Measured, type Observed } from './metrics-ring';
import { NameRings, type NamePlaces } from './name-rings';

/** Why a job failed, and in which second since 1970 that was heard. */
export interface HeardReason {
  readonly second: number;
  readonly reason: string;
}

/** All that is measured of one queue, as far as memory goes. */
export class QueueRings {
  readonly gauges = new GaugeRing();
  readonly names: NameRings;
  readonly all: MetricsRing;
  private newestReason: HeardReason | null = null;
  private readonly observed: Observed;

  /** `metAt`: before this second nobody listened to the queue, though others were heard. */
  constructor(
    observed: Observed,
    places: NamePlaces,
    private metAt = -Infinity,
  ) {
    this.observed = {
      within: (from, to, now) => observed.within(Math.max(from, this.metAt), to, now),
    };
    this.all = new MetricsRing(this.observed);
    this.names = new NameRings(this.observed, places);
  }

  /** It is there. Where the clock was set back, it has been since then. */
  met(second: number): void {
    this.metAt = Math.min(this.metAt, second);
  }

  failed(second: number, reason: string): void {
    this.newestReason = { second, reason };
  }

  /** Of the newest failure that was heard and that nobody cancelled. */
  reason(): HeardReason | null {
    return this.newestReason;
  }

  /** Seconds of [from, to) in which somebody listened to the queue. */
  watched(from: number, to: number, now: number): number {
    return this.observed.within(from, to, now);
  }

  /** What ended in [from, to), in seconds since 1970; `name` empty for the whole queue. */
  measure(name: string, from: number, to: number, now: number): Measured {
    const ring = name === '' ? this.all : this.names.find(name)?.ring;
    return ring?.measure(from, to, now) ?? nothing(this.watched(from, to, now));
  }

  /** What stood in the queue in [from, to), or under a name; that is read less often. */
  stood(name: string, from: number, to: number): Gauges {
    const ring = name === '' ? this.gauges : this.names.find(name)?.gauges;
    return ring?.within(from, to) ?? NO_GAUGES;
  }
}

/** That nothing ended. */
export const nothing = (observedSeconds: number): Measured => ({
  observedSeconds,
  completed: 0,
  failed: 0,
  cancelled: 0,
  wait: [],
  run: [],
});
