import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gapsOf,
  highest,
  intervalOf,
  type SeriesPoint,
  stackAt,
  standsAlone,
  timeTicks,
  valueTicks,
} from './series';

const at = (minute: number, a: number | null, b: number | null = null): SeriesPoint => ({
  at: minute * 60_000,
  values: { a, b },
});

describe('gaps', () => {
  it('are the stretches without a reading: the step of the last one is none', () => {
    const points = [at(0, 1), at(1, null), at(2, null), at(3, 4), at(4, 5)];
    expect(gapsOf(points, ['a', 'b'])).toEqual([[60_000, 180_000]]);
  });

  it('are also found at the ends', () => {
    expect(gapsOf([at(0, null), at(1, 1)], ['a'])).toEqual([[0, 60_000]]);
    expect(gapsOf([at(0, 1), at(1, null), at(2, null)], ['a'])).toEqual([[60_000, 120_000]]);
  });

  it('are not where one series still reads, and zero is a reading', () => {
    expect(gapsOf([at(0, 1, 1), at(1, null, 0), at(2, 1, 1)], ['a', 'b'])).toEqual([]);
  });

  it('are not where somebody watched and there was nothing to measure', () => {
    const quiet = { ...at(1, null), watched: true };
    expect(gapsOf([at(0, 1), quiet, at(2, 1)], ['a'])).toEqual([]);
  });
});

describe('a reading that stands alone', () => {
  it('has none beside it, so that no line would show it', () => {
    const points = [at(0, 1), at(1, null), at(2, 3), at(3, null), at(4, 5), at(5, 6)];
    expect(points.map((_, index) => standsAlone(points, index, 'a'))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('stacks', () => {
  it('put each series on those below it', () => {
    expect(stackAt(at(0, 2, 3), ['a', 'b'])).toEqual({ a: [0, 2], b: [2, 5] });
  });

  it('leave out what was not measured instead of drawing zero', () => {
    expect(stackAt(at(0, null, 3), ['a', 'b'])).toEqual({ a: null, b: [0, 3] });
  });

  it('reach as high as their sum', () => {
    expect(highest([at(0, 2, 3)], ['a', 'b'], true)).toBe(5);
    expect(highest([at(0, 2, 3)], ['a', 'b'], false)).toBe(3);
  });
});

describe('axes', () => {
  it('have round moments, not too many', () => {
    const from = Date.UTC(2026, 0, 1, 10, 3);
    const ticks = timeTicks(from, from + 3_600_000, 7);
    expect(ticks[0]).toBe(Date.UTC(2026, 0, 1, 10, 10));
    expect(ticks.length).toBeLessThanOrEqual(8);
  });

  it('have round values that hold the highest', () => {
    expect(valueTicks(31, false)).toEqual([0, 10, 20, 30, 40]);
    expect(valueTicks(2, true)).toEqual([0, 1, 2]);
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), fc.boolean(), (max, whole) => {
        const ticks = valueTicks(max, whole);
        const top = ticks[ticks.length - 1] ?? 0;
        const wholeEnough = !whole || ticks.every((tick) => Number.isInteger(tick));
        return top >= max * (1 - 1e-9) && ticks.length <= 6 && wholeEnough;
      }),
    );
  });

  it('know how far apart readings are', () => {
    expect(intervalOf([at(0, 1), at(5, 1), at(6, 1)])).toBe(60_000);
    expect(intervalOf([at(0, 1)])).toBe(0);
  });
});
