import { parseCron, type Cron, type CronField } from './cron';

export type ScheduleWords =
  | { readonly ok: true; readonly words: string }
  | { readonly ok: false; readonly field?: CronField | 'time zone' | 'time'; readonly message: string };

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];
/** More times than this are told as a pattern. */
const MAX_LISTED_TIMES = 6;

/** True for a name of the IANA data base, such as Europe/Berlin. */
export function isTimeZone(name: string): boolean {
  if (name.trim() === '') return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    // RangeError is how Intl says that it does not know a zone.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** "Every weekday at 09:00, Europe/Berlin" from a cron expression of five fields, or what is wrong with it. */
export function describeCron(expression: string, timeZone: string): ScheduleWords {
  const result = parseCron(expression);
  if (!result.ok) return result;
  if (!isTimeZone(timeZone)) return unknownZone(timeZone);
  return {
    ok: true,
    words: `${capitalise(join(dayWords(result.cron), timeWords(result.cron)))}, ${timeZone}`,
  };
}

/** "Once, on Tuesday 24 November 2026 at 09:00, Europe/Berlin" from an instant in ISO 8601. */
export function describeOnce(at: string, timeZone: string): ScheduleWords {
  const time = new Date(at);
  if (Number.isNaN(time.getTime()))
    return { ok: false, field: 'time', message: `“${at}” is not a point in time.` };
  if (!isTimeZone(timeZone)) return unknownZone(timeZone);
  const parts = new Map(
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
      .formatToParts(time)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const day = `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`;
  return { ok: true, words: `Once, on ${day} at ${part('hour')}:${part('minute')}, ${timeZone}` };
}

function unknownZone(timeZone: string): ScheduleWords {
  return {
    ok: false,
    field: 'time zone',
    message: `“${timeZone}” is not a known time zone, such as Europe/Berlin.`,
  };
}

interface TimeWords {
  readonly words: string;
  /** "every 5 minutes" needs no "every day" before it. */
  readonly isInterval: boolean;
}

function join(days: string, { words, isInterval }: TimeWords): string {
  if (!isInterval) return `${days} ${words}`;
  if (days === 'every day') return words;
  if (days.startsWith('every year')) return `${words}, ${days}`;
  return days.startsWith('every') ? `${words} on ${days}` : `${words} ${days}`;
}

function dayWords(cron: Cron): string {
  const { anyDayOfMonth, anyDayOfWeek, months, daysOfMonth, daysOfWeek } = cron;
  const inMonths = months.length === 12 ? '' : ` in ${list(months.map(monthName))}`;
  if (anyDayOfMonth && anyDayOfWeek) return `every day${inMonths}`;
  const weekdays = weekdayWords(daysOfWeek);
  if (anyDayOfMonth) return `${weekdays}${inMonths}`;
  const dates = dateWords(daysOfMonth, months);
  return anyDayOfWeek ? dates : `${dates} and ${weekdays}${inMonths}`;
}

function weekdayWords(days: readonly number[]): string {
  const key = days.join();
  if (days.length === 7) return 'every day';
  if (key === '1,2,3,4,5') return 'every weekday';
  if (key === '0,6') return 'every Saturday and Sunday';
  // The week begins on Monday in print.
  const ordered = [...days].sort((a, b) => ((a + 6) % 7) - ((b + 6) % 7));
  return `every ${list(ordered.map((day) => WEEKDAYS[day] ?? ''))}`;
}

function dateWords(days: readonly number[], months: readonly number[]): string {
  const numbers = list(days.map(String));
  const ofDay = `on day${days.length > 1 ? 's' : ''} ${numbers} of`;
  if (months.length === 12) return `${ofDay} every month`;
  const names = list(months.map(monthName));
  return months.length === 1 ? `every year on ${numbers} ${names}` : `${ofDay} ${names}`;
}

function timeWords({ minutes, hours }: Cron): TimeWords {
  const step = stepOf(minutes, 60);
  if (hours.length === 24) return { words: hourlyWords(minutes, step), isInterval: true };
  if (minutes.length * hours.length <= MAX_LISTED_TIMES) {
    const times = hours.flatMap((hour) => minutes.map((minute) => clock(hour, minute)));
    return { words: `at ${list(times)}`, isInterval: false };
  }
  const hourStep = stepOf(hours, 24);
  if (minutes.length === 1 && hourStep !== undefined) {
    const past = minutes[0] === 0 ? '' : `, ${minutesPast(minutes)}`;
    return { words: `every ${hourStep} hours${past}`, isInterval: true };
  }
  return { words: spanWords(minutes, hours, step), isInterval: true };
}

function hourlyWords(minutes: readonly number[], step: number | undefined): string {
  if (minutes.length === 60) return 'every minute';
  if (step !== undefined) return `every ${step} minutes`;
  if (minutes.length === 1 && minutes[0] === 0) return 'every hour';
  return `every hour, ${minutesPast(minutes)}`;
}

function minutesPast(minutes: readonly number[]): string {
  return `at ${list(minutes.map(String))} minute${minutes.join() === '1' ? '' : 's'} past`;
}

/** A pattern within a part of the day, told by its first and last run. */
function spanWords(minutes: readonly number[], hours: readonly number[], step: number | undefined): string {
  const first = hours[0] ?? 0;
  const last = hours.at(-1) ?? 0;
  const isUnbroken = last - first === hours.length - 1;
  const span = `from ${clock(first, minutes[0] ?? 0)} to ${clock(last, minutes.at(-1) ?? 0)}`;
  if (isUnbroken && minutes.length === 1) return `every hour ${span}`;
  const pattern = hourlyWords(minutes, step);
  if (isUnbroken) return pattern.endsWith('past') ? `${pattern}, ${span}` : `${pattern} ${span}`;
  return `${pattern} in the hour${hours.length > 1 ? 's' : ''} ${list(hours.map((hour) => clock(hour, 0)))}`;
}

/** n where the values are 0, n, 2n… and n divides the whole; undefined else. */
function stepOf(values: readonly number[], whole: number): number | undefined {
  const step = values[1];
  if (values[0] !== 0 || step === undefined || whole % step !== 0) return undefined;
  return values.length === whole / step && values.every((value, i) => value === i * step) ? step : undefined;
}

function monthName(month: number): string {
  return MONTHS[month - 1] ?? '';
}

function clock(hour: number, minute: number): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

function list(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
