import type { JobFilter } from './job-filter';
import { pathSteps } from './payload-path';
import { queryTerms, quoted, type QueryTerm } from './query-terms';
import { jobStates, type JobState } from './queues';
import { instantOf, wallClock } from './zoned-time';

/** Whose clocks dates are read on, and what "2h ago" counts from. */
export interface QueryClock {
  readonly timeZone: string;
  readonly now: number;
}

export interface QueryContext extends QueryClock {
  /** The queues that there are. */
  readonly queues: readonly string[];
}

/** What is wrong with a query, and where: `from` and `to` are places in the text. */
export interface QueryProblem {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}

export type ParsedQuery =
  { readonly ok: true; readonly filter: JobFilter } | { readonly ok: false; readonly problem: QueryProblem };

/** What can stand before a colon, for help and for suggestions. */
export const queryKeys = [
  'queue',
  'state',
  'name',
  'id',
  'error',
  'cause',
  'attempts',
  'after',
  'before',
  'ended-after',
  'ended-before',
  'cancelled',
  'data.',
] as const;

type Mutable = { -readonly [K in keyof JobFilter]: JobFilter[K] };
type Reader = (filter: Mutable, value: string, context: QueryContext) => string | undefined;

/**
 * A line of search as a filter of jobs: `state:failed attempts:>2 error:"timed out" data.to[].phone:+966*
 * after:2026-11-01 free words`. Everything that is named must hold; free words may stand in the id, the name, the
 * error or the payload.
 */
export function parseJobQuery(text: string, context: QueryContext): ParsedQuery {
  const terms = queryTerms(text);
  if (!terms.ok) return terms;
  const filter: Mutable = {};
  const words: string[] = [];
  for (const term of terms.terms) {
    const message = term.key === null ? addWord(words, term.value) : readTerm(filter, term, context);
    if (message !== undefined) return { ok: false, problem: { message, from: term.from, to: term.to } };
  }
  const [first, ...rest] = words;
  if (first !== undefined && rest.length === 0) filter.text = first;
  else if (rest.length > 0) filter.words = words;
  return { ok: true, filter };
}

const MAX_WORDS = 10;
const MAX_TEXT = 500;

function addWord(words: string[], word: string): string | undefined {
  if (word === '') return 'There is nothing between these quotes.';
  if (word.length > MAX_TEXT) return `A text can have ${String(MAX_TEXT)} characters at most.`;
  if (words.length >= MAX_WORDS) return `At most ${String(MAX_WORDS)} words can be searched for at once.`;
  words.push(word);
  return undefined;
}

function readTerm(filter: Mutable, term: QueryTerm, context: QueryContext): string | undefined {
  const key = term.key ?? '';
  if (term.value === '' && !isPath(key)) return `Nothing stands after “${key}:”.`;
  if (term.value.length > MAX_TEXT) return `A text can have ${String(MAX_TEXT)} characters at most.`;
  if (isPath(key)) return readPath(filter, key, term.value);
  const reader = Object.hasOwn(READERS, key) ? READERS[key] : undefined;
  if (reader === undefined) {
    return `“${key}” is not something to search by. Write ${queryKeys.slice(0, -1).join(', ')}, a path such as data.to, or put the text in quotes.`;
  }
  return reader(filter, term.value, context);
}

const isPath = (key: string): boolean => key === 'data' || /^data[.[]/.test(key);

function readPath(filter: Mutable, key: string, pattern: string): string | undefined {
  if (pathSteps(key) === undefined || key.length > 200) {
    return `“${key}” is not a path. Write keys with dots, [] for any element, [2] for one: data.contacts[].phone.`;
  }
  if ((filter.paths?.length ?? 0) >= MAX_WORDS) return 'At most 10 paths can be searched by at once.';
  filter.paths = [...(filter.paths ?? []), { path: key, pattern }];
  return undefined;
}

const MOST_NAMED = 8;

const named = (queues: readonly string[]): string => {
  const more = queues.length - MOST_NAMED;
  const list = queues.slice(0, MOST_NAMED).join(', ');
  return more > 0 ? `There are ${list} and ${String(more)} more.` : `Write ${list}.`;
};

const once =
  (name: 'name' | 'id' | 'error', most: number): Reader =>
  (filter, value) => {
    if (filter[name] !== undefined) return `“${name}:” stands here twice.`;
    if (value.length > most) return `“${name}:” can have ${String(most)} characters at most.`;
    filter[name] = value;
    return undefined;
  };

const READERS: Readonly<Record<string, Reader>> = {
  name: once('name', 200),
  id: once('id', 256),
  error: once('error', 500),
  queue: (filter, value, { queues }) => {
    const names = value.split(',');
    const unknown = names.find((name) => !queues.includes(name));
    if (unknown !== undefined) return `There is no queue “${unknown}”. ${named(queues)}`;
    filter.queues = [...new Set([...(filter.queues ?? []), ...names])];
    return undefined;
  },
  state: (filter, value) => {
    const found: JobState[] = [];
    for (const name of value.split(',')) {
      const state = jobStates.find((each) => each === name);
      if (state === undefined) return `There is no state “${name}”. Write ${jobStates.join(', ')}.`;
      found.push(state);
    }
    filter.states = [...new Set([...(filter.states ?? []), ...found])];
    return undefined;
  },
  cause: (filter, value) => {
    if (!/^[0-9a-f]{16}$/.test(value)) return 'A cause is the 16 letters that the Failures page links with.';
    filter.cause = value;
    return undefined;
  },
  cancelled: (filter, value) => {
    if (value !== 'yes' && value !== 'no') return 'Write cancelled:yes or cancelled:no.';
    filter.cancelled = value === 'yes';
    return undefined;
  },
  attempts: (filter, value) => {
    const bounds = attemptsOf(value);
    if (bounds === undefined) return 'Write a number of attempts: 2, >2, >=2, <2, <=2 or 2..5.';
    filter.attempts = { ...filter.attempts, ...bounds };
    const { min = 0, max = Infinity } = filter.attempts;
    return min > max ? 'No number of attempts is in this range.' : undefined;
  },
  after: (filter, value, clock) => span(filter, 'addedAt', 'from', value, clock),
  before: (filter, value, clock) => span(filter, 'addedAt', 'to', value, clock),
  'ended-after': (filter, value, clock) => span(filter, 'finishedAt', 'from', value, clock),
  'ended-before': (filter, value, clock) => span(filter, 'finishedAt', 'to', value, clock),
};

const COUNT = '(\\d{1,6})';
const COMPARED = new RegExp(`^(>=|<=|>|<)?${COUNT}$`);
const BETWEEN = new RegExp(`^${COUNT}\\.\\.${COUNT}$`);

function attemptsOf(text: string): { min?: number; max?: number } | undefined {
  const [, low, high] = BETWEEN.exec(text) ?? [];
  if (low !== undefined && high !== undefined) return { min: Number(low), max: Number(high) };
  const [, sign, digits] = COMPARED.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  if (sign === '>') return { min: count + 1 };
  if (sign === '>=') return { min: count };
  if (sign === '<') return count === 0 ? undefined : { max: count - 1 };
  if (sign === '<=') return { max: count };
  return { min: count, max: count };
}

function span(
  filter: Mutable,
  name: 'addedAt' | 'finishedAt',
  side: 'from' | 'to',
  value: string,
  clock: QueryClock,
): string | undefined {
  const at = timeOf(value, clock);
  if (at === undefined) {
    return `“${value}” is not a time. Write 2026-11-01, 2026-11-01T09:30, or how long ago: 30m, 2h, 7d.`;
  }
  const span = { ...filter[name], [side]: new Date(at).toISOString() };
  filter[name] = span;
  const isOver = span.from !== undefined && span.to !== undefined && span.from > span.to;
  return isOver ? 'The time after which is later than the time before which.' : undefined;
}

const AGO = /^(\d{1,5})([mhd])$/;
const AGO_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/;
const FULL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/;

function timeOf(text: string, { timeZone, now }: QueryClock): number | undefined {
  const [, amount, unit] = AGO.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * AGO_MS[unit as keyof typeof AGO_MS];
  if (DATE.test(text)) return instantOf(`${text}T00:00`, timeZone) ?? undefined;
  if (LOCAL.test(text)) return instantOf(text, timeZone) ?? undefined;
  const at = FULL.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** The filter as a line of search; read again it is the same filter. Named jobs have no words and are left out. */
export function formatJobQuery(filter: JobFilter, { timeZone }: Pick<QueryClock, 'timeZone'>): string {
  const parts: string[] = [];
  const add = (key: string, value: string | undefined): void => {
    if (value !== undefined) parts.push(`${key}:${quoted(value)}`);
  };
  const time = (key: string, instant: string | undefined): void =>
    add(key, instant === undefined ? undefined : timeText(instant, timeZone));
  add('queue', filter.queues?.join(','));
  add('state', filter.states?.join(','));
  add('name', filter.name);
  add('id', filter.id);
  add('attempts', filter.attempts && attemptsText(filter.attempts));
  add('error', filter.error);
  add('cause', filter.cause);
  if (filter.cancelled !== undefined) add('cancelled', filter.cancelled ? 'yes' : 'no');
  for (const { path, pattern } of filter.paths ?? []) {
    add(isPath(path) ? path : path.startsWith('[') ? `data${path}` : `data.${path}`, pattern);
  }
  time('after', filter.addedAt?.from);
  time('before', filter.addedAt?.to);
  time('ended-after', filter.finishedAt?.from);
  time('ended-before', filter.finishedAt?.to);
  const words = [...(filter.text === undefined ? [] : [filter.text]), ...(filter.words ?? [])];
  return [...parts, ...words.map((word) => quoted(word, true))].join(' ');
}

function attemptsText({ min, max }: NonNullable<JobFilter['attempts']>): string | undefined {
  if (min !== undefined && max !== undefined)
    return min === max ? String(min) : `${String(min)}..${String(max)}`;
  if (min !== undefined) return `>=${String(min)}`;
  return max === undefined ? undefined : `<=${String(max)}`;
}

/** As short as it can be read again. */
function timeText(instant: string, timeZone: string): string {
  const at = Date.parse(instant);
  const { year, month, day, hour, minute } = wallClock(at, timeZone);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  for (const text of [date, `${date}T${two(hour)}:${two(minute)}`]) {
    if (timeOf(text, { timeZone, now: 0 }) === at) return text;
  }
  return new Date(at).toISOString();
}
