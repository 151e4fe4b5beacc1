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
  /** Ms at work over all runs so far; less than what is known already changes nothing. */
  readonly workedMs?: number | undefined;
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
  readonly userId?: string | undefined;
  readonly cause?: string | undefined;
  /** Created on these days (UTC), both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly before?: JobLogPosition | undefined;
  readonly limit: number;
}

/** As 0042_job_statistics.sql tells the causes apart. */
const hasCause = (
  cause: string,
) => sql<boolean>`(log.status IN ('failed', 'partial_failure') AND left(coalesce(
  log.error_details ->> 'code', log.error_details ->> 'message', log.error_details -> 0 ->> 'code',
  log.error_details -> 0 ->> 'message', 'unknown'), 120) = ${cause})`;

/** The first moment of a day, and of the one after it, in UTC. */
const startOf = (day: string): Date => new Date(`${day}T00:00:00Z`);
const dayAfter = (day: string): Date => new Date(startOf(day).getTime() + 86_400_000);

export type ActivityRepository = ReturnType<typeof createActivityRepository>;

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** SQL of `job_logs` and `audit_log`. */
export const createActivityRepository = (db: Database) => ({
  /** Creates or moves on the one row of a job; resolves to its ms at work as they are known now. */
  async recordJob(job: JournalJob, change: JobLogChange): Promise<number> {
    const entry = JSON.stringify([
      {
        at: new Date().toISOString(),
        event: change.event,
        ...(change.detail === undefined ? {} : { detail: change.detail }),
      },
    ]);
    const keepEnded = change.onlyIfNotEnded === true;
    const { rows } = await sql<{ worked_ms: number | null }>`
      INSERT INTO job_logs AS log
        (job_id, job_type, queue_name, job_name, organization_id, user_id, status, result, error_details, started_at, completed_at, attempts_made, history,
         worked_ms)
      VALUES
        (${job.jobId}, ${job.queue}, ${job.queue}, ${job.name}, ${job.organizationId}, ${job.userId}, ${change.status},
         ${json(change.result)}::jsonb, ${json(change.errorDetails)}::jsonb,
         CASE WHEN ${change.started === true} THEN now() END, CASE WHEN ${change.completed === true} THEN now() END,
         CASE WHEN ${change.started === true} THEN 1 ELSE 0 END, ${entry}::jsonb,
         ${change.workedMs ?? null}::bigint)
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
        worked_ms = greatest(log.worked_ms, excluded.worked_ms),
        history = log.history || excluded.history
      RETURNING worked_ms`.execute(db);
    return rows[0]?.worked_ms ?? 0;
  },

  /** Of a job that runs: its ms at work over all runs so far. */
  async recordWork({ queue, jobId }: JournalJob, workedMs: number): Promise<void> {
    await sql`
      UPDATE job_logs SET worked_ms = greatest(worked_ms, ${workedMs}::bigint)
       WHERE queue_name = ${queue} AND job_id = ${jobId} AND status = 'running'`.execute(db);
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
        'log.duration_ms',
        'profile.full_name as user_name',
        sql<string>`log.created_at::text`.as('position'),
      ])
      .where('log.organization_id', '=', filter.organizationId);
    if (filter.status !== undefined) query = query.where('log.status', '=', filter.status);
    if (filter.jobType !== undefined) query = query.where('log.job_type', '=', filter.jobType);
    if (filter.jobId !== undefined) query = query.where('log.job_id', '=', filter.jobId);
    if (filter.userId !== undefined) query = query.where('log.user_id', '=', filter.userId);
    if (filter.cause !== undefined) query = query.where(hasCause(filter.cause));
    if (filter.from !== undefined) query = query.where('log.created_at', '>=', startOf(filter.from));
    if (filter.to !== undefined) query = query.where('log.created_at', '<', dayAfter(filter.to));
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
