import type { QueueName } from '@shared/domain/queues';
import type { Database } from '../database/database';

/** One queue's minute as it is kept. */
export interface MinuteRow {
  readonly queue: QueueName;
  readonly minute: Date;
  readonly completed: number;
  readonly failed: number;
  readonly wait: readonly number[];
  readonly run: readonly number[];
  readonly backlog: number | null;
  readonly active: number | null;
  readonly delayed: number | null;
}

export interface QueueMetricsRepository {
  /** Safe to repeat, and several consoles may record the same minute: the one that saw more stands. */
  saveMinutes(organizationId: string, rows: readonly MinuteRow[]): Promise<void>;
  /** Minutes in [from, to), oldest first. */
  minutes(
    organizationId: string,
    queues: readonly QueueName[],
    from: Date,
    to: Date,
  ): Promise<Omit<MinuteRow, 'active' | 'delayed'>[]>;
}

/** SQL of `queue_metrics`; rows of whole queues only (`job_name` is empty). */
export const createQueueMetricsRepository = (db: Database): QueueMetricsRepository => ({
  async saveMinutes(organizationId, rows) {
    if (rows.length === 0) return;
    await db
      .insertInto('queue_metrics')
      .values(
        rows.map((row) => ({
          organization_id: organizationId,
          queue_name: row.queue,
          job_name: '',
          minute: row.minute,
          completed: row.completed,
          failed: row.failed,
          wait_histogram: [...row.wait],
          run_histogram: [...row.run],
          backlog: row.backlog,
          active: row.active,
          delayed: row.delayed,
        })),
      )
      .onConflict((conflict) =>
        conflict
          .columns(['organization_id', 'queue_name', 'job_name', 'minute'])
          .doUpdateSet((eb) => ({
            completed: eb.ref('excluded.completed'),
            failed: eb.ref('excluded.failed'),
            wait_histogram: eb.ref('excluded.wait_histogram'),
            run_histogram: eb.ref('excluded.run_histogram'),
            backlog: eb.ref('excluded.backlog'),
            active: eb.ref('excluded.active'),
            delayed: eb.ref('excluded.delayed'),
          }))
          .where((eb) =>
            eb(
              eb('excluded.completed', '+', eb.ref('excluded.failed')),
              '>=',
              eb('queue_metrics.completed', '+', eb.ref('queue_metrics.failed')),
            ),
          ),
      )
      .execute();
  },

  async minutes(organizationId, queues, from, to) {
    const rows = await db
      .selectFrom('queue_metrics')
      .select(['queue_name', 'minute', 'completed', 'failed', 'wait_histogram', 'run_histogram', 'backlog'])
      .where('organization_id', '=', organizationId)
      .where('queue_name', 'in', [...queues])
      .where('job_name', '=', '')
      .where('minute', '>=', from)
      .where('minute', '<', to)
      .orderBy('minute')
      .execute();
    return rows.flatMap((row) => {
      const queue = queues.find((name) => name === row.queue_name);
      if (queue === undefined) return [];
      const { minute, completed, failed, backlog } = row;
      return [
        { queue, minute, completed, failed, wait: row.wait_histogram, run: row.run_histogram, backlog },
      ];
    });
  },
});
