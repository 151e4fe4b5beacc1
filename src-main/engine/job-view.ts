import { z } from 'zod';
import type { JobDetail, JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { parseLifeLine, type LifeLine } from './attempt-log';
import { parseJson, type JobRow, type JobRowDetail } from './job-row';
import { jobSubject } from './job-subject';

/** Begins the failure reason of a job that somebody cancelled. */
export const CANCELLED_PREFIX = 'Cancelled by ';
/** Whether a failed job ended because somebody cancelled it. */
export const wasCancelled = ({ failedReason }: Pick<JobRow, 'failedReason'>): boolean =>
  failedReason?.startsWith(CANCELLED_PREFIX) === true;
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
  const value = z
    .union([z.number(), z.object({ percent: z.number() }).transform((object) => object.percent)])
    .safeParse(parseJson(text));
  if (!value.success || !Number.isFinite(value.data)) return 0;
  return Math.min(100, Math.max(0, value.data));
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
  subject: jobSubject(row.queue, parseJson(row.data)),
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
  readonly parent: JobDetail['parent'];
  readonly children: JobDetail['children'];
  readonly cancelRequested: boolean;
}

/** Everything the job panel shows. */
export const jobDetail = (row: JobRowDetail, context: JobContext): JobDetail => {
  const life = context.logLines.flatMap((line) => parseLifeLine(line) ?? []);
  const { parent, children, cancelRequested } = context;
  return {
    ...jobSummary(row),
    data: shownJson(row.data),
    options: shownJson(row.options),
    result: shownJson(row.result),
    processedBy: row.processedBy,
    timeline: timeline(row, life),
    attemptLog: attempts(row, life),
    parent,
    children,
    cancelRequested,
  };
};

const timeline = (row: JobRowDetail, life: readonly LifeLine[]): JobDetail['timeline'] => {
  const entries: JobDetail['timeline'] = [{ at: instant(row.addedAt), what: 'added', detail: null }];
  const { delay } = optionsOf(row.options);
  if (delay > 0) {
    const detail = `Not before ${instant(row.addedAt + delay)}`;
    entries.push({ at: instant(row.addedAt), what: 'delayed', detail });
  }
  for (const line of life) entries.push(...lifeEntries(line));
  if (row.startedAt !== null) {
    entries.push({ at: instant(row.startedAt), what: 'started', detail: row.processedBy });
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
  return out;
};

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
