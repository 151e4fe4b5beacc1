import { z } from 'zod';
import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';
import { JobState, QueueName } from '@shared/domain/queues';
import type { FailedLately, FailedSince, JobPage, JobTiming, QueueSnapshot } from './engine';
import { timingOf, type JobReader } from './job-reader';
import { MAX_LISTED_DATA, type JobRow, type JobRowDetail } from './job-row';

/** The part of a pg.Pool that reads need. */
export interface SqlQueries {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** bigint arrives as text or as a number, depending on the pool's parsers. */
const int = z.coerce.number();
const intOrNull = z
  .union([z.number(), z.string()])
  .nullable()
  .transform((value) => (value === null ? null : Number(value)));

const rowShape = z.object({
  queue: QueueName,
  id: z.string(),
  name: z.string(),
  state: JobState,
  data: z.string().nullable(),
  options: z.string(),
  progress: z.string().nullable(),
  priority: int,
  attempts_made: int,
  attempts_started: int,
  added_at: int,
  due_at: intOrNull,
  started_at: intOrNull,
  finished_at: intOrNull,
  failed_reason: z.string().nullable(),
});
const detailShape = rowShape.extend({
  result: z.string().nullable(),
  stacks: z.string().nullable(),
  processed_by: z.string().nullable(),
  parent_key: z.string().nullable(),
});

const COLUMNS = `queue, id, name, state::text AS state, opts::text AS options, progress::text AS progress, priority,
  attempts_made, attempts_started, added_at_ms AS added_at, finished_at_ms AS finished_at,
  CASE WHEN state = 'delayed' THEN process_at_ms END AS due_at, processed_at_ms AS started_at`;
const LISTED = `${COLUMNS}, left(failed_reason, 4000) AS failed_reason,
  CASE WHEN pg_column_size(data) <= ${String(MAX_LISTED_DATA)} THEN data::text END AS data`;

/** Oldest first; a waiting job without priority runs, and stands, before those with one. */
const ORDER: Readonly<Record<JobState, readonly string[]>> = {
  waiting: ['(priority > 0)', 'seq'],
  active: ['processed_at_ms', 'seq'],
  delayed: ['process_at_ms', 'seq'],
  'waiting-children': ['seq'],
  completed: ['finished_at_ms', 'seq'],
  failed: ['finished_at_ms', 'seq'],
};

const SNAPSHOT = `
SELECT names.queue,
       coalesce((SELECT value = '1' FROM bullmq.meta WHERE meta.queue = names.queue AND field = 'paused'), FALSE) AS paused,
       jobs.*
  FROM unnest($1::text[]) AS names (queue)
  CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
           count(*) FILTER (WHERE state = 'active') AS active,
           count(*) FILTER (WHERE state = 'delayed') AS delayed,
           count(*) FILTER (WHERE state = 'waiting-children') AS waiting_children,
           count(*) FILTER (WHERE state = 'completed') AS completed,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           min(added_at_ms) FILTER (WHERE state = 'waiting') AS oldest
      FROM bullmq.job WHERE job.queue = names.queue
  ) AS jobs`;
const snapshotShape = z.object({
  queue: QueueName,
  paused: z.boolean(),
  waiting: int,
  active: int,
  delayed: int,
  waiting_children: int,
  completed: int,
  failed: int,
  oldest: intOrNull,
});

/** Reads BullMQ's tables (schema `bullmq`) with one statement a question. */
export class PostgresJobReader implements JobReader {
  constructor(private readonly sql: SqlQueries) {}

  async snapshot(queues: readonly QueueName[]): Promise<QueueSnapshot[]> {
    const rows = await this.read(snapshotShape, SNAPSHOT, [queues]);
    return queues.flatMap((queue): QueueSnapshot[] => {
      const row = rows.find((candidate) => candidate.queue === queue);
      if (row === undefined) return [];
      const { waiting, active, delayed, completed, failed, paused } = row;
      return [
        {
          queue,
          counts: {
            waiting,
            active,
            delayed,
            waitingChildren: row.waiting_children,
            completed,
            failed,
            paused: paused ? waiting : 0,
          },
          paused,
          oldestWaitingAt: row.oldest === null ? null : new Date(row.oldest),
        },
      ];
    });
  }

  async page(queue: QueueName, state: JobState, page: JobPage): Promise<{ total: number; rows: JobRow[] }> {
    const direction = page.order === 'newest' ? 'DESC' : 'ASC';
    const order = ORDER[state].map((column) => `${column} ${direction}`).join(', ');
    const [rows, [count]] = await Promise.all([
      this.read(
        rowShape,
        `SELECT ${LISTED} FROM bullmq.job WHERE queue = $1 AND state = $2::bullmq.job_state
          ORDER BY ${order} LIMIT $3 OFFSET $4`,
        [queue, state, page.count, page.start],
      ),
      this.read(
        z.object({ total: int }),
        'SELECT count(*) AS total FROM bullmq.job WHERE queue = $1 AND state = $2::bullmq.job_state',
        [queue, state],
      ),
    ]);
    return { total: count?.total ?? 0, rows: rows.map(toRow) };
  }

  async failures(
    queues: readonly QueueName[],
    start: number,
    count: number,
  ): Promise<{ totals: readonly number[]; rows: JobRow[] }> {
    const [rows, totals] = await Promise.all([
      this.read(
        rowShape,
        `SELECT ${LISTED} FROM bullmq.job WHERE state = 'failed' AND queue = ANY ($1)
          ORDER BY finished_at_ms DESC, seq DESC LIMIT $2 OFFSET $3`,
        [queues, count, start],
      ),
      this.read(
        z.object({ queue: QueueName, failed: int }),
        `SELECT queue, count(*) AS failed FROM bullmq.job WHERE state = 'failed' AND queue = ANY ($1) GROUP BY queue`,
        [queues],
      ),
    ]);
    return {
      totals: queues.map((queue) => totals.find((row) => row.queue === queue)?.failed ?? 0),
      rows: rows.map(toRow),
    };
  }

  async failedSince(asked: readonly FailedSince[]): Promise<FailedLately[]> {
    const rows = await this.read(
      z.object({ failed: int, newest: intOrNull, reason: z.string().nullable() }),
      `SELECT counted.failed, newest.at AS newest, latest.reason
         FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS asked (queue, since, place)
        CROSS JOIN LATERAL (
          SELECT count(*) AS failed FROM bullmq.job
           WHERE queue = asked.queue AND state = 'failed' AND finished_at_ms > asked.since
             AND left(coalesce(failed_reason, ''), length($3)) <> $3) AS counted
        CROSS JOIN LATERAL (
          SELECT max(finished_at_ms) AS at FROM bullmq.job
           WHERE queue = asked.queue AND state = 'failed') AS newest
         LEFT JOIN LATERAL (
          SELECT left(failed_reason, 1000) AS reason FROM bullmq.job
           WHERE queue = asked.queue AND state = 'failed' AND finished_at_ms > asked.since
             AND left(coalesce(failed_reason, ''), length($3)) <> $3
           ORDER BY finished_at_ms DESC, seq DESC LIMIT 1) AS latest ON TRUE
        ORDER BY asked.place`,
      [asked.map(({ queue }) => queue), asked.map(({ since }) => since.getTime()), CANCELLED_PREFIX],
    );
    return rows.map(({ failed, newest, reason }) => ({
      failed,
      newestAt: newest === null ? null : new Date(newest),
      reason,
    }));
  }

  async find(queues: readonly QueueName[], id: string): Promise<JobRow[]> {
    const rows = await this.read(
      rowShape,
      `SELECT ${LISTED} FROM bullmq.job WHERE queue = ANY ($1) AND id = $2`,
      [queues, id],
    );
    return rows.map(toRow);
  }

  async named(queue: QueueName, ids: readonly string[]): Promise<JobRow[]> {
    const rows = await this.read(
      rowShape,
      `SELECT ${LISTED} FROM bullmq.job WHERE queue = $1 AND id = ANY ($2)
        ORDER BY array_position($2::text[], id)`,
      [queue, ids],
    );
    return rows.map(toRow);
  }

  async failed(queue: QueueName, ids: readonly string[]): Promise<JobRow[]> {
    const rows = await this.read(
      rowShape,
      `SELECT ${LISTED} FROM bullmq.job WHERE queue = $1 AND id = ANY ($2) AND state = 'failed'
        ORDER BY array_position($2::text[], id)`,
      [queue, ids],
    );
    return rows.map(toRow);
  }

  async detail(queue: QueueName, id: string): Promise<JobRowDetail | undefined> {
    const [row] = await this.read(
      detailShape,
      `SELECT ${COLUMNS}, failed_reason, data::text AS data, return_value::text AS result,
              stacktrace::text AS stacks, processed_by, parent_key
         FROM bullmq.job WHERE queue = $1 AND id = $2`,
      [queue, id],
    );
    if (row === undefined) return undefined;
    const { result, stacks, processed_by: processedBy, parent_key: parentKey } = row;
    return { ...toRow(row), result, stacks, processedBy, parentKey };
  }

  async timings(queue: QueueName, ids: readonly string[]): Promise<JobTiming[]> {
    if (ids.length === 0) return [];
    const rows = await this.read(
      z.object({
        id: z.string(),
        name: z.string(),
        added: int,
        delay: int,
        started: intOrNull,
        finished: intOrNull,
        starts: int,
      }),
      `SELECT id, name, added_at_ms AS added, coalesce((opts ->> 'delay')::bigint, 0) AS delay, processed_at_ms AS started,
              finished_at_ms AS finished, attempts_started AS starts
         FROM bullmq.job WHERE queue = $1 AND id = ANY ($2)`,
      [queue, ids],
    );
    return rows.map((row) =>
      timingOf({
        id: row.id,
        name: row.name,
        addedAt: row.added,
        delay: row.delay,
        startedAt: row.started,
        finishedAt: row.finished,
        attemptsStarted: row.starts,
      }),
    );
  }

  async finishedAtRank(
    queue: QueueName,
    state: 'completed' | 'failed',
    rank: number,
  ): Promise<number | null> {
    const [row] = await this.read(
      z.object({ finished: intOrNull }),
      `SELECT finished_at_ms AS finished FROM bullmq.job WHERE queue = $1 AND state = $2::bullmq.job_state
        ORDER BY finished_at_ms DESC OFFSET $3 LIMIT 1`,
      [queue, state, rank],
    );
    return row?.finished ?? null;
  }

  private async read<T extends z.ZodType>(shape: T, text: string, values: unknown[]): Promise<z.infer<T>[]> {
    const { rows } = await this.sql.query(text, values);
    return z.array(shape).parse(rows);
  }
}

const toRow = (row: z.infer<typeof rowShape>): JobRow => ({
  queue: row.queue,
  id: row.id,
  name: row.name,
  state: row.state,
  data: row.data,
  options: row.options,
  progress: row.progress,
  priority: row.priority,
  attemptsMade: row.attempts_made,
  attemptsStarted: row.attempts_started,
  addedAt: row.added_at,
  dueAt: row.due_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
  failedReason: row.failed_reason,
});
