import { sql } from 'kysely';
import { z } from 'zod';
import type { AnalyticsRange } from '@shared/contract/activity';
import type { Database } from '../../database/database';

const Sums = z.object({
  total: z.number(),
  completed: z.number(),
  failed: z.number(),
  partial: z.number(),
  cancelled: z.number(),
  running: z.number(),
  timed: z.number(),
  ms: z.number(),
});
export type Sums = z.infer<typeof Sums>;

const Summed = z.object({
  types: z.array(Sums.extend({ t: z.string() })),
  users: z.array(Sums.extend({ u: z.string().nullable(), name: z.string().nullable() })),
  days: z.array(
    z.object({ day: z.string(), completed: z.number(), failed: z.number(), cancelled: z.number() }),
  ),
  percentiles: z.array(
    z.object({ t: z.string().nullable(), p50: z.number().nullable(), p95: z.number().nullable() }),
  ),
  causes: z.array(z.object({ t: z.string(), c: z.string(), n: z.number() })),
  slow: z.array(z.object({ id: z.string(), ms: z.number() })),
});
export type Summed = z.infer<typeof Summed>;

export interface SlowRow {
  readonly id: string;
  readonly job_id: string;
  readonly queue_name: string | null;
  readonly job_type: string;
  readonly status: string;
  readonly user_name: string | null;
  readonly duration_ms: number;
  readonly created_at: Date;
  readonly campaign_id: string | null;
  readonly import_id: string | null;
}

export type AnalyticsRepository = ReturnType<typeof createAnalyticsRepository>;

/** Days that are added up by one statement: 0.1 s for days of some thousand jobs, in which PGlite answers nobody else. */
const DAYS_A_STATEMENT = 3;

/** Days that are still to be added up. */
export interface Pending {
  readonly days: number;
  /** The latest of them: the figures of all days after it are whole. */
  readonly latest: string;
}

const SUMS = sql`
  sum(n)::BIGINT AS total, sum(completed)::BIGINT AS completed, sum(failed)::BIGINT AS failed,
  sum(partial)::BIGINT AS partial, sum(cancelled)::BIGINT AS cancelled,
  sum(running + queued)::BIGINT AS running, sum(timed)::BIGINT AS timed, sum(ms)::BIGINT AS ms`;

/** SQL of the figures: all of it reads the days that are added up already (migration 0042). */
export const createAnalyticsRepository = (db: Database) => ({
  /**
   * Adds up the days that have changed since they were added up last, the latest first, back to `from`, for about
   * `budgetMs` at most. Quick unless many have, as after the first start on many jobs; answers what is left.
   */
  async refresh(
    organizationId: string,
    { from, budgetMs = Infinity }: { readonly from?: string; readonly budgetMs?: number } = {},
  ): Promise<Pending | null> {
    const until = performance.now() + budgetMs;
    for (;;) {
      const { rows } = await sql<{ done: number }>`
        SELECT refresh_job_log_days(${organizationId}::uuid, ${DAYS_A_STATEMENT}) AS done`.execute(db);
      if ((rows[0]?.done ?? 0) < DAYS_A_STATEMENT) return null;
      const pending = await pendingDays(db, organizationId, from);
      if (pending === null || performance.now() >= until) return pending;
    }
  },

  async summed(organizationId: string, { from, to, jobType }: AnalyticsRange): Promise<Summed> {
    const ofType = jobType === undefined ? sql`TRUE` : sql`t = ${jobType}`;
    const { rows } = await sql<{ summed: unknown }>`
      WITH day AS MATERIALIZED (
        SELECT day, summary FROM adsapp_job_log_days(${organizationId}::uuid,
          ${from}::date::timestamp AT TIME ZONE 'UTC', (${to}::date + 1)::timestamp AT TIME ZONE 'UTC')
      ),
      part AS MATERIALIZED (
        SELECT day.day, part.* FROM day, jsonb_to_recordset(
          CASE jsonb_typeof(summary -> 'rows') WHEN 'array' THEN summary -> 'rows' END)
          AS part (t TEXT, u UUID, n BIGINT, completed BIGINT, failed BIGINT, partial BIGINT, cancelled BIGINT,
                   running BIGINT, queued BIGINT, timed BIGINT, ms NUMERIC)
         WHERE ${ofType}
      ),
      bucket AS MATERIALIZED (
        SELECT t, one.b, sum(one.n) AS n FROM day, jsonb_to_recordset(
          CASE jsonb_typeof(summary -> 'times') WHEN 'array' THEN summary -> 'times' END)
          AS part (t TEXT, b TEXT, n TEXT), unnest(part.b::integer[], part.n::bigint[]) AS one (b, n)
         WHERE ${ofType} GROUP BY t, one.b
      )
      SELECT jsonb_build_object(
        'types', (SELECT coalesce(jsonb_agg(one ORDER BY total DESC, t), '[]') FROM (
          SELECT t, ${SUMS} FROM part GROUP BY t) AS one),
        'users', (SELECT coalesce(jsonb_agg(one ORDER BY total DESC, u), '[]') FROM (
          SELECT by_user.*, profiles.full_name AS name FROM (SELECT u, ${SUMS} FROM part GROUP BY u) AS by_user
            LEFT JOIN profiles ON profiles.id = u) AS one),
        'days', (SELECT coalesce(jsonb_agg(one ORDER BY day), '[]') FROM (
          SELECT to_char(day.day, 'YYYY-MM-DD') AS day, coalesce(sum(completed), 0)::BIGINT AS completed,
                 coalesce(sum(failed), 0)::BIGINT AS failed, coalesce(sum(cancelled), 0)::BIGINT AS cancelled
            FROM day LEFT JOIN part USING (day) GROUP BY day.day) AS one),
        'percentiles', (SELECT coalesce(jsonb_agg(one), '[]') FROM (
          SELECT t, adsapp_duration_percentile(times, 0.5) AS p50, adsapp_duration_percentile(times, 0.95) AS p95
            FROM (SELECT t, jsonb_agg(jsonb_build_object('b', b, 'n', n)) AS times FROM bucket
                   GROUP BY GROUPING SETS ((t), ())) AS timed) AS one),
        'causes', (SELECT coalesce(jsonb_agg(one ORDER BY n DESC, t, c), '[]') FROM (
          SELECT t, c, sum(n)::BIGINT AS n FROM day, jsonb_to_recordset(
            CASE jsonb_typeof(summary -> 'causes') WHEN 'array' THEN summary -> 'causes' END)
            AS part (t TEXT, c TEXT, n BIGINT)
           WHERE ${ofType} GROUP BY t, c ORDER BY 3 DESC, 1, 2 LIMIT 20) AS one),
        'slow', (SELECT coalesce(jsonb_agg(one ORDER BY ms DESC, id), '[]') FROM (
          SELECT id, ms FROM day, jsonb_to_recordset(
            CASE jsonb_typeof(summary -> 'slow') WHEN 'array' THEN summary -> 'slow' END)
            AS part (id UUID, t TEXT, ms BIGINT)
           WHERE ${ofType} ORDER BY ms DESC, id LIMIT 40) AS one)
      ) AS summed`.execute(db);
    return Summed.parse(rows[0]?.summed);
  },

  /** These jobs as they are known now; those that were cleaned up are left out. */
  async slowJobs(organizationId: string, ids: readonly string[]): Promise<SlowRow[]> {
    if (ids.length === 0) return [];
    const { rows } = await sql<SlowRow>`
      SELECT log.id, log.job_id, log.queue_name, log.job_type, log.status, log.duration_ms, log.created_at,
             profiles.full_name AS user_name,
             (SELECT id FROM campaigns WHERE organization_id = log.organization_id
                AND (job_id = log.job_id OR id::text = log.result ->> 'campaignId') LIMIT 1) AS campaign_id,
             (SELECT id FROM imports WHERE organization_id = log.organization_id
                AND (job_id = log.job_id OR id::text = log.result ->> 'importId') LIMIT 1) AS import_id
        FROM job_logs AS log LEFT JOIN profiles ON profiles.id = log.user_id
       WHERE log.organization_id = ${organizationId}::uuid AND log.id = ANY(${ids}::uuid[])
       ORDER BY log.duration_ms DESC, log.id`.execute(db);
    return rows;
  },

  async cleanedDays(organizationId: string, { from, to }: AnalyticsRange): Promise<number> {
    const { rows } = await sql<{ days: number }>`
      SELECT count(*) AS days FROM job_log_days
       WHERE organization_id = ${organizationId}::uuid AND cleaned AND day BETWEEN ${from}::date AND ${to}::date`.execute(
      db,
    );
    return rows[0]?.days ?? 0;
  },

  /** Jobs that ended, by day, of the last `days` days with today. */
  async lastDays(
    organizationId: string,
    days: number,
  ): Promise<{ day: string; completed: number; failed: number }[]> {
    const { rows } = await sql<{ day: string; completed: number; failed: number }>`
      SELECT to_char(day.day, 'YYYY-MM-DD') AS day, coalesce(sum(completed), 0)::BIGINT AS completed,
             coalesce(sum(failed), 0)::BIGINT AS failed
        FROM adsapp_job_log_days(${organizationId}::uuid,
               date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - make_interval(days => ${days - 1}::int),
               date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '1 day') AS day
        LEFT JOIN LATERAL jsonb_to_recordset(
          CASE jsonb_typeof(summary -> 'rows') WHEN 'array' THEN summary -> 'rows' END)
          AS part (completed BIGINT, failed BIGINT) ON TRUE
       GROUP BY day.day ORDER BY day.day`.execute(db);
    return rows;
  },
});

/** Days before today that have changed and are not added up; today is added up whenever it is asked for. */
async function pendingDays(
  db: Database,
  organizationId: string,
  from = '-infinity',
): Promise<Pending | null> {
  const { rows } = await sql<{ days: number; latest: string | null }>`
    SELECT count(*)::int AS days, to_char(max(day), 'YYYY-MM-DD') AS latest FROM job_log_days_changed
     WHERE organization_id = ${organizationId}::uuid AND day >= ${from}::date
       AND day < (now() AT TIME ZONE 'UTC')::date`.execute(db);
  const [{ days, latest } = { days: 0, latest: null }] = rows;
  return latest === null ? null : { days, latest };
}
