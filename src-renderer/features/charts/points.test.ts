import { describe, expect, it } from 'vitest';
import type { ChartPoint } from '@shared/contract/charts';
import { pointsOf } from './points';

const point = (at: string, more: Partial<ChartPoint> = {}): ChartPoint => ({
  at,
  watchedSeconds: 60,
  ...{ completed: 0, failed: 0, backlog: 0, active: 0, delayed: 0, oldestSeconds: 0, etaSeconds: 0 },
  ...{ wait: null, run: null },
  ...more,
});
const gap: Partial<ChartPoint> = { watchedSeconds: 0, completed: null, failed: null, backlog: null };
const series = (points: ChartPoint[], compared: ChartPoint[] | null = null) =>
  pointsOf({ from: '', to: '', stepSeconds: 60, points, compared, tooMany: 0 });

describe('the points of a chart', () => {
  it('are rates over the seconds that were watched, however long the step', () => {
    const [whole, begun] = series([
      point('2026-11-24T10:00:00.000Z', { completed: 120 }),
      point('2026-11-24T10:01:00.000Z', { completed: 20, watchedSeconds: 10 }),
    ]);
    expect([whole?.values['completed'], begun?.values['completed']]).toEqual([2, 2]);
  });

  it('keep gaps apart from zeros', () => {
    const [zero, none] = series([point('2026-11-24T10:00:00.000Z'), point('2026-11-24T10:01:00.000Z', gap)]);
    expect([zero?.watched, zero?.values['completed']]).toEqual([true, 0]);
    expect([none?.watched, none?.values['completed']]).toEqual([false, null]);
  });

  it('stand at their own time, with the earlier figures beside them', () => {
    const [first, second] = series(
      [point('2026-11-24T10:00:00.000Z', { failed: 5 }), point('2026-11-24T10:01:00.000Z', gap)],
      [point('2026-11-23T10:00:00.000Z', gap), point('2026-11-23T10:01:00.000Z', { failed: 2 })],
    );
    expect(first?.at).toBe(Date.parse('2026-11-24T10:00:00.000Z'));
    expect([first?.values['failed'], first?.values['failed-earlier']]).toEqual([5, null]);
    expect([second?.values['failed'], second?.values['failed-earlier']]).toEqual([null, 2]);
    expect(series([point('2026-11-24T10:00:00.000Z')])[0]?.values).not.toHaveProperty('failed-earlier');
  });
});
