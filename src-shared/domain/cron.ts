/** Cron expressions of five fields (minute, hour, day of month, month, day of week), checked and expanded. */

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth: readonly number[];
  readonly months: readonly number[];
  /** 0 (Sunday) to 6. */
  readonly daysOfWeek: readonly number[];
  /** Fields written as `*`. Where both day fields are restricted, cron runs on days that match either. */
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

export type CronField = 'minute' | 'hour' | 'day of month' | 'month' | 'day of week';

export type CronResult =
  | { readonly ok: true; readonly cron: Cron }
  | { readonly ok: false; readonly field?: CronField; readonly message: string };

interface FieldRule {
  readonly field: CronField;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MINUTE: FieldRule = { field: 'minute', min: 0, max: 59, names: [] };
const HOUR: FieldRule = { field: 'hour', min: 0, max: 23, names: [] };
const DAY_OF_MONTH: FieldRule = { field: 'day of month', min: 1, max: 31, names: [] };
const MONTH: FieldRule = {
  field: 'month',
  min: 1,
  max: 12,
  names: ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
};
const DAY_OF_WEEK: FieldRule = {
  field: 'day of week',
  min: 0,
  max: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

const LONGEST_MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

type FieldResult =
  { readonly ok: true; readonly values: number[] } | { readonly ok: false; readonly message: string };

/** Checks an expression and lists the values of each field; an error names the field in plain words. */
export function parseCron(expression: string): CronResult {
  const parts = expression.trim().split(/\s+/);
  const [minute, hour, dayOfMonth, month, dayOfWeek] = parts;
  if (
    parts.length !== 5 ||
    minute === undefined ||
    hour === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined
  ) {
    const message = 'A schedule has five fields: minute, hour, day of month, month, day of week.';
    return { ok: false, message };
  }
  const texts: [FieldRule, string][] = [
    [MINUTE, minute],
    [HOUR, hour],
    [DAY_OF_MONTH, dayOfMonth],
    [MONTH, month],
    [DAY_OF_WEEK, dayOfWeek],
  ];
  const fields: number[][] = [];
  for (const [rule, text] of texts) {
    const result = parseField(text, rule);
    if (!result.ok) return { ok: false, field: rule.field, message: result.message };
    fields.push(result.values);
  }
  const [minutes = [], hours = [], daysOfMonth = [], months = [], weekdays = []] = fields;
  const cron: Cron = {
    minutes,
    hours,
    daysOfMonth,
    months,
    daysOfWeek: [...new Set(weekdays.map((day) => day % 7))].sort((a, b) => a - b),
    anyDayOfMonth: dayOfMonth === '*' || dayOfMonth === '?',
    anyDayOfWeek: dayOfWeek === '*' || dayOfWeek === '?',
  };
  return everRuns(cron)
    ? { ok: true, cron }
    : { ok: false, field: 'day of month', message: 'No such day ever comes.' };
}

/** False for 30 February and its kind. */
function everRuns({ anyDayOfWeek, daysOfMonth, months }: Cron): boolean {
  if (!anyDayOfWeek) return true;
  return months.some((month) => daysOfMonth.some((day) => day <= (LONGEST_MONTH_DAYS[month - 1] ?? 0)));
}

function parseField(text: string, rule: FieldRule): FieldResult {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const result = parsePart(part, rule);
    if (!result.ok) return result;
    const twice = result.values.find((value) => values.has(value));
    // The parser that runs the schedules refuses doubles, so they are refused here, in plain words.
    if (twice !== undefined) return refuse(`The ${rule.field} ${twice} is named twice.`);
    for (const value of result.values) values.add(value);
  }
  return { ok: true, values: [...values].sort((a, b) => a - b) };
}

function parsePart(part: string, rule: FieldRule): FieldResult {
  const match = /^(?:(?<any>[*?])|(?<from>[a-z0-9]+)(?:-(?<to>[a-z0-9]+))?)(?:\/(?<step>\d+))?$/i.exec(part);
  if (match?.groups === undefined) return refuse(`“${part}” is not understood as a ${rule.field}.`);
  const { any, from, to, step } = match.groups;
  const stride = step === undefined ? 1 : Number(step);
  if (stride < 1) return refuse(`A step of 0 in the ${rule.field} never moves on.`);
  // A day-of-week star ends at 6: 7 is only another name for Sunday.
  const last = rule === DAY_OF_WEEK ? 6 : rule.max;
  if (any !== undefined) return { ok: true, values: range(rule.min, last, stride) };
  const start = parseValue(from ?? '', rule);
  if (start === undefined) return refuse(outside(from ?? '', rule));
  if (to === undefined) {
    return { ok: true, values: step === undefined ? [start] : range(start, last, stride) };
  }
  const end = parseValue(to, rule);
  if (end === undefined) return refuse(outside(to, rule));
  if (end < start) return refuse(`In the ${rule.field}, “${part}” runs backwards.`);
  return { ok: true, values: range(start, end, stride) };
}

function parseValue(text: string, { min, max, names }: FieldRule): number | undefined {
  const named = text === '' ? -1 : names.indexOf(text.toUpperCase());
  if (named >= 0) return named;
  if (!/^\d{1,2}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function range(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function outside(text: string, { field, min, max }: FieldRule): string {
  return `“${text}” is no ${field}: it must be from ${min} to ${max}.`;
}

function refuse(message: string): FieldResult {
  return { ok: false, message };
}
