import { describe, expect, it } from 'vitest';
import { heardSince, type EndedMinute } from './metrics-heard';
import { nothing } from './queue-rings';

const at = (time: string): number => Date.parse(`2026-11-24T${time}Z`);
const second = (time: string): number => at(time) / 1_000;
const row = (failed: number, watchedSeconds = 60, more: Partial<EndedMinute> = {}): EndedMinute => ({
  ...{ completed: 1, cancelled: 0, failed, watchedSeconds },
  ...more,
});

const stage = (rows: Readonly<Record<string, EndedMinute>> = {}) => {
  const asked: (readonly [number, number])[] = [];
  const read = (from: string, began: string, now = '10:10:00') =>
    heardSince({
      ...{ from: at(from), began: at(began), now: at(now) },
      own: (since, until) => {
        asked.push([since, until]);
        return { ...nothing(until - since), failed: 5, cancelled: 2, completed: 7 };
      },
      earlier: new Map(Object.entries(rows).map(([minute, kept]) => [second(`${minute}:00`), kept])),
    });
  return { asked, read };
};

describe('what was heard of a queue', () => {
  it('is what this console heard, where it ran all the time', () => {
    const { asked, read } = stage({ '10:05': row(9) });
    expect(read('10:05:00', '10:00:00')).toEqual([
      { from: at('10:05:00'), to: at('10:10:00'), completed: 7, failed: 3, watchedSeconds: 301 },
    ]);
    // With the second that runs.
    expect(asked).toEqual([[second('10:05:00'), second('10:10:01')]]);
  });

  it('is before that what others kept, apart from when nobody watched all the time', () => {
    const { read } = stage({
      '10:02': row(50),
      '10:03': row(2),
      '10:04': row(1, 60, { cancelled: 1, failed: 4 }),
      '10:05': row(6, 20),
      '10:08': row(1, 10),
    });
    expect(read('10:02:30', '10:08:20')).toEqual([
      // How much of the minute fell into the part that is asked for nobody can tell.
      { from: at('10:02:30'), to: at('10:03:00'), completed: 0, failed: 0, watchedSeconds: 0 },
      { from: at('10:03:00'), to: at('10:05:00'), completed: 2, failed: 5, watchedSeconds: 120 },
      { from: at('10:05:00'), to: at('10:08:20'), completed: 2, failed: 7, watchedSeconds: 30 },
      { from: at('10:08:20'), to: at('10:10:00'), completed: 7, failed: 3, watchedSeconds: 101 },
    ]);
  });

  it('is what this console heard, where the clock was set back to before it began', () => {
    const { read } = stage({ '10:03': row(2) });
    expect(read('10:05:00', '11:00:00')).toHaveLength(1);
  });
});
