import { z } from 'zod';
import { QueueName } from '@shared/domain/queues';

/** A heartbeat as it is read back: another version of the app may have written it. */
export const HeartbeatShape = z.object({
  id: z.string(),
  host: z.string(),
  pid: z.int(),
  kind: z.enum(['app', 'worker']),
  version: z.string(),
  startedAt: z.iso.datetime(),
  heartbeatAt: z.iso.datetime(),
  memoryBytes: z.int().nonnegative(),
  queues: z.array(z.object({ queue: QueueName, concurrency: z.int(), running: z.int() })),
  jobs: z.array(
    z.object({
      queue: QueueName,
      id: z.string(),
      name: z.string(),
      startedAt: z.iso.datetime(),
      progress: z.number(),
    }),
  ),
});
