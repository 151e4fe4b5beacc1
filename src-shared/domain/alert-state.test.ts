import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alreadyFiring,
  CLEAR_SHARE,
  MAX_GAP_MS,
  stepAlert,
  unwatched,
  type AlertLimits,
  type AlertState,
} from './alert-state';

const limits: AlertLimits = { threshold: 10, forMs: 30_000, clearMs: 15_000 };
const SECOND = 1_000;

/** Walks through readings, one every `everyMs`. */
function walk(readings: readonly (number | null)[], everyMs = 5 * SECOND, over = limits) {
  let state: AlertState = unwatched(0);
  const seen = readings.map((reading, index) => {
    const step = stepAlert(state, reading, over, (index + 1) * everyMs);
    state = step.state;
    return step;
  });
  return seen;
}
const events = (readings: readonly (number | null)[]): (string | null)[] =>
  walk(readings).map(({ event }) => event);
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('an alert', () => {
  it('begins once the breach was seen for as long as the rule says, and not before', () => {
    const steps = walk(times(8, 12));
    expect(steps.map(({ state }) => state.phase)).toEqual([...times(6, 'pending'), 'firing', 'firing']);
    expect(steps[6]).toMatchObject({ event: 'fired', state: { since: 5_000, firedAt: 35_000, peak: 12 } });
  });

  it('begins at once where the rule does not wait', () =>
    expect(walk([1], SECOND, { threshold: 1, forMs: 0, clearMs: 0 })[0]?.event).toBe('fired'));

  it('does not begin where the breach was interrupted', () =>
    expect(events([...times(6, 12), 9, ...times(6, 12)]).every((event) => event === null)).toBe(true));

  it('does not begin or end over what nobody saw', () => {
    expect(events([...times(3, 12), ...times(20, null), ...times(3, 12)])).not.toContain('fired');
    expect(events([...times(7, 12), ...times(20, null)])).not.toContain('resolved');
    const asleep = stepAlert(walk([12]).at(-1)?.state ?? unwatched(0), 12, limits, 8 * 3_600_000);
    expect(asleep.state).toMatchObject({ phase: 'pending', heldMs: 0 });
  });

  it('ends once it was clearly below for a while; on the line it goes on', () => {
    const fired = times(7, 12);
    expect(events([...fired, ...times(10, 9.5)])).not.toContain('resolved');
    expect(events([...fired, 3, 12, 3, 12, 3, 12])).not.toContain('resolved');
    expect(events([...fired, 3, 3, 3, 3]).at(-1)).toBe('resolved');
  });

  it('that began before this watch ends here too', () => {
    let state = alreadyFiring(0, { since: -60_000, firedAt: -30_000, peak: 40 });
    const seen: (string | null)[] = [];
    for (let second = 5; second <= 25; second += 5) {
      const step = stepAlert(state, 0, limits, second * SECOND);
      state = step.state;
      seen.push(step.event);
    }
    expect(seen).toEqual([null, null, null, 'resolved', null]);
  });
});

const readings = fc.array(
  fc.record({
    reading: fc.option(fc.double({ min: 0, max: 30, noNaN: true }), { nil: null }),
    waitMs: fc.integer({ min: 0, max: 2 * MAX_GAP_MS }),
  }),
  { maxLength: 60 },
);
const anyLimits = fc.record({
  threshold: fc.double({ min: 0.5, max: 20, noNaN: true }),
  forMs: fc.integer({ min: 0, max: 90_000 }),
  clearMs: fc.integer({ min: 0, max: 60_000 }),
});

describe('whatever is read', () => {
  const run = (steps: readonly { reading: number | null; waitMs: number }[], over: AlertLimits) => {
    let now = 0;
    let state: AlertState = unwatched(0);
    return steps.map(({ reading, waitMs }) => {
      now += waitMs;
      const before = state;
      const { state: after, event } = stepAlert(before, reading, over, now);
      state = after;
      return { before, after, event, reading, now };
    });
  };

  it('an alert begins and ends in turn, and only by a reading on the right side of the line', () =>
    fc.assert(
      fc.property(readings, anyLimits, (steps, over) => {
        let open = false;
        for (const { event, reading } of run(steps, over)) {
          if (event === 'fired') {
            expect(open).toBe(false);
            expect(reading).toBeGreaterThanOrEqual(over.threshold);
            open = true;
          }
          if (event === 'resolved') {
            expect(open).toBe(true);
            expect(reading).toBeLessThan(over.threshold * CLEAR_SHARE);
            open = false;
          }
        }
      }),
    ));

  it('a missing reading changes no phase', () =>
    fc.assert(
      fc.property(readings, anyLimits, (steps, over) => {
        for (const { before, after, event, reading } of run(steps, over)) {
          if (reading !== null) continue;
          expect(event).toBeNull();
          expect(after.phase).toBe(before.phase);
          expect(after.known).toBe(false);
        }
      }),
    ));

  it('it never begins before the breach has lasted, nor ends within the time of calm', () =>
    fc.assert(
      fc.property(readings, anyLimits, (steps, over) => {
        let lastCalm = -Infinity;
        let lastBreach = -Infinity;
        for (const { event, after, reading, now } of run(steps, over)) {
          if (event === 'fired' && after.phase === 'firing') {
            expect(after.firedAt - after.since).toBeGreaterThanOrEqual(over.forMs);
            expect(after.since).toBeGreaterThanOrEqual(lastCalm);
          }
          if (event === 'resolved') expect(now - lastBreach).toBeGreaterThanOrEqual(over.clearMs);
          if (reading !== null && reading < over.threshold) lastCalm = now;
          if (reading !== null && reading >= over.threshold) lastBreach = now;
        }
      }),
    ));

  it('the peak is the highest reading of the breach', () =>
    fc.assert(
      fc.property(readings, anyLimits, (steps, over) => {
        let highest = -Infinity;
        for (const { after, event, reading } of run(steps, over)) {
          if (after.phase === 'ok') highest = -Infinity;
          else if (reading !== null) highest = Math.max(highest, reading);
          if (event !== 'resolved' && after.phase !== 'ok') expect(after.peak).toBe(highest);
        }
      }),
    ));
});
