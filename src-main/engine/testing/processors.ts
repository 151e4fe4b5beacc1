import type { JobJournal, JournalJob, Processors, RunOutcome } from '../processor';

/** Processors that end every job at once. */
export const nothingDone: Processors = {
  'bulk-messages': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'contact-import': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'template-processing': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'email-notification': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
};

/** A journal that remembers, for tests that ask what was written down. */
export const memoryJournal = (): JobJournal & {
  readonly entries: string[];
  readonly jobs: JournalJob[];
  /** Ms at work by job. */
  readonly worked: Map<string, number>;
} => {
  const entries: string[] = [];
  const jobs: JournalJob[] = [];
  const worked = new Map<string, number>();
  const keep = ({ jobId }: JournalJob, ms = 0): void => {
    worked.set(jobId, Math.max(ms, worked.get(jobId) ?? 0));
  };
  const note = (job: JournalJob, what: string): Promise<void> => {
    jobs.push(job);
    entries.push(`${job.jobId} ${what}`);
    return Promise.resolve();
  };
  const ended = (outcome: RunOutcome, willRetry: boolean): string =>
    outcome.type === 'done' ? outcome.status : `${outcome.type}${willRetry ? ' (retry)' : ''}`;
  return {
    entries,
    jobs,
    worked,
    queued: (job) => note(job, 'queued'),
    started: async (job) => {
      await note(job, 'started');
      return worked.get(job.jobId) ?? 0;
    },
    working: (job, workedMs) => {
      keep(job, workedMs);
      return Promise.resolve();
    },
    finished: (job, outcome, willRetry, workedMs) => {
      keep(job, workedMs);
      return note(job, ended(outcome, willRetry));
    },
    ended: async (job, outcome, _until, workedMs) => {
      keep(job, workedMs);
      await note(job, ended(outcome, false));
      return true;
    },
  };
};

/** A logger that keeps its lines. */
export const memoryLogger = () => {
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
  };
  return { lines, info: keep, warn: keep, error: keep };
};
