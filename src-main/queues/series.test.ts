import { describe, expect, it } from 'vitest';
import { MetricsRing, ObservedTime } from './metrics-ring';
import type { MinuteRow } from './repository';
import { readSeries } from './series';

const now = Date.parse('2026-11-24T10:00:30Z');
const second = now / 1_000;

const stage = (rows: readonly Partial<MinuteRow>[] = []) => {
  const observed = new ObservedTime();
  const ring = new MetricsRing(observed);
  const kept = rows.map((row) => ({
    queue: 'bulk-messages' as const,
    minute: new Date(now),
    completed: 0,
    failed: 0,
    wait: [],
    run: [],
    backlog: null,
    ...row,
  }));
  const parts = {
    recorder: { measure: (_queue: string, from: number, to: number) => ring.measure(from, to, second) },
    repository: { saveMinutes: () => Promise.resolve(), minutes: () => Promise.resolve(kept) },
    organizationId: 'mill',
    now: () => now,
  };
  return { observed, ring, parts };
};

describe('a chart of a queue', () => {
  it('shows a gap where nobody watched and a zero where nothing happened', async () => {
    const { observed, ring, parts } = stage();
    observed.begin(second - 60);
    ring.finished(second - 20, 4, 1);
    const { stepSeconds, points } = await readSeries(parts, 'bulk-messages', 5);
    expect([stepSeconds, points.length]).toEqual([5, 60]);
    expect(points.filter((point) => point.completed === null)).toHaveLength(60 - 13);
    expect(points.filter((point) => point.completed === 0)).toHaveLength(12);
    expect(points.find((point) => point.completed === 4)?.failed).toBe(1);
    expect(points.at(-1)?.at).toBe('2026-11-24T10:00:30.000Z');
  });

  it('of an hour comes from the database, and its running minute from memory', async () => {
    const { observed, ring, parts } = stage([
      { minute: new Date('2026-11-24T09:30:00Z'), completed: 100, backlog: 7 },
      { minute: new Date('2026-11-24T09:59:00Z'), completed: 50 },
    ]);
    observed.begin(second - 100);
    ring.finished(second - 5, 3, 0);
    ring.finished(second - 40, 999, 0); // in 09:59, which the database has already
    const { stepSeconds, points } = await readSeries(parts, 'bulk-messages', 60);
    expect([stepSeconds, points.length]).toEqual([60, 60]);
    const at = (time: string) => points.find((point) => point.at === `2026-11-24T${time}:00.000Z`);
    expect(at('09:30')).toMatchObject({ completed: 100, backlog: 7 });
    expect(at('09:31')?.completed).toBeNull();
    expect(at('09:59')?.completed).toBe(50);
    expect(at('10:00')?.completed).toBe(3);
  });

  it('of a day has five-minute steps that add up', async () => {
    const { parts } = stage([
      { minute: new Date('2026-11-24T08:01:00Z'), completed: 10, wait: [0, 3] },
      { minute: new Date('2026-11-24T08:04:00Z'), completed: 5, wait: [0, 1] },
    ]);
    const { stepSeconds, points } = await readSeries(parts, undefined, 24 * 60);
    expect([stepSeconds, points.length]).toEqual([300, 288]);
    const found = points.filter((point) => point.completed !== null);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ at: '2026-11-24T08:00:00.000Z', completed: 15 });
    expect(found[0]?.wait?.p50).toBeGreaterThan(0);
  });

  it('shows the backlog as a gauge: summed over queues, never over the minutes of a step', async () => {
    const { parts } = stage([
      { minute: new Date('2026-11-24T08:00:00Z'), backlog: 900 },
      { minute: new Date('2026-11-24T08:00:00Z'), queue: 'contact-import', backlog: 5 },
      { minute: new Date('2026-11-24T08:03:00Z'), backlog: 600 },
      { minute: new Date('2026-11-24T08:04:00Z'), backlog: 500 },
      { minute: new Date('2026-11-24T08:04:00Z'), queue: 'contact-import', backlog: 3 },
      // The other queue's minute is missing here: its last reading stands for two minutes.
      { minute: new Date('2026-11-24T08:05:00Z'), backlog: 400 },
      { minute: new Date('2026-11-24T08:20:00Z'), backlog: 0 },
    ]);
    const { points } = await readSeries(parts, undefined, 24 * 60);
    const at = (time: string) => points.find((point) => point.at === `2026-11-24T${time}:00.000Z`)?.backlog;
    expect([at('08:00'), at('08:05'), at('08:10'), at('08:20')]).toEqual([503, 403, null, 0]);
  });

  it('keeps the last backlog in a watched step that has no reading yet', async () => {
    const { observed, ring, parts } = stage([{ minute: new Date('2026-11-24T09:59:00Z'), backlog: 8 }]);
    observed.begin(second - 30);
    const day = await readSeries(parts, 'bulk-messages', 24 * 60);
    expect(day.points.at(-1)).toMatchObject({ at: '2026-11-24T10:00:00.000Z', completed: 0, backlog: 8 });
    ring.backlog(second - 12, 6);
    const live = await readSeries(parts, 'bulk-messages', 5);
    expect(live.points.slice(-4).map(({ backlog }) => backlog)).toEqual([6, 6, 6, 6]);
    // A step before the first reading, and one that nobody watched, has none.
    expect(live.points.slice(-8, -4).every(({ backlog }) => backlog === null)).toBe(true);
  });
});
