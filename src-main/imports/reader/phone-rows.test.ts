import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PhoneRows } from './phone-rows';

const phone = fc.integer({ min: 1, max: 999_999_999_999_999 });
/** Close to each other, so that many of them want the same slot. */
const neighbour = fc.integer({ min: 1, max: 50 }).map((n) => 966_500_000_000 + n * 2 ** 32);

describe('PhoneRows', () => {
  it('answers as a Map does', () => {
    const steps = fc.array(fc.tuple(fc.oneof(phone, neighbour), fc.integer({ min: 1, max: 1_048_576 })));
    fc.assert(
      fc.property(steps, (list) => {
        const rows = new PhoneRows();
        const map = new Map<number, number>();
        for (const [key, row] of list) {
          expect(rows.get(key)).toBe(map.get(key));
          rows.set(key, row);
          map.set(key, row);
          expect(rows.get(key)).toBe(row);
        }
      }),
    );
  });

  it('keeps every phone while it grows', () => {
    const rows = new PhoneRows();
    const keyOf = (n: number): number => 966_530_000_000 + n * 7;
    for (let n = 1; n <= 20_000; n += 1) rows.set(keyOf(n), n);
    for (let n = 1; n <= 20_000; n += 1) expect(rows.get(keyOf(n))).toBe(n);
    expect(rows.get(keyOf(20_001))).toBeUndefined();
  });
});
