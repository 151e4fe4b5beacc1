import { sql } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../database/database';

const CleanUpDetail = z.object({
  days: z.number(),
  removed: z.number(),
  by: z.enum(['operator', 'console']),
});

/** Some ten thousand rows where there are a million in a year. */
const COUNTED_AT_ONCE_MS = 14 * 86_400_000;

/** The code of a clean-up in the audit log. */
export const CLEAN_UP = 'activity.clean-up';

export type CleaningRepository = ReturnType<typeof createCleaningRepository>;

/** SQL of removing old rows of job_logs; what is to go is decided by the guide's cleanup_old_job_logs. */
export const createCleaningRepository = (db: Database) => ({
  /** Counted a stretch of days at a time: at once, PGlite would answer nobody else for a second. */
  async count(organizationId: string, days: number): Promise<{ rows: number; oldest: Date | null }> {
    const { rows: ends } = await sql<{ first: Date | null; last: Date }>`
      SELECT min(created_at) AS first, now() - make_interval(days => ${days}::int) AS last FROM job_logs
       WHERE organization_id = ${organizationId}::uuid`.execute(db);
    const [end] = ends;
    if (end === undefined || end.first === null) return { rows: 0, oldest: null };
    let sum = 0;
    let oldest: Date | null = null;
    for (let at = end.first; at < end.last; at = new Date(at.getTime() + COUNTED_AT_ONCE_MS)) {
      const { rows } = await sql<{ rows: number; oldest: Date | null }>`
        SELECT count(*) AS rows, min(created_at) AS oldest FROM job_logs
         WHERE organization_id = ${organizationId}::uuid
           AND created_at >= ${at}::timestamptz
           AND created_at < least(${new Date(at.getTime() + COUNTED_AT_ONCE_MS)}::timestamptz, ${end.last}::timestamptz)
           AND coalesce(completed_at, created_at) < ${end.last}::timestamptz
           AND status NOT IN ('queued', 'delayed', 'waiting', 'running', 'active')`.execute(db);
      sum += rows[0]?.rows ?? 0;
      oldest ??= rows[0]?.oldest ?? null;
    }
    return { rows: sum, oldest };
  },

  /** Removes at most `most` rows; answers how many. */
  async remove(organizationId: string, days: number, most: number): Promise<number> {
    const { rows } = await sql<{ removed: number }>`
      SELECT cleanup_old_job_logs(${days}::int, ${organizationId}::uuid, ${most}::int) AS removed`.execute(
      db,
    );
    return rows[0]?.removed ?? 0;
  },

  /** The latest clean-up, from the audit log. */
  async last(organizationId: string) {
    const row = await db
      .selectFrom('audit_log')
      .select(['created_at', 'detail'])
      .where('organization_id', '=', organizationId)
      .where('action', '=', CLEAN_UP)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const detail = CleanUpDetail.safeParse(row?.detail);
    return row === undefined || !detail.success ? null : { at: row.created_at, ...detail.data };
  },
});
