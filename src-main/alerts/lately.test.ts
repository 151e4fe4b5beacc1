import { describe, expect, it } from 'vitest';
import type { FailedLately } from '../engine/engine';
import type { Stretch } from '../queues/metrics-heard';
import { latelyOf } from './lately';

const MINUTE_MS = 60_000;
const stretch = (from: number, to: number, failed: number, watched = to - from): Stretch => ({
  ...{ from: from * MINUTE_MS, to: to * MINUTE_MS, failed, completed: 10 },
  watchedSeconds: watched * 60,
});
/** How many failed jobs stand that failed since a minute. */
const standing =
  (counts: Readonly<Record<number, number>>, reason: string | null = null) =>
  ({ from }: Stretch): FailedLately => ({
    ...{ failed: counts[from / MINUTE_MS] ?? 0, reason },
    newestAt: null,
  });
const none = standing({});

describe('failures of the last minutes', () => {
  it('are what was heard, also where nothing of it stands any more', () => {
    const heard = { stretches: [stretch(0, 5, 3)], reason: 'no paper' };
    expect(latelyOf(heard, none)).toEqual({
      ...{ failed: 3, reason: 'no paper', isWatched: true },
      ended: { completed: 10, failed: 3 },
    });
  });

  it('are of each stretch the more of what was heard and what stands, and never both', () => {
    const stretches = [stretch(0, 2, 4), stretch(2, 4, 1, 0.5), stretch(4, 5, 2)];
    // Of those that stand one failed first, five while nobody watched, and two since.
    expect(latelyOf({ stretches, reason: null }, standing({ 0: 8, 2: 7, 4: 2 })).failed).toBe(4 + 5 + 2);
    expect(latelyOf({ stretches, reason: null }, none).failed).toBe(4 + 1 + 2);
  });

  it('say why the newest failed, as far as anybody knows', () => {
    const stretches = [stretch(0, 5, 0)];
    expect(latelyOf({ stretches, reason: null }, standing({ 0: 1 }, 'no ink')).reason).toBe('no ink');
    expect(latelyOf({ stretches, reason: 'no paper' }, standing({ 0: 1 }, 'no ink')).reason).toBe('no paper');
    expect(latelyOf({ stretches, reason: null }, none).reason).toBeNull();
  });

  it('stand for all of the time only where nearly all of it was watched', () => {
    const of = (watched: number) =>
      latelyOf({ stretches: [stretch(0, 1, 1, 0), stretch(1, 10, 2, watched)], reason: null }, none);
    expect(of(9)).toMatchObject({ isWatched: false, ended: { completed: 20, failed: 3 } });
    expect(of(7)).toMatchObject({ isWatched: false, ended: null });
    expect(latelyOf({ stretches: [stretch(0, 10, 1, 9.98)], reason: null }, none).isWatched).toBe(true);
  });
});
