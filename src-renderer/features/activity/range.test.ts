import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysOf, localMidnight } from './range';

const now = Date.parse('2026-11-29T01:00:00Z');

describe('the days of the statistics', () => {
  it('are the last ones with today', () => {
    expect(daysOf({}, now)).toEqual({ from: '2026-10-31', to: '2026-11-29' });
    expect(daysOf({ range: 'week' }, now)).toEqual({ from: '2026-11-23', to: '2026-11-29' });
  });

  it('are those that were chosen, whichever came first', () => {
    const chosen = { range: 'custom', from: '2026-03-01', to: '2026-02-01' } as const;
    expect(daysOf(chosen, now)).toEqual({ from: '2026-02-01', to: '2026-03-01' });
    expect(daysOf({ range: 'custom' }, now)).toEqual({ from: '2026-10-31', to: '2026-11-29' });
  });

  it('never end before they begin', () => {
    const day = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, day, (a, b) => {
        const [from, to] = [a, b].map((each) => each.toISOString().slice(0, 10));
        const days = daysOf({ range: 'custom', from, to }, now);
        return days.from <= days.to;
      }),
    );
  });

  it('stand under their own date on a local axis', () => {
    expect(new Date(localMidnight('2026-11-29')).getDate()).toBe(29);
  });
});
