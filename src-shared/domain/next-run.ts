import { parseCron, type Cron } from './cron';

/**
 * When a cron expression runs in a time zone. Where the clocks go forward, a time that does not exist runs as
 * much later as they were moved (02:30 at 03:30). Where they go back, a time that comes twice runs the first
 * time only; a pattern of every hour goes on through both.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;
/** 29 February is at most 8 years away. */
const FARTHEST_DAYS = 366 * 9;

/** The first run after `after`, in ms since 1970; null for an expression that is none. */
export function nextRun(expression: string, timeZone: string, after: number): number | null {
  return nextRuns(expression, timeZone, after, 1)[0] ?? null;
}

/** The next `count` runs after `after`, in ms since 1970. */
export function nextRuns(expression: string, timeZone: string, after: number, count: number): number[] {
  const parsed = parseCron(expression);
  if (!parsed.ok) return [];
  const zone = zoneOf(timeZone);
  const found: number[] = [];
  // A day before: what a change of the clocks moves may come over midnight.
  const first = dayOf(after + zone.offsetAt(after)) - DAY;
  let last = after;
  for (let day = first; day <= first + FARTHEST_DAYS * DAY && found.length < count; day += DAY) {
    for (const at of runsOfDay(parsed.cron, zone, day)) {
      if (at <= last || found.length >= count) continue;
      found.push(at);
      last = at;
    }
  }
  return found;
}

/** The last run at or before `until`, in ms since 1970; null for an expression that is none. */
export function previousRun(expression: string, timeZone: string, until: number): number | null {
  const parsed = parseCron(expression);
  if (!parsed.ok) return null;
  const zone = zoneOf(timeZone);
  const first = dayOf(until + zone.offsetAt(until)) + DAY;
  for (let day = first; day >= first - FARTHEST_DAYS * DAY; day -= DAY) {
    const at = runsOfDay(parsed.cron, zone, day)
      .filter((each) => each <= until)
      .at(-1);
    if (at !== undefined) return at;
  }
  return null;
}

interface Zone {
  /** What the clocks there show at an instant, less the instant itself. */
  offsetAt(instant: number): number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOf(timeZone: string): Zone {
  const known = formats.get(timeZone);
  const format =
    known ??
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  formats.set(timeZone, format);
  return {
    offsetAt(instant) {
      const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
      for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
      const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
      const shown = Date.UTC(year, month - 1, day, hour, minute, second);
      return shown - Math.floor(instant / 1_000) * 1_000;
    },
  };
}

/** Midnight of what the clocks show. Times on the clock are counted like instants, as if they were UTC. */
const dayOf = (shown: number): number => Math.floor(shown / DAY) * DAY;

/** The instants at which it runs on one day of the zone's calendar, in order. */
function runsOfDay(cron: Cron, zone: Zone, day: number): number[] {
  if (!runsOn(cron, new Date(day))) return [];
  const before = zone.offsetAt(day - DAY);
  const after = zone.offsetAt(day + 2 * DAY);
  const times = cron.hours.flatMap((hour) =>
    cron.minutes.map((minute) => day + (hour * 60 + minute) * MINUTE),
  );
  if (before === after && before === zone.offsetAt(day + DAY / 2))
    return times.map((shown) => shown - before);
  const everyHour = cron.hours.length === 24;
  const runs = times.flatMap((shown) => {
    const instants = instantsOf(zone, shown);
    return everyHour ? instants : instants.slice(0, 1);
  });
  return [...new Set(runs)].sort((a, b) => a - b);
}

/** When the clocks show this: once, twice where they go back; where they never do, as much later as they jump. */
function instantsOf(zone: Zone, shown: number): number[] {
  const before = zone.offsetAt(shown - DAY);
  const offsets = new Set([before, zone.offsetAt(shown), zone.offsetAt(shown + DAY)]);
  const instants = [...offsets]
    .map((offset) => shown - offset)
    .filter((instant) => instant + zone.offsetAt(instant) === shown)
    .sort((a, b) => a - b);
  return instants.length > 0 ? instants : [shown - before];
}

function runsOn({ anyDayOfMonth, anyDayOfWeek, months, daysOfMonth, daysOfWeek }: Cron, day: Date): boolean {
  if (!months.includes(day.getUTCMonth() + 1)) return false;
  const byDate = daysOfMonth.includes(day.getUTCDate());
  const byWeekday = daysOfWeek.includes(day.getUTCDay());
  if (anyDayOfMonth || anyDayOfWeek) return (anyDayOfMonth || byDate) && (anyDayOfWeek || byWeekday);
  return byDate || byWeekday;
}
