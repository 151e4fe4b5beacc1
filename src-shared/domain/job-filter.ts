import { z } from 'zod';
import { inAnyCase } from './any-case';
import { causeReader, isCancelled } from './failure-cause';
import { globMatcher, pathMatcher, PathPredicate } from './payload-path';
import { JobState } from './queues';

const MAX_JOBS = 1_000;

const Span = z.object({ from: z.iso.datetime().optional(), to: z.iso.datetime().optional() });
const Between = z.object({ min: z.int().nonnegative().optional(), max: z.int().nonnegative().optional() });

/** Which jobs are meant. Everything that is named must hold; what is left out does not matter. */
export const JobFilter = z.object({
  queues: z.array(z.string().min(1).max(200)).min(1).max(200).optional(),
  states: z.array(JobState).min(1).optional(),
  /** The job's name, with `*` for anything. */
  name: z.string().min(1).max(200).optional(),
  /** The job's id, with `*` for anything. */
  id: z.string().min(1).max(256).optional(),
  /** In the error that it failed with, upper or lower case. */
  error: z.string().min(1).max(500).optional(),
  /** Anywhere in the id, the name, the error or the payload, upper or lower case. */
  text: z.string().min(1).max(500).optional(),
  /** Further texts, each of which has to be found like `text`. */
  words: z.array(z.string().min(1).max(500)).min(1).max(10).optional(),
  /** The fingerprint of why it failed. */
  cause: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  paths: z.array(PathPredicate).max(10).optional(),
  /** Attempts made. */
  attempts: Between.optional(),
  addedAt: Span.optional(),
  finishedAt: Span.optional(),
  /** Only jobs that somebody cancelled, or only others. */
  cancelled: z.boolean().optional(),
  /** Only these. An id is unique in its queue only. */
  jobs: z
    .array(z.object({ queue: z.string().min(1), id: z.string().min(1).max(256) }))
    .min(1)
    .max(MAX_JOBS)
    .optional(),
});
export type JobFilter = z.infer<typeof JobFilter>;

/** What a filter looks at. Texts are JSON as the engine keeps them; times are ms since 1970. */
export interface FilterableJob {
  readonly queue: string;
  readonly id: string;
  readonly state: JobState;
  readonly name: string;
  readonly data: string | null;
  readonly reason: string | null;
  /** The stack of the last failed attempt. */
  readonly stack: string | null;
  readonly attemptsMade: number;
  readonly addedAt: number;
  readonly finishedAt: number | null;
}

/** What has to be read of a job to decide, besides its queue, id and state. */
export type FilterField = Exclude<keyof FilterableJob, 'queue' | 'id' | 'state'>;

export interface CompiledFilter {
  readonly fields: ReadonlySet<FilterField>;
  /**
   * Finds the places in the id, name, error and payload of many jobs put together where all those are that match, and
   * seldom another. Undefined where no text says it.
   */
  readonly places: RegExp | undefined;
  matches(job: FilterableJob): boolean;
}

interface Rule {
  readonly fields: readonly FilterField[];
  /** In lower case; whoever fulfils the rule has one of them in its id, name, error or payload. */
  readonly texts?: readonly string[];
  readonly holds: (job: FilterableJob) => boolean;
}

/** The filter as rules, cheap ones first; made once for many jobs. */
export function compileFilter(filter: JobFilter): CompiledFilter {
  const rules = [
    ...placeRules(filter),
    ...figureRules(filter),
    ...failureRules(filter),
    ...payloadRules(filter),
  ];
  return {
    fields: new Set(rules.flatMap((rule) => rule.fields)),
    places: placesOf(rules),
    matches: (job) => rules.every((rule) => rule.holds(job)),
  };
}

function placesOf(rules: readonly Rule[]): RegExp | undefined {
  let rarest: readonly string[] | undefined;
  for (const { texts } of rules) {
    if (texts !== undefined && (rarest === undefined || shortest(texts) > shortest(rarest))) rarest = texts;
  }
  return rarest && new RegExp(rarest.map(inAnyCase).join('|'), 'g');
}

/** What is longest is rarest; of several texts one is enough, so that the shortest counts. */
const shortest = (texts: readonly string[]): number => Math.min(...texts.map(({ length }) => length));

export const matchesFilter = (job: FilterableJob, filter: JobFilter): boolean =>
  compileFilter(filter).matches(job);

function placeRules({ queues, states, jobs, name, id: idPattern }: JobFilter): Rule[] {
  const rules: Rule[] = [];
  if (queues !== undefined) rules.push({ fields: [], holds: ({ queue }) => queues.includes(queue) });
  if (states !== undefined) rules.push({ fields: [], holds: ({ state }) => states.includes(state) });
  if (jobs !== undefined) {
    const meant = new Set(jobs.map(({ queue, id }) => `${queue}:${id}`));
    rules.push({ fields: [], holds: ({ queue, id }) => meant.has(`${queue}:${id}`) });
  }
  if (name !== undefined) {
    const like = globMatcher(name);
    rules.push({ fields: ['name'], holds: (job) => like(job.name) });
  }
  if (idPattern !== undefined) {
    const like = globMatcher(idPattern);
    // Not decided by where a job is: the jobs have to be looked at.
    rules.push({ fields: ['name'], holds: (job) => like(job.id) });
  }
  return rules;
}

function figureRules({ attempts, addedAt, finishedAt }: JobFilter): Rule[] {
  const rules: Rule[] = [];
  if (attempts !== undefined) {
    const { min = 0, max = Infinity } = attempts;
    rules.push({
      fields: ['attemptsMade'],
      holds: ({ attemptsMade }) => attemptsMade >= min && attemptsMade <= max,
    });
  }
  if (addedAt !== undefined) {
    const { from, to } = spanMs(addedAt);
    rules.push({ fields: ['addedAt'], holds: (job) => job.addedAt >= from && job.addedAt <= to });
  }
  if (finishedAt !== undefined) {
    const { from, to } = spanMs(finishedAt);
    rules.push({
      fields: ['finishedAt'],
      holds: (job) => job.finishedAt !== null && job.finishedAt >= from && job.finishedAt <= to,
    });
  }
  return rules;
}

/** Whether queue, state and end decide what matches: a job's place tells that, and nothing of it need be read. */
export const isByPlace = (filter: JobFilter): boolean =>
  filter.jobs === undefined && [...compileFilter(filter).fields].every((field) => field === 'finishedAt');

/** A span in ms since 1970, both ends included; open ends are infinite. */
export const spanMs = ({
  from,
  to,
}: z.infer<typeof Span>): { readonly from: number; readonly to: number } => ({
  from: from === undefined ? -Infinity : Date.parse(from),
  to: to === undefined ? Infinity : Date.parse(to),
});

function failureRules({ cause, cancelled, error }: JobFilter): Rule[] {
  const rules: Rule[] = [];
  if (error !== undefined) {
    const needle = error.toLowerCase();
    const holds = ({ state, reason }: FilterableJob): boolean =>
      state === 'failed' && reason?.toLowerCase().includes(needle) === true;
    rules.push({ fields: ['reason'], texts: [needle], holds });
  }
  if (cancelled !== undefined) {
    const holds = (job: FilterableJob): boolean =>
      (job.state === 'failed' && isCancelled(job.reason)) === cancelled;
    rules.push({ fields: ['reason'], holds });
  }
  if (cause !== undefined) {
    const read = causeReader();
    rules.push({
      fields: ['reason', 'stack'],
      holds: ({ state, reason, stack }) => state === 'failed' && read(reason, stack).fingerprint === cause,
    });
  }
  return rules;
}

function payloadRules({ text, words = [], paths = [] }: JobFilter): Rule[] {
  const rules: Rule[] = [];
  for (const each of text === undefined ? words : [text, ...words]) rules.push(textRule(each));
  if (paths.length > 0) {
    const matchers = paths.map(pathMatcher);
    const holds = (job: FilterableJob): boolean => {
      const data = parsed(job.data);
      return data !== undefined && matchers.every((matches) => matches(data));
    };
    rules.push({ fields: ['data'], holds });
  }
  return rules;
}

/** A payload is searched as the JSON text that it is kept as, where quotes and line ends are escaped. */
function textRule(text: string): Rule {
  const needle = text.toLowerCase();
  const inJson = JSON.stringify(needle).slice(1, -1);
  const has = (value: string | null, part: string): boolean => value?.toLowerCase().includes(part) === true;
  return {
    fields: ['name', 'data', 'reason'],
    texts: needle === inJson ? [needle] : [needle, inJson],
    holds: (job) =>
      has(job.id, needle) || has(job.name, needle) || has(job.reason, needle) || has(job.data, inJson),
  };
}

function parsed(text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a foreign producer's text has no paths
  }
}
