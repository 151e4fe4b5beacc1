import { z } from 'zod';
import type { SqlQueries } from './postgres-job-reader';
import type { QueueFinder } from './queue-catalog';

/**
 * Names of queues from BullMQ's own tables. The jobs are not read one by one: from each name the index leads to the
 * next. A queue that is empty is known by what is set for it.
 */
const NAMES = `
WITH RECURSIVE named AS (
  (SELECT queue FROM bullmq.job ORDER BY queue LIMIT 1)
  UNION ALL
  SELECT (SELECT job.queue FROM bullmq.job WHERE job.queue > named.queue ORDER BY job.queue LIMIT 1)
    FROM named WHERE named.queue IS NOT NULL
)
SELECT queue FROM named WHERE queue IS NOT NULL UNION SELECT queue FROM bullmq.meta`;

const Row = z.object({ queue: z.string() });

export class PostgresQueueFinder implements QueueFinder {
  constructor(private readonly sql: SqlQueries) {}

  async find(): Promise<readonly string[]> {
    const { rows } = await this.sql.query(NAMES);
    return z
      .array(Row)
      .parse(rows)
      .map(({ queue }) => queue);
  }
}
