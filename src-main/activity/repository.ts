import { sql } from 'kysely';
import type { Database } from '../database/database';
import type { JournalJob } from '../engine/processor';

/** What one transition writes into a job's row; absent fields stay as they are. */
export interface JobLogChange {
  readonly status: string;
  readonly event: string;
  readonly detail?: string;
  readonly result?: unknown;
  readonly errorDetails?: unknown;
  readonly started?: boolean;
  readonly completed?: boolean;
  /** Never go back from an end to this: events may arrive late. */
  readonly onlyIfNotEnded?: boolean;
}

/** A place in the list: to the microsecond, as the database writes it. A `Date` would cut it and skip rows. */
export interface JobLogPosition {
  readonly at: string;
  readonly id: string;
}

export interface JobLogFilter {
  readonly organizationId: string;
  readonly status?: string | undefined;
  readonly jobType?: string | undefined;
  readonly jobId?: string | undefined;
  readonly before?: JobLogPosition | undefined;
  readonly limit: number;
}

export type ActivityRepository = ReturnType<typeof createActivityRepository>;

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** SQL of `job_logs` and `audit_log`. */
export const createActivityRepository = (db: Database) => ({
  /** Creates or moves on the one row of a job. */
  async recordJob(job: JournalJob, change: JobLogChange): Promise<void> {
    const entry = JSON.stringify([
      {
        at: new Date().toISOString(),
        event: change.event,
        ...(change.detail === undefined ? {} : { detail: change.detail }),
      },
    ]);
    const keepEnded = change.onlyIfNotEnded === true;
    await sql`
      INSERT INTO job_logs AS log
        (job_id, job_type, queue_name, job_name, organization_id, user_id, status, result, error_details, started_at, completed_at, attempts_made, history)
      VALUES
        (${job.jobId}, ${job.queue}, ${job.queue}, ${job.name}, ${job.organizationId}, ${job.userId}, ${change.status},
         ${json(change.result)}::jsonb, ${json(change.errorDetails)}::jsonb,
         CASE WHEN ${change.started === true} THEN now() END, CASE WHEN ${change.completed === true} THEN now() END,
         CASE WHEN ${change.started === true} THEN 1 ELSE 0 END, ${entry}::jsonb)
      ON CONFLICT (queue_name, job_id) DO UPDATE SET
        status = CASE WHEN ${keepEnded} AND log.completed_at IS NOT NULL THEN log.status ELSE excluded.status END,
        result = coalesce(excluded.result, log.result),
        error_details = CASE WHEN ${change.status === 'completed'} THEN excluded.error_details ELSE coalesce(excluded.error_details, log.error_details) END,
        started_at = coalesce(log.started_at, excluded.started_at),
        completed_at = CASE
          WHEN ${change.completed === true} THEN now()
          WHEN ${keepEnded} THEN log.completed_at
        END,
        attempts_made = log.attempts_made + excluded.attempts_made,
        history = log.history || excluded.history`.execute(db);
  },

  async jobLogs(filter: JobLogFilter) {
    let query = db
      .selectFrom('job_logs as log')
      .leftJoin('profiles as profile', 'profile.id', 'log.user_id')
      .select([
        'log.id',
        'log.job_id',
        'log.queue_name',
        'log.job_type',
        'log.status',
        'log.result',
        'log.error_details',
        'log.created_at',
        'log.started_at',
        'log.completed_at',
        'profile.full_name as user_name',
        sql<string>`log.created_at::text`.as('position'),
      ])
      .where('log.organization_id', '=', filter.organizationId);
    if (filter.status !== undefined) query = query.where('log.status', '=', filter.status);
    if (filter.jobType !== undefined) query = query.where('log.job_type', '=', filter.jobType);
    if (filter.jobId !== undefined) query = query.where('log.job_id', '=', filter.jobId);
    const { before } = filter;
    if (before !== undefined)
      query = query.where(
        sql<boolean>`(log.created_at, log.id) < (${before.at}::timestamptz, ${before.id}::uuid)`,
      );
    return query.orderBy('log.created_at', 'desc').orderBy('log.id', 'desc').limit(filter.limit).execute();
  },

  async stats(organizationId: string, days: number) {
    const { rows } = await sql<{
      job_type: string;
      total: number;
      completed: number;
      failed: number;
      running: number;
      avg_duration_ms: number | null;
    }>`
      SELECT job_type, total, completed, failed, running + queued AS running, avg_duration_ms
        FROM get_organization_job_stats(${organizationId}::uuid, ${days}::int)`.execute(db);
    return rows;
  },

  async statsByDay(organizationId: string, days: number) {
    const { rows } = await sql<{ day: string; completed: number; failed: number }>`
      SELECT to_char(day, 'YYYY-MM-DD') AS day,
             count(log.id) FILTER (WHERE log.status IN ('completed', 'partial_success')) AS completed,
             count(log.id) FILTER (WHERE log.status IN ('failed', 'partial_failure')) AS failed
        FROM generate_series(date_trunc('day', now()) - make_interval(days => ${days - 1}::int), date_trunc('day', now()), '1 day') AS day
        LEFT JOIN job_logs AS log
          ON log.organization_id = ${organizationId}::uuid AND log.created_at >= day AND log.created_at < day + interval '1 day'
       GROUP BY day ORDER BY day`.execute(db);
    return rows;
  },

  async appendAudit(entry: {
    organizationId: string;
    actor: string;
    action: string;
    target: string | null;
    detail: unknown;
  }): Promise<void> {
    await db
      .insertInto('audit_log')
      .values({
        organization_id: entry.organizationId,
        actor: entry.actor,
        action: entry.action,
        target: entry.target,
        detail: JSON.stringify(entry.detail ?? {}),
      })
      .execute();
  },

  async audit(organizationId: string, beforeSeq: number | undefined, limit: number) {
    let query = db
      .selectFrom('audit_log as entry')
      .leftJoin('profiles as profile', (join) => join.on(sql<boolean>`profile.id::text = entry.actor`))
      .select([
        'entry.seq',
        'entry.created_at',
        'entry.actor',
        'profile.full_name as actor_name',
        'entry.action',
        'entry.target',
        'entry.detail',
      ])
      .where('entry.organization_id', '=', organizationId);
    if (beforeSeq !== undefined) query = query.where('entry.seq', '<', beforeSeq);
    return query.orderBy('entry.seq', 'desc').limit(limit).execute();
  },

  async verifyAudit(organizationId: string): Promise<{ entries: number; brokenAt: number | null }> {
    const { rows } = await sql<{ entries: number; broken_at: number | null }>`
      SELECT (SELECT count(*) FROM audit_log WHERE organization_id = ${organizationId}::uuid) AS entries,
             verify_audit_log(${organizationId}::uuid) AS broken_at`.execute(db);
    const row = rows[0];
    return { entries: row?.entries ?? 0, brokenAt: row?.broken_at ?? null };
  },
});
