import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron, type Cron } from './cron';
import { nextRun, nextRuns, previousRun } from './next-run';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (iso: string): number => Date.parse(iso);
const shownIn = (timeZone: string, ...instants: readonly number[]): string[] =>
  instants.map((instant) =>
    new Date(instant).toLocaleString('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
  );
const isoOf = (...instants: readonly number[]): string[] =>
  instants.map((instant) => new Date(instant).toISOString().replace(':00.000Z', 'Z'));

describe('the next runs', () => {
  it('keep their time on the clock when the clocks change, in Europe and in America', () => {
    expect(isoOf(...nextRuns('0 9 * * *', 'Europe/Berlin', at('2026-03-28T00:00Z'), 3))).toEqual([
      '2026-03-28T08:00Z',
      '2026-03-29T07:00Z',
      '2026-03-30T07:00Z',
    ]);
    expect(isoOf(...nextRuns('0 9 * * *', 'America/New_York', at('2026-10-31T00:00Z'), 3))).toEqual([
      '2026-10-31T13:00Z',
      '2026-11-01T14:00Z',
      '2026-11-02T14:00Z',
    ]);
  });

  it('come as much later as the clocks jump where the time does not exist', () => {
    const runs = nextRuns('30 2 * * *', 'Europe/Berlin', at('2026-03-28T12:00Z'), 2);
    expect(shownIn('Europe/Berlin', ...runs)).toEqual(['2026-03-29 03:30', '2026-03-30 02:30']);
    const american = nextRuns('30 2 * * *', 'America/New_York', at('2026-03-07T12:00Z'), 2);
    expect(shownIn('America/New_York', ...american)).toEqual(['2026-03-08 03:30', '2026-03-09 02:30']);
  });

  it('come once where the time comes twice', () => {
    expect(isoOf(...nextRuns('30 2 * * *', 'Europe/Berlin', at('2026-10-24T12:00Z'), 2))).toEqual([
      '2026-10-25T00:30Z',
      '2026-10-26T01:30Z',
    ]);
    expect(isoOf(...nextRuns('30 1 * * *', 'America/New_York', at('2026-10-31T12:00Z'), 2))).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-02T06:30Z',
    ]);
  });

  it('go on through both where they come every hour', () => {
    const around = (zone: string, from: string): number[] => nextRuns('*/30 * * * *', zone, at(from), 8);
    for (const runs of [
      around('Europe/Berlin', '2026-10-24T23:00Z'),
      around('Europe/Berlin', '2026-03-28T23:00Z'),
      around('America/New_York', '2026-11-01T03:00Z'),
    ]) {
      expect(runs.slice(1).map((run, index) => run - (runs[index] ?? 0))).toEqual(Array(7).fill(30 * MINUTE));
    }
  });

  it('are never moved where the clocks never change', () => {
    const runs = nextRuns('30 2 * * *', 'Asia/Riyadh', at('2026-01-01T00:00Z'), 365);
    expect(new Set(runs.map((run) => new Date(run).toISOString().slice(11)))).toEqual(
      new Set(['23:30:00.000Z']),
    );
    expect(runs.slice(1).every((run, index) => run - (runs[index] ?? 0) === 24 * HOUR)).toBe(true);
  });

  it('find a 29 February, and none of an expression that is none', () => {
    expect(isoOf(nextRun('0 0 29 2 *', 'UTC', at('2096-03-01T00:00Z')) ?? 0)).toEqual(['2104-02-29T00:00Z']);
    expect(nextRun('0 0 30 2 *', 'UTC', 0)).toBeNull();
    expect(previousRun('x', 'UTC', 0)).toBeNull();
  });
});

/** Every minute that passes, looked at on the zone's clock: slow, and too simple to be wrong. */
function oracle(expression: string, timeZone: string, from: number, hours: number): number[] {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(parsed.message);
  const { cron } = parsed;
  const runs = new Set<number>();
  const seen = new Set<number>();
  // A day more before, so that a time that comes twice is known when it comes the second time.
  for (let instant = from - 24 * HOUR; instant < from + hours * HOUR; instant += MINUTE) {
    const shown = clock(timeZone, instant);
    const jumped = (shown - clock(timeZone, instant - MINUTE)) / MINUTE - 1;
    for (let skipped = 1; skipped <= jumped; skipped += 1) {
      // A clock that was not put forward would show it now, `skipped` minutes after the jump began.
      if (matches(cron, shown - (jumped - skipped + 1) * MINUTE)) runs.add(instant + (skipped - 1) * MINUTE);
    }
    if (matches(cron, shown) && (cron.hours.length === 24 || !seen.has(shown))) runs.add(instant);
    seen.add(shown);
  }
  return [...runs].filter((run) => run >= from && run < from + hours * HOUR).sort((a, b) => a - b);
}

const clocks = new Map<string, { format: Intl.DateTimeFormat; shown: Map<number, number> }>();
function clock(timeZone: string, instant: number): number {
  const known = clocks.get(timeZone) ?? {
    format: new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }),
    shown: new Map<number, number>(),
  };
  clocks.set(timeZone, known);
  const shown = known.shown.get(instant) ?? Date.parse(`${known.format.format(instant).replace(' ', 'T')}Z`);
  known.shown.set(instant, shown);
  return shown;
}

function matches(cron: Cron, shown: number): boolean {
  const day = new Date(shown);
  const byDate = cron.daysOfMonth.includes(day.getUTCDate());
  const byWeekday = cron.daysOfWeek.includes(day.getUTCDay());
  const bothNamed = !cron.anyDayOfMonth && !cron.anyDayOfWeek;
  return (
    cron.minutes.includes(day.getUTCMinutes()) &&
    cron.hours.includes(day.getUTCHours()) &&
    cron.months.includes(day.getUTCMonth() + 1) &&
    (bothNamed ? byDate || byWeekday : byDate && byWeekday)
  );
}

const CHANGES: readonly (readonly [zone: string, around: string])[] = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['America/Santiago', '2026-09-06T04:00Z'],
  ['Asia/Riyadh', '2026-03-29T01:00Z'],
  ['Asia/Kathmandu', '2026-12-31T18:00Z'],
];
const some = (max: number, min = 0) =>
  fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 4 }).map((values) => values.join(','));
const expressions = fc
  .tuple(
    fc.oneof(some(59), fc.constantFrom('*/15', '*/20', '0', '30')),
    fc.oneof(some(23), fc.constantFrom('*', '*/2', '0-4')),
    fc.oneof(fc.constant('*'), some(31, 1)),
    fc.constant('*'),
    fc.oneof(fc.constant('*'), some(6)),
  )
  .map((fields) => fields.join(' '));

describe('as counted minute by minute', () => {
  it('around every change of the clocks', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        expressions,
        fc.integer({ min: 2, max: 20 }),
        ([zone, around], expression, hoursBefore) => {
          const from = at(around) - hoursBefore * HOUR;
          const expected = oracle(expression, zone, from, 30);
          const runs = nextRuns(expression, zone, from - 1, expected.length + 1);
          expect(isoOf(...runs.slice(0, expected.length))).toEqual(isoOf(...expected));
          expect((runs.at(expected.length) ?? Infinity) >= from + 30 * HOUR).toBe(true);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('backwards as forwards', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CHANGES),
        expressions,
        fc.integer({ min: -30 * 60, max: 30 * 60 }),
        ([zone, around], expression, minutes) => {
          const until = at(around) + minutes * MINUTE;
          const previous = previousRun(expression, zone, until) ?? NaN;
          expect(previous).toBeLessThanOrEqual(until);
          expect(nextRun(expression, zone, previous - 1)).toBe(previous);
          expect(nextRun(expression, zone, previous) ?? 0).toBeGreaterThan(until);
        },
      ),
      { numRuns: 300 },
    );
  });
});
