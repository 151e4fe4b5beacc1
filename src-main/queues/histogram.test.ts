import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addInto, count, percentiles, sizeOf, type Histogram } from './histogram';

const of = (values: readonly number[]): Histogram => {
  const histogram: Histogram = [];
  for (const value of values) count(histogram, value);
  return histogram;
};

describe('percentiles of a histogram', () => {
  it('are null where nothing was measured', () => {
    expect(percentiles([])).toBeNull();
    expect(percentiles([0, 0])).toBeNull();
  });

  it('are within 10 % of the exact ones', () => {
    const durations = fc.array(fc.double({ min: 1, max: 3_600_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const found = percentiles(of(values));
        for (const [share, value] of [
          [0.5, found?.p50],
          [0.95, found?.p95],
          [0.99, found?.p99],
        ] as const) {
          const exact = sorted[Math.ceil(values.length * share) - 1] ?? 0;
          expect(Math.abs((value ?? 0) - exact) / exact).toBeLessThan(0.1);
        }
      }),
    );
  });

  it('of two histograms together are those of all values', () => {
    const values = fc.array(fc.nat(100_000));
    fc.assert(
      fc.property(values, values, (a, b) => {
        const sum = of(a);
        addInto(sum, of(b));
        expect(sizeOf(sum)).toBe(a.length + b.length);
        expect(percentiles(sum)).toEqual(percentiles(of([...a, ...b])));
      }),
    );
  });
});
