import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, moved, zoomed, type Span } from './zoom';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const now = Date.parse('2026-11-24T10:00:30.250Z');
const hour: Span = { from: now - 120 * MINUTE, to: now - 60 * MINUTE };
const length = ({ from, to }: Span) => Math.round((to - from) / MINUTE);

describe('a stretch of a chart', () => {
  it('is halved and doubled around its middle', () => {
    expect(length(zoomed(hour, 'in', now))).toBe(30);
    expect(length(zoomed(hour, 'out', now))).toBe(120);
    const { from, to } = zoomed(hour, 'in', now);
    expect((from + to) / 2).toBeCloseTo((hour.from + hour.to) / 2, -4);
  });

  it('moves by half of its length, and never into the future', () => {
    expect(moved(hour, 'earlier', now).to).toBeCloseTo(now - 90 * MINUTE, -4);
    expect(moved(hour, 'later', now).to).toBeCloseTo(now - 30 * MINUTE, -4);
    const last = moved({ from: now - 60 * MINUTE, to: now - 10 * MINUTE }, 'later', now);
    expect([Math.round((last.to - now) / 1_000), length(last)]).toEqual([1, 50]);
  });

  it('always lies within what is kept, on whole seconds, and is at least a minute long', () => {
    const at = fc.integer({ min: now - 200 * DAY, max: now + 200 * DAY });
    fc.assert(
      fc.property(at, at, (a, b) => {
        const { from, to } = fitted({ from: Math.min(a, b), to: Math.max(a, b) }, now);
        expect(to - from).toBeGreaterThanOrEqual(MINUTE);
        expect(to).toBeLessThanOrEqual(now + 1_000);
        expect(from).toBeGreaterThanOrEqual(now - 90 * DAY - 1_000);
        expect([from % 1_000, to % 1_000]).toEqual([0, 0]);
      }),
    );
  });
});
