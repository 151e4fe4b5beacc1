import { describe, expect, it } from 'vitest';
import { percentiles } from './histogram';
import { MetricsRing, ObservedTime } from './metrics-ring';

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
      backlog: null,
    });
  });

  it('keeps the last backlog and all latencies of a window', () => {
    const ring = new MetricsRing(new ObservedTime());
    ring.backlog(now - 2, 40);
    ring.backlog(now - 1, 30);
    for (let ms = 1; ms <= 1_000; ms += 1) ring.latency(now - (ms % 3), ms, null);
    const measured = ring.measure(now - 3, now + 1, now);
    expect(measured.backlog).toBe(30);
    expect(percentiles(measured.wait)?.p50).toBeGreaterThan(450);
    expect(percentiles(measured.wait)?.p50).toBeLessThan(550);
    expect(percentiles(measured.run)).toBeNull();
  });
});
