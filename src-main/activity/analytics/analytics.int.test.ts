import { describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { createDatabase } from '../../database/database';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../../database/testing/databases';
import { createActivityRepository } from '../repository';
import { createActivityService, createAudit } from '../service';
import { createCleaningRepository } from '../cleaning/repository';
import { CleaningService } from '../cleaning/service';
import { createAnalyticsRepository } from './repository';
import { createAnalyticsService } from './service';

const DAY_MS = 86_400_000;
const NOON = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`).getTime() - DAY_MS / 2;
const dayAgo = (days: number): string => new Date(NOON - (days - 1) * DAY_MS).toISOString().slice(0, 10);

const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  flush: () => undefined,
};

const open = async (database: TestDatabase) => {
  const { pool } = database;
  const one = async (text: string, values: unknown[]): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>(`${text} RETURNING id`, values);
    return rows[0]?.id ?? '';
  };
  const organizationId = await one('INSERT INTO organizations (name) VALUES ($1)', ['Test']);
  const userId = await one('INSERT INTO profiles (organization_id, full_name) VALUES ($1, $2)', [
    organizationId,
    'Ada',
  ]);
  const db = createDatabase(pool);
  const analytics = createAnalyticsRepository(db);
  const activity = createActivityRepository(db);
  const cleaning = new CleaningService({
    repository: createCleaningRepository(db),
    addUp: async (id) => {
      await analytics.refresh(id);
    },
    audit: createAudit(activity, logger),
    batchRows: 7,
  });
  /** `jobs` jobs that were created at noon some days ago; the n-th took n seconds. */
  const add = (type: string, status: string, days: number, jobs: number, user: string | null = userId) =>
    pool.query(
      `INSERT INTO job_logs (job_id, job_type, queue_name, organization_id, user_id, status, created_at, started_at,
                             completed_at, error_details)
       SELECT $2 || '-' || $3 || '-' || $4::text || '-' || n, $2, $2, $1, $5, $3, at, at, at + make_interval(secs => n),
              CASE WHEN $3 = 'failed' THEN '{"code": "timeout", "message": "took too long"}'::jsonb END
         FROM generate_series(1, $6::int) AS n, (SELECT to_timestamp($7::float8 / 1000) AS at) AS noon`,
      [organizationId, type, status, days, user, jobs, NOON - (days - 1) * DAY_MS],
    );
  return {
    ...{ pool, organizationId, userId, analytics, cleaning, add },
    service: createAnalyticsService(analytics),
    activity: createActivityService(activity, analytics),
    actor: { organizationId, userId, via: 'desktop' as const },
  };
};

describe.each(['postgres', 'pglite'] as const)('analytics on %s', (kind) => {
  it(
    'adds up a range, keeps it true while jobs change, and keeps it when they are cleaned up',
    { timeout: SET_UP_MS },
    async () => {
      const database = await openTestDatabase(kind);
      try {
        const env = await open(database);
        const { organizationId, service, pool, add } = env;
        const range = { from: dayAgo(120), to: dayAgo(0) };
        const read = async (more: { jobType?: string } = {}) =>
          unwrap(await service.analytics(organizationId, { ...range, ...more }));

        await add('bulk-messages', 'completed', 100, 20);
        await add('bulk-messages', 'failed', 100, 5, null);
        await add('contact-import', 'completed', 2, 10);
        await add('contact-import', 'running', 2, 1);

        const all = await read();
        expect(all.totals).toMatchObject({ total: 36, completed: 30, failed: 5, running: 1 });
        expect(all.totals.successRate).toBeCloseTo(30 / 35);
        expect(all.byType.map(({ jobType, total }) => [jobType, total])).toEqual([
          ['bulk-messages', 25],
          ['contact-import', 11],
        ]);
        expect(all.byUser.map(({ name, total }) => [name, total])).toEqual([
          ['Ada', 31],
          [null, 5],
        ]);
        expect(all.byDay).toHaveLength(121);
        expect(all.byDay.filter(({ completed }) => completed > 0)).toEqual([
          { day: dayAgo(100), completed: 20, failed: 5, cancelled: 0 },
          { day: dayAgo(2), completed: 10, failed: 0, cancelled: 0 },
        ]);
        expect(all.causes).toEqual([{ jobType: 'bulk-messages', cause: 'timeout', jobs: 5 }]);
        const ofCause = async (cause: string): Promise<string[]> => {
          const { logs } = unwrap(await env.activity.jobLogs(organizationId, { cause, limit: 100 }));
          return logs.map(({ status }) => status);
        };
        expect(await ofCause('timeout')).toEqual(Array(5).fill('failed'));
        expect(await ofCause('another')).toEqual([]);
        expect(all.slowest[0]).toMatchObject({
          jobType: 'bulk-messages',
          durationMs: 20_000,
          userName: 'Ada',
        });
        expect(all.slowest).toHaveLength(20);

        // 1 to 20 s: the median and the 95th percentile, at most 5 % off.
        const messages = await read({ jobType: 'contact-import' });
        expect(messages.totals.total).toBe(11);
        expect(messages.totals.p50Ms ?? 0).toBeGreaterThan(5_000 * 0.85);
        expect(messages.totals.p50Ms ?? 0).toBeLessThan(6_000 * 1.1);

        // A day that is over changes: the running job ends.
        await pool.query(
          `UPDATE job_logs SET status = 'failed', completed_at = now() WHERE status = 'running'`,
        );
        expect((await read()).totals).toMatchObject({ failed: 6, running: 0 });
        // The guide's function says the same, of both days or of one.
        const { rows } = await pool.query(
          'SELECT job_type, total, completed, failed FROM get_organization_job_stats($1, 30)',
          [organizationId],
        );
        expect(rows).toEqual([{ job_type: 'contact-import', total: 11, completed: 10, failed: 1 }]);
        const stats = unwrap(await env.activity.stats(organizationId, 30));
        expect(stats).toMatchObject({ total: 11, completed: 10, failed: 1 });
        expect(stats.byDay.reduce((sum, day) => sum + day.completed, 0)).toBe(10);

        // Drilling down: the history of a day, a type, a person.
        const history = unwrap(
          await env.activity.jobLogs(organizationId, {
            ...{ from: dayAgo(100), to: dayAgo(100), jobType: 'bulk-messages', limit: 500 },
          }),
        );
        expect(history.logs).toHaveLength(25);

        // A look removes nothing; the clean-up removes in small batches what it said.
        expect(await env.cleaning.look(organizationId, 90)).toMatchObject({ rows: 25, last: null });
        const done = await env.cleaning.run(90, 'operator', env.actor);
        expect(done).toMatchObject({ removed: 25, days: 90, by: 'operator' });
        expect(await env.cleaning.look(organizationId, 90)).toMatchObject({
          rows: 0,
          oldest: null,
          last: { removed: 25, days: 90, by: 'operator' },
        });
        const after = await read();
        expect(after.totals).toMatchObject({ total: 36, completed: 30, failed: 6 });
        expect(after.cleanedDays).toBe(1);
        expect(after.slowest.every(({ jobType }) => jobType === 'contact-import')).toBe(true);
        const audit = unwrap(await env.activity.audit(organizationId, undefined, 10));
        expect(audit.entries.map(({ action, detail }) => [action, detail])).toEqual([
          ['activity.clean-up', expect.objectContaining({ days: 90, removed: 25, by: 'operator' })],
        ]);
        expect(unwrap(await env.activity.verifyAudit(organizationId)).intact).toBe(true);

        const wrong = await service.analytics(organizationId, { from: dayAgo(0), to: dayAgo(9) });
        expect(wrong).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
      } finally {
        await database.close();
      }
    },
  );

  it(
    'answers before all days are added up, the latest first, and says how many are left',
    {
      timeout: SET_UP_MS,
    },
    async () => {
      const database = await openTestDatabase(kind);
      try {
        const { organizationId, service, add } = await open(database);
        for (let day = 1; day <= 10; day += 1) await add('bulk-messages', 'completed', day, day);
        const range = { from: dayAgo(8), to: dayAgo(0) };
        const look = async () => {
          const { pendingDays, totals } = unwrap(await service.analytics(organizationId, range, 0));
          return [pendingDays, totals.total];
        };
        expect([await look(), await look(), await look()]).toEqual([
          [5, 1 + 2 + 3],
          [2, 1 + 2 + 3 + 4 + 5 + 6],
          [0, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8],
        ]);
      } finally {
        await database.close();
      }
    },
  );
});
