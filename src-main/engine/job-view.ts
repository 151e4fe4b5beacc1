import { z } from 'zod';
import type { JobDetail, JobSummary } from '@shared/contract/queues';
import { isCancelled } from '@shared/domain/failure-cause';
import { JobId } from '@shared/domain/ids';
import { parseLifeLine, type LifeLine } from './attempt-log';
import { parseJson, type JobRow, type JobRowDetail } from './job-row';
import { jobSubject } from './job-subject';

/** Whether a failed job ended because somebody cancelled it. */
export const wasCancelled = ({ failedReason }: Pick<JobRow, 'failedReason'>): boolean =>
  isCancelled(failedReason);
/** Characters of a payload or result that the job panel carries whole. */
const MAX_SHOWN_JSON = 256 * 1024;

const optionsShape = z.object({
  attempts: z.number().int().nonnegative().catch(1),
  delay: z.number().nonnegative().catch(0),
});
const optionsOf = (text: string): z.infer<typeof optionsShape> => {
  const parsed = optionsShape.safeParse(parseJson(text));
  return parsed.success ? parsed.data : { attempts: 1, delay: 0 };
};

/** A date from ms, never one that cannot be written down. */
const instant = (ms: number): string => new Date(Math.min(Math.max(0, ms), 8.64e15)).toISOString();
const instantOrNull = (ms: number | null): string | null => (ms === null ? null : instant(ms));

/** Progress in percent, whatever a producer wrote: a number, or an object with a number `percent`. */
const percentOf = (text: string | null): number => {
  const value = parseJson(text);
  const isRecord = typeof value === 'object' && value !== null;
  const percent: unknown = isRecord ? Reflect.get(value, 'percent') : value;
  return typeof percent === 'number' && Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
};

/** A job in a list. Never fails: what a foreign producer wrote shows as far as it can be read. */
export const jobSummary = (row: JobRow): JobSummary => ({
  queue: row.queue,
  id: JobId.parse(row.id.slice(0, 256)),
  name: row.name,
  state: row.state,
  priority: Number.isInteger(row.priority) && row.priority > 0 ? row.priority : null,
  attemptsMade: Math.max(0, Math.trunc(row.attemptsMade)),
  attempts: Math.max(1, optionsOf(row.options).attempts),
  progress: percentOf(row.progress),
  createdAt: instant(row.addedAt),
  runsAt: instantOrNull(row.dueAt),
  startedAt: instantOrNull(row.startedAt),
  finishedAt: instantOrNull(row.finishedAt),
  failedReason: row.failedReason,
  subject: jobSubject(
    row.queue,
    parseJson(row.data !== null && row.data.length > MAX_SHOWN_JSON ? null : row.data),
  ),
});

/** JSON for the panel: parsed, cut where it is large, as text where it is not JSON. */
const shownJson = (text: string | null): unknown => {
  if (text === null) return null;
  if (text.length > MAX_SHOWN_JSON) {
    return { truncated: true, characters: text.length, beginning: text.slice(0, MAX_SHOWN_JSON) };
  }
  return parseJson(text) ?? text;
};

export interface JobContext {
  /** The job's log, oldest first. */
  readonly logLines: readonly string[];
  /** The nearest first. */
  readonly ancestors: JobDetail['ancestors'];
  readonly children: JobDetail['children'];
  readonly cancelRequested: boolean;
}

/** Everything the job panel shows. */
export const jobDetail = (row: JobRowDetail, context: JobContext): JobDetail => {
  const life = context.logLines.flatMap((line) => parseLifeLine(line) ?? []);
  const { ancestors, children, cancelRequested } = context;
  const attemptLog = attempts(row, life);
  return {
    ...jobSummary(row),
    data: shownJson(row.data),
    options: shownJson(row.options),
    result: shownJson(row.result),
    processedBy: row.processedBy,
    timeline: timeline(row, life, attemptLog),
    attemptLog,
    parent: ancestors[0] ?? null,
    ancestors,
    children,
    cancelRequested,
  };
};

const timeline = (
  row: JobRowDetail,
  life: readonly LifeLine[],
  attemptLog: JobDetail['attemptLog'],
): JobDetail['timeline'] => {
  const entries: JobDetail['timeline'] = [{ at: instant(row.addedAt), what: 'added', detail: null }];
  const { delay } = optionsOf(row.options);
  if (delay > 0) {
    const detail = `Not before ${instant(row.addedAt + delay)}`;
    entries.push({ at: instant(row.addedAt), what: 'delayed', detail });
  }
  // The queue knows of the latest attempt when it began, and who ran it: it is not told twice.
  const isLatest = ({ what, at }: JobDetail['timeline'][number]): boolean =>
    what === 'started' && row.startedAt !== null && Date.parse(at) >= row.startedAt;
  for (const line of inOrder(life, row))
    entries.push(...lifeEntries(line).filter((entry) => !isLatest(entry)));
  if (row.startedAt !== null) {
    if (!life.some(endsAttempt)) entries.push(...earlierRuns(row, attemptLog));
    entries.push({ at: instant(row.startedAt), what: 'started', detail: row.processedBy });
    const failure = isBackInLine(row) && !life.some(endsAttempt) ? stacksOf(row.stacks).at(-1) : undefined;
    if (failure !== undefined) {
      const at = instant(row.startedAt);
      entries.push({ at, what: 'failed-attempt', detail: firstLine(failure), timeUnknown: true });
    }
  }
  if (row.finishedAt !== null && row.state === 'completed') {
    entries.push({ at: instant(row.finishedAt), what: 'completed', detail: null });
  }
  if (row.finishedAt !== null && row.state === 'failed') {
    entries.push({
      at: instant(row.finishedAt),
      what: wasCancelled(row) ? 'cancelled' : 'failed',
      detail: row.failedReason,
    });
  }
  return entries
    .map((entry, index) => ({ entry, index }))
    .sort(byTime)
    .map(({ entry }) => entry);
};

/** A retry is written down when it is done: a quick worker has begun by then, and what it began came after. */
const inOrder = (life: readonly LifeLine[], { startedAt }: JobRowDetail): readonly LifeLine[] =>
  startedAt === null
    ? life
    : life.map((line) =>
        line.type === 'retried' ? { ...line, at: new Date(Math.min(line.at.getTime(), startedAt)) } : line,
      );

const endsAttempt = ({ type }: LifeLine): boolean => type === 'failed-attempt' || type === 'interrupted';

/**
 * Runs before the latest one under a worker that writes no log. BullMQ keeps how many there were and some of their
 * stacks, but of no run but the latest when it was.
 */
const earlierRuns = (row: JobRowDetail, attemptLog: JobDetail['attemptLog']): JobDetail['timeline'] => {
  const latest = row.attemptsMade + (row.state === 'active' ? 1 : 0);
  const earlier = attemptLog.filter(({ number, error }) => number < latest && error !== null);
  const told = { at: instant(row.startedAt ?? row.addedAt), timeUnknown: true as const };
  const lost = latest - 1 - earlier.length;
  const uncounted = row.attemptsStarted - latest;
  return [
    ...(lost > 0
      ? [{ ...told, what: 'failed-attempt' as const, detail: `${times(lost)}: nothing else was kept of it.` }]
      : []),
    ...earlier.map(({ error }) => ({ ...told, what: 'failed-attempt' as const, detail: error })),
    ...(uncounted > 0
      ? [
          {
            ...told,
            what: 'waiting' as const,
            detail: `Begun ${times(uncounted).toLowerCase()} more and put back, or its worker disappeared: not counted as attempts.`,
          },
        ]
      : []),
  ];
};

const times = (count: number): string => (count === 1 ? 'Once' : `${count} times`);

/** It was begun, and waits for another attempt. */
const isBackInLine = ({ state }: JobRowDetail): boolean => state === 'delayed' || state === 'waiting';

type Indexed = { readonly entry: JobDetail['timeline'][number]; readonly index: number };
const byTime = (a: Indexed, b: Indexed): number =>
  a.entry.at === b.entry.at ? a.index - b.index : a.entry.at < b.entry.at ? -1 : 1;

const lifeEntries = (line: LifeLine): JobDetail['timeline'] => {
  const at = line.at.toISOString();
  switch (line.type) {
    case 'failed-attempt': {
      const started = { at: instant(line.at.getTime() - line.runMs), what: 'started' as const, detail: null };
      return [started, { at, what: 'failed-attempt', detail: line.error }];
    }
    case 'interrupted': {
      const started = { at: instant(line.at.getTime() - line.runMs), what: 'started' as const, detail: null };
      return [started, { at, what: 'delayed', detail: line.why }];
    }
    case 'stalled':
      return [{ at, what: 'waiting', detail: 'Its worker disappeared.' }];
    case 'retried':
      return [{ at, what: 'waiting', detail: `Retried by ${line.by}.` }];
    case 'moved':
      return [
        { at, what: 'waiting', detail: `Moved here from ${line.from}, job ${line.id}, by ${line.by}.` },
      ];
    case 'cancel-requested':
      return [{ at, what: 'progress', detail: `Cancel asked for by ${line.by}.` }];
  }
};

const stacksOf = (text: string | null): string[] => {
  const parsed = z.array(z.string()).safeParse(parseJson(text));
  return parsed.success ? parsed.data : [];
};

/**
 * Every attempt, oldest first: ended ones from the log, with the stack BullMQ kept for it, then the one
 * that runs or ended last. Stacks belong to the latest failures, because older ones are dropped first.
 */
const attempts = (row: JobRowDetail, life: readonly LifeLine[]): JobDetail['attemptLog'] => {
  const ended = life.flatMap((line) =>
    line.type === 'failed-attempt' || line.type === 'interrupted' ? [line] : [],
  );
  const out: JobDetail['attemptLog'] = ended.map((line) => ({
    number: line.attempt,
    startedAt: instant(line.at.getTime() - line.runMs),
    finishedAt: line.at.toISOString(),
    error: line.type === 'failed-attempt' ? line.error : null,
    stack: null,
  }));
  addLatest(row, out);
  const stacks = stacksOf(row.stacks);
  for (let index = out.length - 1; index >= 0 && stacks.length > 0; index -= 1) {
    const attempt = out[index];
    if (attempt?.error != null) attempt.stack = stacks.pop() ?? null;
  }
  return ended.length > 0 ? out : [...unlogged(row, out[0], stacks), ...out];
};

/** Failures under a worker that is not ours, which writes no log: their stacks are all that is known of them. */
const unlogged = (
  row: JobRowDetail,
  latest: JobDetail['attemptLog'][number] | undefined,
  stacks: readonly string[],
): JobDetail['attemptLog'] => {
  const last = latest === undefined ? row.attemptsMade : latest.number - 1;
  const kept = last > 0 ? stacks.slice(-last) : [];
  return kept.map((stack, index) => ({
    number: last - kept.length + 1 + index,
    startedAt: null,
    finishedAt: null,
    error: firstLine(stack),
    stack,
  }));
};

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? text;

/** Within this many ms two records are of the same attempt: the line is written just before the end. */
const SAME_END_MS = 5_000;

const addLatest = (row: JobRowDetail, out: JobDetail['attemptLog']): void => {
  const last = out.at(-1);
  const failed = row.state === 'failed';
  if (failed && last?.error != null && row.finishedAt !== null) {
    const gap = row.finishedAt - new Date(last.finishedAt ?? 0).getTime();
    if (Math.abs(gap) < SAME_END_MS) {
      // The log holds one line of the reason; BullMQ holds all of it.
      last.error = row.failedReason ?? last.error;
      return;
    }
  }
  if (row.startedAt === null || row.state === 'delayed' || row.state === 'waiting') {
    if (failed)
      out.push({
        number: 1,
        startedAt: null,
        finishedAt: instantOrNull(row.finishedAt),
        error: row.failedReason,
        stack: null,
      });
    return;
  }
  out.push({
    number: Math.max(1, row.attemptsMade + (row.state === 'active' ? 1 : 0)),
    startedAt: instant(row.startedAt),
    finishedAt: instantOrNull(row.finishedAt),
    error: failed ? row.failedReason : null,
    stack: null,
  });
};
