import type { JobsOptions, KeepJobs } from 'bullmq';
import { queueDefaults, type QueueName } from '@shared/domain/queues';
import type { NewJob } from './engine';

export type EngineKind = 'redis' | 'pglite';

/** Log lines kept of one job, the newest. */
const KEEP_LOG_LINES = 1_000;

/**
 * How many finished jobs stay. On PostgreSQL a count is a scan of all finished jobs at every end of a
 * job, so there the jobs go by age and a sweep (worker-host.ts) brings them down to the count.
 */
export const retention = (
  queue: QueueName,
  kind: EngineKind,
): { removeOnComplete: KeepJobs; removeOnFail: KeepJobs } => {
  const { keepCompleted, keepFailed } = queueDefaults[queue];
  if (kind === 'redis')
    return { removeOnComplete: { count: keepCompleted }, removeOnFail: { count: keepFailed } };
  return { removeOnComplete: { age: 24 * 3_600 }, removeOnFail: { age: 30 * 24 * 3_600 } };
};

/** BullMQ's options of a job: the guide's attempts, back-off, retention and priority of its queue. */
export const jobOptions = (
  queue: QueueName,
  kind: EngineKind,
  job: Pick<NewJob, 'priority' | 'delayMs' | 'jobId'>,
): JobsOptions => {
  const defaults = queueDefaults[queue];
  return {
    attempts: defaults.attempts,
    backoff: { type: 'exponential', delay: defaults.backoffMs },
    priority: job.priority ?? defaults.priority,
    keepLogs: KEEP_LOG_LINES,
    ...retention(queue, kind),
    ...(job.delayMs !== undefined && job.delayMs > 0 && { delay: job.delayMs }),
    ...(job.jobId !== undefined && { jobId: job.jobId }),
  };
};
