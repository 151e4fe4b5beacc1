import { describe, expect, it } from 'vitest';
import { OTHER_NAMES } from '@shared/contract/charts';
import { GaugeRing, NO_GAUGES } from './gauge-ring';
import { percentiles } from './histogram';
import { MetricsRing, ObservedTime } from './metrics-ring';
import { NamePlaces, NameRings } from './name-rings';

describe('the last hour of a queue', () => {
  const now = 1_800_000_000;

  it('counts what ended inside a window and nothing else', () => {
    const ring = new MetricsRing(new ObservedTime());
    ring.finished(now - 61, 5, 1);
    ring.finished(now - 60, 3, 0);
    ring.finished(now, 2, 4);
    expect(ring.measure(now - 60, now + 1, now)).toMatchObject({ completed: 5, failed: 4 });
    expect(ring.measure(now - 61, now - 60, now)).toMatchObject({ completed: 5, failed: 1 });
  });

  it('forgets what is older than an hour', () => {
    const ring = new MetricsRing(new ObservedTime());
    ring.finished(now, 7, 0);
    expect(ring.measure(now, now + 1, now + 3_599).completed).toBe(7);
    ring.finished(now + 3_600, 1, 0);
    expect(ring.measure(now, now + 1, now + 3_600).completed).toBe(0);
  });

  it('tells a gap from a zero', () => {
    const observed = new ObservedTime();
    const ring = new MetricsRing(observed);
    observed.begin(now - 100);
    observed.end(now - 40);
    observed.begin(now - 20);
    expect(ring.measure(now - 200, now - 100, now).observedSeconds).toBe(0);
    expect(ring.measure(now - 100, now - 40, now).observedSeconds).toBe(60);
    expect(ring.measure(now - 40, now - 20, now).observedSeconds).toBe(0);
    expect(ring.measure(now - 10, now + 1, now)).toMatchObject({
      observedSeconds: 11,
      completed: 0,
    });
  });

  it('keeps all latencies of a window', () => {
    const ring = new MetricsRing(new ObservedTime());
    for (let ms = 1; ms <= 1_000; ms += 1) ring.latency(now - (ms % 3), ms, null);
    const measured = ring.measure(now - 3, now + 1, now);
    expect(percentiles(measured.wait)?.p50).toBeGreaterThan(450);
    expect(percentiles(measured.wait)?.p50).toBeLessThan(550);
    expect(percentiles(measured.run)).toBeNull();
  });

  it('may be counted more coarsely, and then forgets no sooner', () => {
    const ring = new MetricsRing(new ObservedTime(), { slotSeconds: 10, seconds: 1_800 });
    ring.finished(now, 1, 0);
    ring.finished(now + 9, 2, 0);
    ring.finished(now + 10, 4, 0);
    expect(ring.measure(now, now + 10, now + 1_000).completed).toBe(3);
    expect(ring.measure(now, now + 20, now + 1_799).completed).toBe(7);
    expect(ring.measure(now, now + 20, now + 1_800).completed).toBe(4);
  });
});

describe('what stands in a queue', () => {
  const now = 1_800_000_000;
  const reading = (backlog: number, oldestMs: number) => ({ backlog, active: 1, delayed: 2, oldestMs });

  it('is the last reading of a window, and the highest age', () => {
    const ring = new GaugeRing();
    ring.read(now, reading(40, 500));
    ring.read(now + 1, reading(30, 900));
    ring.read(now + 6, reading(20, 100));
    expect(ring.within(now, now + 5)).toEqual(reading(30, 900));
    expect(ring.within(now, now + 10)).toEqual(reading(20, 900));
    expect(ring.within(now + 10, now + 60)).toEqual(NO_GAUGES);
  });

  it('is forgotten after an hour', () => {
    const ring = new GaugeRing();
    ring.read(now, reading(40, 500));
    ring.read(now + 3_600, reading(7, 0));
    expect(ring.within(now, now + 5)).toEqual(NO_GAUGES);
    expect(ring.within(now + 3_600, now + 3_605).backlog).toBe(7);
  });
});

describe('names of jobs', () => {
  const now = 1_800_000_000;
  const rings = (places = new NamePlaces()) => new NameRings(new ObservedTime(), places);

  it('are counted one by one up to fifty, and those beyond together', () => {
    const names = rings();
    for (let n = 0; n < 1_000; n += 1) names.of(`job ${n}`, now).finished(now, 1, 0);
    expect(names.names()).toHaveLength(51);
    const count = (name: string) => names.find(name)?.ring.measure(now, now + 10, now).completed;
    expect(count('job 0')).toBe(1);
    expect(count('job 999')).toBeUndefined();
    expect(count(OTHER_NAMES)).toBe(950);
  });

  it('are such as the database takes', () => {
    const names = rings();
    names.of('paper\0 jam', now);
    expect(names.names()).toEqual(['paper jam']);
  });

  it('give up their place when they were not seen for a day', () => {
    const names = rings();
    for (let n = 0; n < 50; n += 1) names.of(`job ${n}`, now);
    names.of('job 7', now + 86_400);
    names.of('fresh', now + 86_400);
    expect(names.find('fresh')).toBeDefined();
    expect(names.find('job 7')).toBeDefined();
    expect(names.names()).toHaveLength(50);
  });

  it('have so many places over all queues together', () => {
    const places = new NamePlaces(3);
    const [one, two] = [rings(places), rings(places)];
    for (const name of ['a', 'b']) one.of(name, now);
    for (const name of ['c', 'd']) two.of(name, now);
    expect([one.names(), two.names()]).toEqual([
      ['a', 'b'],
      ['c', OTHER_NAMES],
    ]);
  });

  it('have what was found waiting under each, and nothing where a look found none', () => {
    const names = rings();
    names.of('ended', now);
    const long = 'x'.repeat(300);
    const found = (waiting: number, ageMs: number) => ({ waiting, oldest: now * 1_000 - ageMs });
    const others = Array.from({ length: 60 }, (_, n) => [`id ${n}`, found(1, n)] as const);
    names.waited(now * 1_000, new Map([...others, ['send', found(7, 90_000)], [long, found(2, 500)]]));
    const stood = (name: string) => names.find(name)?.gauges.within(now, now + 10);
    expect(stood('send')).toMatchObject({ backlog: 7, oldestMs: 90_000, active: null });
    expect(stood(long.slice(0, 200))).toMatchObject({ backlog: 2, oldestMs: 500 });
    expect(stood('ended')).toMatchObject({ backlog: 0, oldestMs: 0 });
    // The most first: 47 of the 60 found a place beside those three.
    expect(stood(OTHER_NAMES)?.backlog).toBe(13);
    names.waited((now + 60) * 1_000, new Map([['ended', found(1, 0)]]));
    const later = names.find('send')?.gauges.within(now + 60, now + 70);
    expect(later).toMatchObject({ backlog: 0, oldestMs: 0 });
  });

  it('that are empty are never taken for the whole queue', () => {
    const names = rings();
    names.of('', now).finished(now, 1, 0);
    expect(names.names()).toEqual([OTHER_NAMES]);
  });
});
