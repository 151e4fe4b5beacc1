import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { createDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import { createPgPool } from '../database/pool';
import { testDatabaseUrl } from '../../e2e/fixtures/services';
import { createAnalyticsRepository } from './analytics/repository';
import { createAudit, createActivityService } from './service';
import { createJobJournal } from './journal';
import { createActivityRepository } from './repository';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  flush: () => undefined,
};

const open = async () => {
  const pool = createPgPool(await testDatabaseUrl());
  await migrate(pool);
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO organizations (name) VALUES ('Test') RETURNING id`,
  );
  const organizationId = rows[0]?.id ?? '';
  const profile = await pool.query<{ id: string }>(
    `INSERT INTO profiles (organization_id, full_name) VALUES ($1, 'Ada') RETURNING id`,
    [organizationId],
  );
  const userId = profile.rows[0]?.id ?? '';
  const database = createDatabase(pool);
  const repository = createActivityRepository(database);
  const analytics = createAnalyticsRepository(database);
  return { pool, organizationId, userId, repository, analytics };
};

describe('activity', () => {
  let env: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    env = await open();
    return () => env.pool.end();
  });

  it('keeps the whole life of a job in one row', async () => {
    const { repository, analytics, organizationId, userId } = env;
    const journal = createJobJournal({ repository, logger: silent, fallback: { organizationId, userId } });
    const job = {
      queue: 'bulk-messages' as const,
      jobId: randomUUID(),
      name: 'send-bulk-message',
      organizationId,
      userId: null,
    };
    await journal.queued(job);
    await journal.started(job);
    await journal.finished(
      job,
      { type: 'failed', error: { code: 'timeout', message: 'took too long' }, retry: true },
      true,
    );
    await journal.started(job);
    await journal.finished(
      job,
      { type: 'done', status: 'partial_success', result: { successCount: 9 }, errorDetails: [1] },
      false,
    );

    const { logs } = unwrap(
      await createActivityService(repository, analytics).jobLogs(organizationId, {
        jobId: job.jobId,
        limit: 10,
      }),
    );
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({
      status: 'partial_success',
      result: { successCount: 9 },
      userName: 'Ada',
      queue: 'bulk-messages',
    });
    expect(logs[0]?.startedAt).not.toBeNull();
    expect(logs[0]?.completedAt).not.toBeNull();
  });

  it('does not take a finished job back to queued when the news arrives late', async () => {
    const { repository, analytics, organizationId, userId } = env;
    const journal = createJobJournal({ repository, logger: silent, fallback: { organizationId, userId } });
    const job = {
      queue: 'contact-import' as const,
      jobId: randomUUID(),
      name: 'import-contacts',
      organizationId,
      userId,
    };
    await journal.started(job);
    await journal.finished(job, { type: 'done', status: 'completed', result: {} }, false);
    await journal.queued(job);
    const { logs } = unwrap(
      await createActivityService(repository, analytics).jobLogs(organizationId, {
        jobId: job.jobId,
        limit: 10,
      }),
    );
    expect(logs[0]).toMatchObject({ status: 'completed' });
  });

  it('pages through every job once', async () => {
    const { repository, analytics, organizationId, userId } = env;
    const service = createActivityService(repository, analytics);
    const journal = createJobJournal({ repository, logger: silent, fallback: { organizationId, userId } });
    const ids = Array.from({ length: 7 }, () => randomUUID());
    for (const jobId of ids)
      await journal.queued({
        queue: 'email-notification',
        jobId,
        name: 'send-email',
        organizationId,
        userId,
      });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = unwrap(
        await service.jobLogs(organizationId, { jobType: 'email-notification', cursor, limit: 3 }),
      );
      seen.push(...page.logs.map((log) => log.jobId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  it('refuses a cursor that it did not hand out', async () => {
    const service = createActivityService(env.repository, env.analytics);
    expect(await service.jobLogs(env.organizationId, { cursor: 'x', limit: 3 })).toMatchObject({ ok: false });
  });

  it('adds up the statistics of the last days', async () => {
    const stats = unwrap(
      await createActivityService(env.repository, env.analytics).stats(env.organizationId, 30),
    );
    expect(stats.total).toBe(9);
    expect(stats.completed).toBe(2);
    expect(stats.byType.reduce((total, row) => total + row.total, 0)).toBe(stats.total);
    expect(stats.byDay).toHaveLength(30);
    expect(stats.byDay.at(-1)).toMatchObject({ completed: 2, failed: 0 });
  });

  it('chains the audit log and says who did what', async () => {
    const { repository, analytics, organizationId, userId } = env;
    const audit = createAudit(repository, silent);
    const actor = { organizationId, userId, via: 'desktop' as const };
    await audit({ actor, action: 'queues.pause', target: 'bulk-messages' });
    await audit({ actor, action: 'queues.resume', target: 'bulk-messages' });
    const service = createActivityService(repository, analytics);
    const { entries } = unwrap(await service.audit(organizationId, undefined, 10));
    expect(entries.map((entry) => [entry.actor, entry.action])).toEqual([
      ['Ada', 'queues.resume'],
      ['Ada', 'queues.pause'],
    ]);
    expect(unwrap(await service.verifyAudit(organizationId))).toEqual({
      entries: 2,
      intact: true,
      brokenAt: null,
    });
  });
});

describe('the time at work of a job', () => {
  let env: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    env = await open();
    return () => env.pool.end();
  });

  it('is that of all its runs, also of one whose worker died', async () => {
    const { pool, repository, analytics, organizationId, userId } = env;
    const journal = createJobJournal({ repository, logger: silent, fallback: { organizationId, userId } });
    const job = {
      ...{ queue: 'bulk-messages' as const, jobId: randomUUID(), name: 'send-bulk-message' },
      ...{ organizationId, userId },
    };
    const log = async () => {
      const page = await createActivityService(repository, analytics).jobLogs(organizationId, {
        jobId: job.jobId,
        limit: 1,
      });
      return unwrap(page).logs[0];
    };
    await journal.queued(job);
    expect(await journal.started(job)).toBe(0);
    await journal.finished(job, { type: 'later', at: new Date(), why: 'paused' }, false, 40_000);
    expect(await journal.started(job)).toBe(40_000);
    await journal.working(job, 55_000);
    expect((await log())?.durationMs).toBeNull();
    // Its worker is gone, and nobody said that the run has ended.
    expect(await journal.started(job)).toBe(55_000);
    const done = { type: 'done', status: 'completed', result: {} } as const;
    expect(await journal.ended(job, done, new AbortController().signal, 61_234)).toBe(true);
    await journal.working(job, 99_000);
    expect((await log())?.durationMs).toBe(61_234);
    const stats = await pool.query<{ avg_duration_ms: number }>(
      `SELECT avg_duration_ms FROM get_organization_job_stats($1, 1) WHERE job_type = 'bulk-messages'`,
      [organizationId],
    );
    expect(stats.rows[0]?.avg_duration_ms).toBe(61_234);
  });

  it('is the time from start to end where a row of others says nothing of its runs', async () => {
    const { pool, organizationId } = env;
    const { rows } = await pool.query<{ duration_ms: number }>(
      `INSERT INTO job_logs (job_id, job_type, organization_id, status, started_at, completed_at)
       VALUES ('theirs', 'theirs', $1, 'completed', now() - interval '90 seconds', now()) RETURNING duration_ms`,
      [organizationId],
    );
    expect(rows[0]?.duration_ms).toBe(90_000);
  });
});
