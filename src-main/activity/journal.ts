import { setTimeout as delay } from 'node:timers/promises';
import { isDatabaseOutage } from '../database/outage';
import type { JobJournal, JournalJob, RunOutcome } from '../engine/processor';
import type { Logger } from '../logging/logger';
import type { ActivityRepository, JobLogChange } from './repository';

/** A database that is away is tried again after so many ms, then after twice as many, and so on up to the longest. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

export interface JournalDependencies {
  readonly repository: Pick<ActivityRepository, 'recordJob' | 'recordWork'>;
  readonly logger: Logger;
  /** Owns jobs whose payload names nobody. */
  readonly fallback: { readonly organizationId: string; readonly userId: string };
}

/**
 * Keeps `job_logs`: one row a job, with every transition in its history and its time at work. A failed write never
 * fails a job; the end of a job waits for a database that is away, for nobody comes back to write it later.
 */
export const createJobJournal = ({ repository, logger, fallback }: JournalDependencies): JobJournal => {
  const write = (job: JournalJob, change: JobLogChange): Promise<number> => {
    const owned = {
      ...job,
      organizationId: job.organizationId ?? fallback.organizationId,
      userId: job.userId ?? fallback.userId,
    };
    return repository.recordJob(owned, change);
  };
  const complain = ({ queue, jobId }: JournalJob, error: unknown): void => {
    logger.error(`The history of job ${jobId} of ${queue} could not be written.`, { error });
  };
  const record = async (job: JournalJob, change: JobLogChange): Promise<number> => {
    try {
      return await write(job, change);
    } catch (error) {
      complain(job, error);
      return 0;
    }
  };
  return {
    async queued(job) {
      await record(job, { status: 'queued', event: 'queued', onlyIfNotEnded: true });
    },
    started: (job) => record(job, { status: 'running', event: 'started', started: true }),
    async working(job, workedMs) {
      // The next one, or the run's end, says the same and more.
      await repository.recordWork(job, workedMs).catch(() => undefined);
    },
    async finished(job, outcome, willRetry, workedMs) {
      await record(job, { ...changeOf(outcome, willRetry), workedMs });
    },
    async ended(job, outcome, until, workedMs) {
      const change = { ...changeOf(outcome, false), workedMs };
      for (let waitMs = FIRST_WAIT_MS; !until.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        try {
          await write(job, change);
          return true;
        } catch (error) {
          if (!isDatabaseOutage(error)) {
            complain(job, error);
            return true;
          }
          if (waitMs === FIRST_WAIT_MS)
            logger.warn(
              `The end of job ${job.jobId} of ${job.queue} is written down once the database is back.`,
            );
          await delay(waitMs, undefined, { signal: until }).catch(() => undefined);
        }
      }
      return false;
    },
  };
};

const changeOf = (outcome: RunOutcome, willRetry: boolean): JobLogChange => {
  switch (outcome.type) {
    case 'done':
      return {
        status: outcome.status,
        event: outcome.status,
        result: outcome.result,
        errorDetails: outcome.errorDetails,
        completed: true,
      };
    case 'later':
      return { status: 'queued', event: 'waits', detail: outcome.why };
    case 'cancelled':
      return { status: 'cancelled', event: 'cancelled', result: outcome.result, completed: true };
    case 'failed':
      return {
        status: willRetry ? 'queued' : 'failed',
        event: willRetry ? 'attempt failed' : 'failed',
        detail: outcome.error.message,
        result: outcome.result,
        errorDetails: outcome.errorDetails ?? outcome.error,
        completed: !willRetry,
      };
  }
};
