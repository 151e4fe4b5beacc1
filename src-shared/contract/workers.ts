import { z } from 'zod';
import { command, query } from '../rpc/define';
import { QueueName } from '../domain/queues';
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
  queue: QueueName,
  enabled: z.boolean(),
  concurrency: z.int().min(1).max(50),
});
export type WorkerSettings = z.infer<typeof WorkerSettings>;

export const workers = {
  list: query({ input: Empty, output: z.object({ hosts: z.array(WorkerHost) }) }),
  settings: query({ input: Empty, output: z.object({ queues: z.array(WorkerSettings) }) }),
  /** Switches the workers inside this app, at once; a running job ends first. */
  configure: command({ input: WorkerSettings, output: z.object({ queues: z.array(WorkerSettings) }) }),
};
