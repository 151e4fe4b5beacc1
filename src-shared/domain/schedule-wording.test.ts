import { CronExpressionParser } from 'cron-parser';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { parseCron } from './cron';
import { describeCron, describeOnce, isTimeZone } from './schedule-wording';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

describe('a cron expression in words', () => {
  it.each([
    ['* * * * *', 'Every minute'],
    ['*/5 * * * *', 'Every 5 minutes'],
    ['0 * * * *', 'Every hour'],
    ['15,45 * * * *', 'Every hour, at 15 and 45 minutes past'],
    ['0 */2 * * *', 'Every 2 hours'],
    ['0 9 * * *', 'Every day at 09:00'],
    ['0 9 * * 1-5', 'Every weekday at 09:00'],
    ['0 9 * * MON-FRI', 'Every weekday at 09:00'],
    ['30 8,17 * * 1,3,5', 'Every Monday, Wednesday and Friday at 08:30 and 17:30'],
    ['0 10 * * 0,6', 'Every Saturday and Sunday at 10:00'],
    ['0 10 * * 7', 'Every Sunday at 10:00'],
    ['0 9 1 * *', 'On day 1 of every month at 09:00'],
    ['0 9 1,15 * *', 'On days 1 and 15 of every month at 09:00'],
    ['0 9 1 1 *', 'Every year on 1 January at 09:00'],
    ['0 9 * 6-8 *', 'Every day in June, July and August at 09:00'],
    ['0 9 13 * 5', 'On day 13 of every month and every Friday at 09:00'],
    ['*/30 9-17 * * 1-5', 'Every 30 minutes from 09:00 to 17:30 on every weekday'],
    ['5 9-17 * * *', 'Every hour from 09:05 to 17:05'],
    ['0 9 1 3,9 *', 'On day 1 of March and September at 09:00'],
    ['0 9 1,2 3 *', 'Every year on 1 and 2 March at 09:00'],
    ['*/15 * * * 1', 'Every 15 minutes on every Monday'],
    ['*/15 * 1 1 *', 'Every 15 minutes, every year on 1 January'],
    ['*/10 1,5,9 * * *', 'Every 10 minutes in the hours 01:00, 05:00 and 09:00'],
    ['*/7 * * * *', 'Every hour, at 0, 7, 14, 21, 28, 35, 42, 49 and 56 minutes past'],
  ])('%s', (expression, words) => {
    expect(describeCron(expression, 'Europe/Berlin')).toEqual({ ok: true, words: `${words}, Europe/Berlin` });
  });

  it.each([
    ['', 'A schedule has five fields: minute, hour, day of month, month, day of week.'],
    ['0 9 * *', 'A schedule has five fields: minute, hour, day of month, month, day of week.'],
    ['60 9 * * *', '“60” is no minute: it must be from 0 to 59.'],
    ['0 24 * * *', '“24” is no hour: it must be from 0 to 23.'],
    ['0 9 0 * *', '“0” is no day of month: it must be from 1 to 31.'],
    ['0 9 * FOO *', '“FOO” is no month: it must be from 1 to 12.'],
    ['0 9 * * 5-1', 'In the day of week, “5-1” runs backwards.'],
    ['*/0 9 * * *', 'A step of 0 in the minute never moves on.'],
    ['0 9 L * *', '“L” is no day of month: it must be from 1 to 31.'],
    ['0 9 1W-, * *', '“1W-” is not understood as a day of month.'],
    ['0 9 1-3,2 * *', 'The day of month 2 is named twice.'],
    ['0 9 30 2 *', 'No such day ever comes.'],
  ])('%s is refused', (expression, message) => {
    expect(describeCron(expression, 'UTC')).toMatchObject({ ok: false, message });
  });

  it('needs a time zone that exists', () => {
    expect(isTimeZone('Asia/Riyadh')).toBe(true);
    expect(isTimeZone('')).toBe(false);
    expect(describeCron('0 9 * * *', 'Mars/Base')).toMatchObject({ ok: false, field: 'time zone' });
  });
});

describe('agreement with the parser that runs the schedules', () => {
  const part = (min: number, max: number): fc.Arbitrary<string> => {
    const value = fc.integer({ min, max });
    return fc.oneof(
      fc.constant('*'),
      value.map(String),
      fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`),
      fc.integer({ min: 1, max: 15 }).map((step) => `*/${step}`),
      fc.array(value, { minLength: 1, maxLength: 4 }).map((values) => values.join(',')),
    );
  };
  // To the 28th: the parser drops days that a lone month does not have, before it looks at them.
  const expression = fc
    .tuple(part(0, 59), part(0, 23), part(1, 28), part(1, 12), part(0, 6))
    .map((parts) => parts.join(' '));

  it('expands every field alike', () => {
    fc.assert(
      fc.property(expression, (text) => {
        const ours = parseCron(text);
        if (!ours.ok) {
          if (ours.message.endsWith('is named twice.'))
            expect(() => CronExpressionParser.parse(text)).toThrow();
          else expect(ours.message).toBe('No such day ever comes.');
          return;
        }
        const { fields } = CronExpressionParser.parse(text, { tz: 'UTC' });
        expect(ours.cron.minutes).toEqual(fields.minute.values);
        expect(ours.cron.hours).toEqual(fields.hour.values);
        // `*` still means all 31.
        const exist = (days: readonly unknown[]): number[] => days.map(Number).filter((day) => day < 29);
        expect(exist(ours.cron.daysOfMonth)).toEqual(exist(fields.dayOfMonth.values));
        expect(ours.cron.months).toEqual(fields.month.values);
        expect(ours.cron.daysOfWeek).toEqual(
          [...new Set(fields.dayOfWeek.values.map((day) => Number(day) % 7))].sort(),
        );
        expect(describeCron(text, 'UTC')).toMatchObject({ ok: true });
      }),
      { numRuns: 200 },
    );
  });
});

describe('a single time in words', () => {
  it('is told in its own zone, also across a change of the clocks', () => {
    expect(describeOnce('2026-11-24T08:00:00Z', 'Europe/Berlin')).toEqual({
      ok: true,
      words: 'Once, on Tuesday 24 November 2026 at 09:00, Europe/Berlin',
    });
    expect(describeOnce('2026-07-24T08:00:00Z', 'Europe/Berlin')).toMatchObject({
      words: 'Once, on Friday 24 July 2026 at 10:00, Europe/Berlin',
    });
    expect(describeOnce('2026-07-24T22:00:00Z', 'Europe/Berlin')).toMatchObject({
      words: 'Once, on Saturday 25 July 2026 at 00:00, Europe/Berlin',
    });
    expect(describeOnce('soon', 'UTC')).toMatchObject({ ok: false, field: 'time' });
  });
});
