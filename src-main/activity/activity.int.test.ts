import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { createDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import { createPgPool } from '../database/pool';
import { testDatabaseUrl } from '../../e2e/fixtures/services';
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
  const repository = createActivityRepository(createDatabase(pool));
  return { pool, organizationId, userId, repository };
};

describe('activity', () => {
  let env: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    env = await open();
    return () => env.pool.end();
  });

  it('keeps the whole life of a job in one row', async () => {
    const { repository, organizationId, userId } = env;
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
      await createActivityService(repository).jobLogs(organizationId, { jobId: job.jobId, limit: 10 }),
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
    const { repository, organizationId, userId } = env;
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
      await createActivityService(repository).jobLogs(organizationId, { jobId: job.jobId, limit: 10 }),
    );
    expect(logs[0]).toMatchObject({ status: 'completed' });
  });

  it('pages through every job once', async () => {
    const { repository, organizationId, userId } = env;
    const service = createActivityService(repository);
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
    const service = createActivityService(env.repository);
    expect(await service.jobLogs(env.organizationId, { cursor: 'x', limit: 3 })).toMatchObject({ ok: false });
  });

  it('adds up the statistics of the last days', async () => {
    const stats = unwrap(await createActivityService(env.repository).stats(env.organizationId, 30));
    expect(stats.total).toBe(9);
    expect(stats.completed).toBe(2);
    expect(stats.byType.reduce((total, row) => total + row.total, 0)).toBe(stats.total);
    expect(stats.byDay).toHaveLength(30);
    expect(stats.byDay.at(-1)).toMatchObject({ completed: 2, failed: 0 });
  });

  it('chains the audit log and says who did what', async () => {
    const { repository, organizationId, userId } = env;
    const audit = createAudit(repository, silent);
    const actor = { organizationId, userId, via: 'desktop' as const };
    await audit({ actor, action: 'queues.pause', target: 'bulk-messages' });
    await audit({ actor, action: 'queues.resume', target: 'bulk-messages' });
    const service = createActivityService(repository);
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
