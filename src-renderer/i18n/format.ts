/** Everything a person reads that is a number or a time passes through here, in their locale and time zone. */
export interface Formatters {
  readonly locale: string;
  readonly timeZone: string;
  /** Grouped, at most `digits` decimals (default 0): `1,234,567`. */
  number(value: number, digits?: number): string;
  /** Three significant figures: `1.23M`. For axes and tiles; exact values belong in a title. */
  compact(value: number): string;
  /** `ratio` 0..1 → `12.5%`. */
  percent(ratio: number, digits?: number): string;
  /** Bytes in powers of 1,000: `4.8 MB`. */
  bytes(value: number): string;
  /** Milliseconds in at most two units: `850ms`, `1.2s`, `3m 20s`, `2h 5m`. */
  duration(milliseconds: number): string;
  /** A rate, given per second, in the unit that says something: `12.5/s`, `2.4/min`, `20/h`. */
  rate(perSecond: number): string;
  /** Date and time to the second. */
  dateTime(epochMs: number): string;
  /** A day without a time, from ISO text: the same day in every time zone. */
  isoDay(iso: string): string;
  date(epochMs: number): string;
  /** Time of day to the second. */
  time(epochMs: number): string;
  /** Time of day to the minute, for axes. */
  clock(epochMs: number): string;
  /** Day and month, for axes. */
  day(epochMs: number): string;
  /** `5 min. ago`, `in 2 hr.`; the unit is the largest that fits. */
  relative(epochMs: number, nowMs: number): string;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type TimeUnit = 'day' | 'hour' | 'minute' | 'second' | 'millisecond';

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const RELATIVE_STEPS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
] as const;

/** What a rate is told per, from the shortest. */
const RATE_UNITS = [
  { seconds: 1, suffix: '/s' },
  { seconds: 60, suffix: '/min' },
  { seconds: 3_600, suffix: '/h' },
] as const;
export type RateUnit = (typeof RATE_UNITS)[number];
/** Per second, a slower one would be 0 or a guess after its one decimal. */
const SLOWEST_PER_SECOND = 0.1;
/** Of two jobs an hour nobody thinks as 0.03 a minute. */
const SLOWEST_PER_MINUTE = 1;

/** The least that one decimal can say. */
const LEAST_RATE = 0.1;

/** The unit in which a rate says something; nothing at all is nothing a second. */
export function rateUnit(perSecond: number): RateUnit {
  const [second, minute, hour] = RATE_UNITS;
  if (perSecond <= 0 || perSecond >= SLOWEST_PER_SECOND) return second;
  // What is counted over a minute may fall short of one a minute by a rounding error.
  return Number((perSecond * 60).toPrecision(6)) >= SLOWEST_PER_MINUTE ? minute : hour;
}

/** Splits a duration into its two largest units; below ten seconds one decimal says more than a second unit. */
export function durationParts(milliseconds: number): readonly (readonly [TimeUnit, number, number])[] {
  const ms = Math.max(0, milliseconds);
  if (ms < SECOND) return [['millisecond', Math.round(ms), 0]];
  if (ms < 10 * SECOND) return [['second', ms / SECOND, 1]];
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return [['second', seconds, 0]];
  if (seconds < 3_600) return pair('minute', Math.floor(seconds / 60), 'second', seconds % 60);
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return pair('hour', Math.floor(minutes / 60), 'minute', minutes % 60);
  const hours = Math.round(minutes / 60);
  return pair('day', Math.floor(hours / 24), 'hour', hours % 24);
}

function pair(big: TimeUnit, bigValue: number, small: TimeUnit, smallValue: number) {
  const first = [big, bigValue, 0] as const;
  return smallValue === 0 ? [first] : [first, [small, smallValue, 0] as const];
}

/** Builds the formatters of one locale and time zone; `Intl` objects are costly, so they are kept. */
export function createFormatters(locale: string, timeZone: string): Formatters {
  const kept = new Map<string, Intl.NumberFormat>();
  const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const known = kept.get(key);
    if (known) return known;
    const made = new Intl.NumberFormat(locale, options);
    kept.set(key, made);
    return made;
  };
  const dateFormat = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const isoDay = dateFormat({ dateStyle: 'long', timeZone: 'UTC' });
  const dateTime = dateFormat({ dateStyle: 'medium', timeStyle: 'medium' });
  const date = dateFormat({ dateStyle: 'medium' });
  const time = dateFormat({ timeStyle: 'medium' });
  const day = dateFormat({ month: 'short', day: 'numeric' });
  const clock = dateFormat({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const number = (value: number, digits = 0) => numberFormat({ maximumFractionDigits: digits }).format(value);

  return {
    locale,
    timeZone,
    number,
    compact: (value) => numberFormat({ notation: 'compact', maximumSignificantDigits: 3 }).format(value),
    percent: (ratio, digits = 1) =>
      numberFormat({ style: 'percent', maximumFractionDigits: digits }).format(ratio),
    bytes: (value) => {
      const step = Math.min(
        BYTE_UNITS.length - 1,
        Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)),
      );
      const unit = BYTE_UNITS[step] ?? 'byte';
      return numberFormat({
        style: 'unit',
        unit,
        // In short, a byte has no plural.
        unitDisplay: step === 0 ? 'long' : 'short',
        maximumFractionDigits: step === 0 ? 0 : 1,
      }).format(value / 1_000 ** step);
    },
    duration: (milliseconds) =>
      durationParts(milliseconds)
        .map(([unit, value, digits]) =>
          numberFormat({ style: 'unit', unit, unitDisplay: 'narrow', maximumFractionDigits: digits }).format(
            value,
          ),
        )
        .join(' '),
    rate: (perSecond) => {
      const { seconds, suffix } = rateUnit(perSecond);
      const value = perSecond * seconds;
      if (value > 0 && value < LEAST_RATE) return `<${number(LEAST_RATE, 1)}${suffix}`;
      return `${number(value, value < 100 ? 1 : 0)}${suffix}`;
    },
    dateTime: (epochMs) => dateTime.format(epochMs),
    isoDay: (iso) => isoDay.format(Date.parse(iso)),
    date: (epochMs) => date.format(epochMs),
    time: (epochMs) => time.format(epochMs),
    clock: (epochMs) => clock.format(epochMs),
    day: (epochMs) => day.format(epochMs),
    relative: (epochMs, nowMs) => {
      const difference = epochMs - nowMs;
      const step = RELATIVE_STEPS.find(([, size]) => Math.abs(difference) >= size);
      if (!step) return relative.format(Math.trunc(difference / SECOND), 'second');
      return relative.format(Math.trunc(difference / step[1]), step[0]);
    },
  };
}
