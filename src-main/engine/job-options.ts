import type { JobsOptions, KeepJobs } from 'bullmq';
import { type AdsappQueue, isAdsappQueue, queueDefaults, type QueueName } from '@shared/domain/queues';
import type { NewJob } from './engine';

export type EngineKind = 'redis' | 'pglite';

/** Log lines kept of one job, the newest. */
const KEEP_LOG_LINES = 1_000;

/**
 * How many finished jobs stay. On PostgreSQL a count is a scan of all finished jobs at every end of a
 * job, so there the jobs go by age and a sweep (worker-host.ts) brings them down to the count.
 */
export const retention = (
  queue: AdsappQueue,
  kind: EngineKind,
): { removeOnComplete: KeepJobs; removeOnFail: KeepJobs } => {
  const { keepCompleted, keepFailed } = queueDefaults[queue];
  if (kind === 'redis')
    return { removeOnComplete: { count: keepCompleted }, removeOnFail: { count: keepFailed } };
  return { removeOnComplete: { age: 24 * 3_600 }, removeOnFail: { age: 30 * 24 * 3_600 } };
};

/**
 * BullMQ's options of a job: the guide's attempts, back-off, retention and priority of its queue. In a queue that
 * is not ADSapp's only what was asked for is set: the rest is up to BullMQ and to whoever works on it.
 */
export const jobOptions = (
  queue: QueueName,
  kind: EngineKind,
  job: Pick<NewJob, 'priority' | 'delayMs' | 'jobId' | 'parent'>,
): JobsOptions => {
  return {
    ...(isAdsappQueue(queue) && ownOptions(queue, kind)),
    ...(job.priority !== undefined && { priority: job.priority }),
    keepLogs: KEEP_LOG_LINES,
    ...(job.delayMs !== undefined && job.delayMs > 0 && { delay: job.delayMs }),
    ...(job.jobId !== undefined && { jobId: job.jobId }),
    ...(job.parent !== undefined && { parent: { ...job.parent }, ignoreDependencyOnFailure: true }),
  };
};

const ownOptions = (queue: AdsappQueue, kind: EngineKind): JobsOptions => {
  const { attempts, backoffMs, priority } = queueDefaults[queue];
  return {
    attempts,
    backoff: { type: 'exponential', delay: backoffMs },
    priority,
    ...retention(queue, kind),
  };
};
