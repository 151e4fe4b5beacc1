import { z } from 'zod';
import { command, query } from '../rpc/define';
import { AdsappQueue, QueueName } from '../domain/queues';
import { Count, Empty, Instant } from './common';

/** A process that works on queues, as it announced itself by its last heartbeat. */
export const WorkerHost = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  /** `app` is the background process of a console; `worker` a process of its own. */
  kind: z.enum(['app', 'worker']),
  /** It is this console's own background process, whose workers can be switched here. */
  own: z.boolean(),
  version: z.string(),
  startedAt: Instant,
  heartbeatAt: Instant,
  memoryBytes: Count,
  queues: z.array(z.object({ queue: QueueName, concurrency: Count, running: Count })),
  jobs: z.array(
    z.object({
      queue: QueueName,
      id: z.string(),
      name: z.string(),
      startedAt: Instant,
      progress: z.number(),
    }),
  ),
});
export type WorkerHost = z.infer<typeof WorkerHost>;

export const WorkerSettings = z.object({
  queue: AdsappQueue,
  enabled: z.boolean(),
  concurrency: z.int().min(1).max(50),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;

/** Bounds of the longest run of a job, in seconds. */
export const LEAST_TIME_LIMIT = 10;
export const LONGEST_TIME_LIMIT = 24 * 60 * 60;

/** How long one run of a job may take before it is stopped at a safe point and goes on behind the others. */
export const TimeLimit = z.object({
  seconds: z.int(),
  /** `environment`: of this console's machine; a worker's own environment counts for that worker. */
  origin: z.enum(['environment', 'settings', 'default']),
});
export type TimeLimit = z.infer<typeof TimeLimit>;

/** A worker of another program: it sends no heartbeat, so only what its connection says is known. */
export const ForeignWorker = z.object({
  queue: QueueName,
  /** That it was given; null where it has none. */
  name: z.string().nullable(),
  /** `10.0.0.5:51234`. */
  address: z.string(),
  connectedAt: Instant,
});
export type ForeignWorker = z.infer<typeof ForeignWorker>;

export const workers = {
  list: query({
    input: Empty,
    output: z.object({
      hosts: z.array(WorkerHost),
      /** Those of queues that are not ADSapp's, at most 200; null where the engine does not tell. */
      foreign: z.array(ForeignWorker).nullable(),
    }),
  }),
  settings: query({ input: Empty, output: z.object({ queues: z.array(WorkerSettings) }) }),
  timeLimit: query({ input: Empty, output: TimeLimit }),
  /** For all workers on all machines, within seconds, also for jobs that run. Null: the default. */
  setTimeLimit: command({
    input: z.object({ seconds: z.int().min(LEAST_TIME_LIMIT).max(LONGEST_TIME_LIMIT).nullable() }),
    output: TimeLimit,
  }),
  /** Switches the workers inside this app, at once; a running job ends first. */
  configure: command({ input: WorkerSettings, output: z.object({ queues: z.array(WorkerSettings) }) }),
};
