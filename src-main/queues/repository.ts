import { sql } from 'kysely';
import { QueueName } from '@shared/domain/queues';
import type { Database } from '../database/database';
import type { Gauges } from './gauge-ring';

/** What is kept of a stretch of time, of a whole queue (`name` is empty) or of the jobs of one name. */
export interface Kept extends Gauges {
  readonly queue: QueueName;
  readonly name: string;
  readonly completed: number;
  readonly failed: number;
  /** Of `failed`, those that somebody cancelled; of a name this is not told. */
  readonly cancelled: number;
  readonly wait: readonly number[];
  readonly run: readonly number[];
  /** Seconds of it in which somebody listened. */
  readonly watchedSeconds: number;
}

export interface MinuteRow extends Kept {
  readonly minute: Date;
}

export interface StepRow extends Kept {
  readonly begins: Date;
}

/** The steps that minutes are added up to, in seconds, each a multiple of the one before. */
export const ADDED_UP = [300, 1_800, 7_200, 21_600] as const;
export type KeptStep = 60 | (typeof ADDED_UP)[number];

export interface KeptRange {
  readonly from: Date;
  readonly to: Date;
  readonly stepSeconds: KeptStep;
  /** All queues where it is not given. */
  readonly queue?: QueueName | undefined;
}

export interface NameSeen {
  readonly queue: QueueName;
  readonly name: string;
  readonly lastAt: Date;
}

export interface NameTotal {
  readonly name: string;
  readonly completed: number;
  readonly failed: number;
}

export interface QueueMetricsRepository {
  /** Safe to repeat, and several consoles may record the same minute: the one that saw more stands. */
  saveMinutes(organizationId: string, rows: readonly MinuteRow[]): Promise<void>;
  /** Computes the steps that touch [from, to) from the minutes, again where they are there. Safe to repeat. */
  addUp(organizationId: string, from: Date, to: Date): Promise<void>;
  /** Since when there are minutes that no step has taken in; null where there are none. */
  notAddedUpSince(organizationId: string): Promise<Date | null>;
  /** Steps in [from, to), oldest first: of whole queues, and also of the jobs of a name, or of each. */
  steps(organizationId: string, range: KeptRange, name?: string | typeof EACH_NAME): Promise<StepRow[]>;
  /** Under which names something ended or waited since then, on each queue; by the hour. */
  namesSince(organizationId: string, since: Date): Promise<NameSeen[]>;
  /** What ended under each name that ended or waited in [from, to), the most frequent first, at most `count`; and in all. */
  names(
    organizationId: string,
    range: KeptRange,
    count: number,
  ): Promise<{ readonly names: NameTotal[]; readonly ended: number; readonly named: number }>;
}

export const EACH_NAME = Symbol('each name');

/** Far below what a statement may carry. */
const ROWS_A_STATEMENT = 500;

/** SQL of `queue_metrics` and `queue_metrics_steps`. */
export const createQueueMetricsRepository = (db: Database): QueueMetricsRepository => ({
  async saveMinutes(organizationId, rows) {
    for (let start = 0; start < rows.length; start += ROWS_A_STATEMENT)
      await insertMinutes(db, organizationId, rows.slice(start, start + ROWS_A_STATEMENT));
  },

  async addUp(organizationId, from, to) {
    for (const step of ADDED_UP) await addUpTo(db, organizationId, step, from, to);
  },

  async notAddedUpSince(organizationId) {
    const [finest] = ADDED_UP;
    const { rows } = await sql<{ since: Date | null }>`
      SELECT min(minute) AS since FROM queue_metrics
       WHERE organization_id = ${organizationId} AND minute >= coalesce(
               (SELECT max(begins) FROM queue_metrics_steps
                 WHERE organization_id = ${organizationId} AND step_seconds = ${finest}), '-infinity')`.execute(
      db,
    );
    return rows[0]?.since ?? null;
  },

  async steps(organizationId, range, name = '') {
    const { queue } = range;
    const { rows } = await sql<Written<StepRow>>`
      SELECT queue_name AS queue, job_name AS name, begins, completed::float8, failed::float8, cancelled::float8,
             wait_histogram AS wait, run_histogram AS run, backlog, active, delayed, oldest_ms::float8 AS "oldestMs",
             watched_seconds AS "watchedSeconds"
        FROM ${source(range)}
       WHERE organization_id = ${organizationId}
         AND ${name === EACH_NAME ? sql`true` : sql`job_name = ANY (${['', name]}::text[])`}
         AND (${queue ?? null}::text IS NULL OR queue_name = ${queue ?? null})
         AND begins >= ${range.from} AND begins < ${range.to}
       ORDER BY begins`.execute(db);
    return withQueue(rows);
  },

  async namesSince(organizationId, since) {
    const { rows } = await sql<Written<NameSeen>>`
      SELECT queue_name AS queue, job_name AS name, max(begins) AS "lastAt"
        FROM ${source({ stepSeconds: 1_800 })}
       WHERE organization_id = ${organizationId} AND job_name <> '' AND begins >= ${since} AND ${SEEN}
       GROUP BY queue_name, job_name
       ORDER BY max(begins) DESC, job_name`.execute(db);
    return withQueue(rows);
  },

  async names(organizationId, range, count) {
    const { queue } = range;
    const { rows } = await sql<NameTotal>`
      SELECT job_name AS name, sum(completed)::float8 AS completed, sum(failed)::float8 AS failed
        FROM ${source(range)}
       WHERE organization_id = ${organizationId}
         AND (${queue ?? null}::text IS NULL OR queue_name = ${queue ?? null})
         AND begins >= ${range.from} AND begins < ${range.to} AND ${SEEN}
       GROUP BY job_name
       ORDER BY sum(completed) + sum(failed) DESC, job_name`.execute(db);
    const named = rows.filter(({ name }) => name !== '');
    const total = (all: readonly NameTotal[]): number =>
      all.reduce((sum, { completed, failed }) => sum + completed + failed, 0);
    return {
      names: named.slice(0, count),
      ended: total(rows.filter(({ name }) => name === '')),
      named: total(named),
    };
  },
});

/** Rows of a name are also kept where it had nothing, so that a zero is told from a gap. */
const SEEN = sql`(completed > 0 OR failed > 0 OR backlog > 0 OR oldest_ms > 0)`;

type Written<Row> = Omit<Row, 'queue'> & { readonly queue: string };

/** Without those of a queue that this console would not name so. */
const withQueue = <Row extends { readonly queue: string }>(rows: readonly Row[]) =>
  rows.flatMap((row) => {
    const known = QueueName.safeParse(row.queue);
    return known.success ? [{ ...row, queue: known.data }] : [];
  });

/** Where steps of that length are kept: minutes, or what they add up to. */
const source = ({ stepSeconds }: Pick<KeptRange, 'stepSeconds'>) =>
  stepSeconds === 60
    ? sql`(SELECT *, minute AS begins FROM queue_metrics) AS minutes`
    : sql`(SELECT * FROM queue_metrics_steps WHERE step_seconds = ${stepSeconds}) AS steps`;

async function insertMinutes(
  db: Database,
  organizationId: string,
  rows: readonly MinuteRow[],
): Promise<void> {
  await db
    .insertInto('queue_metrics')
    .values(
      rows.map((row) => ({
        organization_id: organizationId,
        queue_name: row.queue,
        job_name: row.name,
        minute: row.minute,
        completed: row.completed,
        failed: row.failed,
        cancelled: row.cancelled,
        wait_histogram: [...row.wait],
        run_histogram: [...row.run],
        backlog: row.backlog,
        active: row.active,
        delayed: row.delayed,
        oldest_ms: row.oldestMs === null ? null : Math.round(row.oldestMs),
        watched_seconds: row.watchedSeconds,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'queue_name', 'job_name', 'minute'])
        .doUpdateSet((eb) => ({
          completed: eb.ref('excluded.completed'),
          failed: eb.ref('excluded.failed'),
          cancelled: eb.ref('excluded.cancelled'),
          wait_histogram: eb.ref('excluded.wait_histogram'),
          run_histogram: eb.ref('excluded.run_histogram'),
          // Names are looked at once a minute: of two consoles one may have had no look in it.
          backlog: eb.fn.coalesce('excluded.backlog', 'queue_metrics.backlog'),
          active: eb.fn.coalesce('excluded.active', 'queue_metrics.active'),
          delayed: eb.fn.coalesce('excluded.delayed', 'queue_metrics.delayed'),
          oldest_ms: eb.fn.coalesce('excluded.oldest_ms', 'queue_metrics.oldest_ms'),
          // Two that saw the same differ in how long they watched.
          watched_seconds: eb.fn<number>('greatest', [
            'excluded.watched_seconds',
            'queue_metrics.watched_seconds',
          ]),
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
}

/** From the next finer step, so that the longest costs no more than the shortest. */
async function addUpTo(
  db: Database,
  organizationId: string,
  step: (typeof ADDED_UP)[number],
  from: Date,
  to: Date,
): Promise<void> {
  const finer = ADDED_UP[ADDED_UP.indexOf(step) - 1] ?? 60;
  const ms = step * 1_000;
  const first = new Date(Math.floor(from.getTime() / ms) * ms);
  const end = new Date(Math.ceil(to.getTime() / ms) * ms);
  await sql`
    INSERT INTO queue_metrics_steps (organization_id, step_seconds, queue_name, job_name, begins, completed, failed,
                                     cancelled, wait_histogram, run_histogram, backlog, active, delayed, oldest_ms,
                                     watched_seconds)
    SELECT organization_id, ${step}::int, queue_name, job_name,
           to_timestamp(floor(extract(epoch FROM begins) / ${step}::int) * ${step}::int) AS step,
           sum(completed), sum(failed), sum(cancelled), adsapp_sum_histograms(wait_histogram),
           adsapp_sum_histograms(run_histogram),
           (array_agg(backlog ORDER BY begins DESC) FILTER (WHERE backlog IS NOT NULL))[1],
           (array_agg(active ORDER BY begins DESC) FILTER (WHERE active IS NOT NULL))[1],
           (array_agg(delayed ORDER BY begins DESC) FILTER (WHERE delayed IS NOT NULL))[1],
           max(oldest_ms), sum(watched_seconds)
      FROM ${source({ stepSeconds: finer })}
     WHERE organization_id = ${organizationId} AND begins >= ${first} AND begins < ${end}
     GROUP BY organization_id, queue_name, job_name, step
        ON CONFLICT (organization_id, step_seconds, queue_name, job_name, begins) DO UPDATE
       SET completed = excluded.completed, failed = excluded.failed, cancelled = excluded.cancelled,
           wait_histogram = excluded.wait_histogram, run_histogram = excluded.run_histogram,
           backlog = excluded.backlog, active = excluded.active, delayed = excluded.delayed,
           oldest_ms = excluded.oldest_ms, watched_seconds = excluded.watched_seconds`.execute(db);
}
