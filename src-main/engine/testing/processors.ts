import type { JobJournal, JournalJob, Processors, RunOutcome } from '../processor';

/** Processors that end every job at once. */
export const nothingDone: Processors = {
  'bulk-messages': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'contact-import': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'template-processing': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
  'email-notification': () => Promise.resolve({ type: 'done', status: 'completed', result: {} }),
};

/** A journal that remembers, for tests that ask what was written down. */
export const memoryJournal = (): JobJournal & { readonly entries: string[]; readonly jobs: JournalJob[] } => {
  const entries: string[] = [];
  const jobs: JournalJob[] = [];
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
    queued: (job) => note(job, 'queued'),
    started: (job) => note(job, 'started'),
    finished: (job, outcome, willRetry) => note(job, ended(outcome, willRetry)),
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
