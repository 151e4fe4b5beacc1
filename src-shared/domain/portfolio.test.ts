import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetLeft, isOverBudget, laterParts } from './portfolio';

const HOUR = 3_600_000;

describe('an audience that is larger than what is left of 24 hours', () => {
  it('is sent in parts, each a day after the one before it has ended', () => {
    const budget = { limit: 250, used: 100, needed: 500 };
    expect(budgetLeft(budget)).toBe(150);
    const [second, third, ...more] = laterParts(budget, { startAt: 0, perSecond: 1, first: 160 });
    expect(second).toEqual({ people: 250, startsAt: 160_000 + 24 * HOUR + 300_000 });
    expect(third?.people).toBe(100);
    expect((third?.startsAt ?? 0) - (second?.startsAt ?? 0)).toBe(250_000 + 24 * HOUR + 300_000);
    expect(more).toEqual([]);
  });

  it('loses nobody, and never writes to more than the limit within a day', () => {
    const size = fc.integer({ min: 1, max: 5_000 });
    fc.assert(
      fc.property(
        size,
        fc.nat(6_000),
        size,
        fc.integer({ min: 1, max: 80 }),
        (limit, used, needed, perSecond) => {
          const budget = { limit, used, needed };
          const first = Math.min(needed, budgetLeft(budget));
          const parts = laterParts(budget, { startAt: 0, perSecond, first });
          const later = parts.reduce((sum, { people }) => sum + people, 0);
          expect(first + later).toBe(needed);
          expect(parts.length > 0).toBe(isOverBudget(budget));
          for (const [index, { people, startsAt }] of parts.entries()) {
            expect(people).toBeLessThanOrEqual(limit);
            expect(startsAt - (parts[index - 1]?.startsAt ?? 0)).toBeGreaterThan(24 * HOUR);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
