import type { JobJournal, JournalJob, RunOutcome } from '../engine/processor';
import type { Logger } from '../logging/logger';
import type { ActivityRepository, JobLogChange } from './repository';

export interface JournalDependencies {
  readonly repository: Pick<ActivityRepository, 'recordJob'>;
  readonly logger: Logger;
  /** Owns jobs whose payload names nobody. */
  readonly fallback: { readonly organizationId: string; readonly userId: string };
}

/** Keeps `job_logs`: one row a job, with every transition in its history. A failed write never fails a job. */
export const createJobJournal = ({ repository, logger, fallback }: JournalDependencies): JobJournal => {
  const record = async (job: JournalJob, change: JobLogChange): Promise<void> => {
    const owned = {
      ...job,
      organizationId: job.organizationId ?? fallback.organizationId,
      userId: job.userId ?? fallback.userId,
    };
    try {
      await repository.recordJob(owned, change);
    } catch (error) {
      logger.error(`The history of job ${job.jobId} of ${job.queue} could not be written.`, { error });
    }
  };
  return {
    queued: (job) => record(job, { status: 'queued', event: 'queued', onlyIfNotEnded: true }),
    started: (job) => record(job, { status: 'running', event: 'started', started: true }),
    finished: (job, outcome, willRetry) => record(job, changeOf(outcome, willRetry)),
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
