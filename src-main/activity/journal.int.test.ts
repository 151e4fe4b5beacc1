import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../../e2e/fixtures/services';
import { createDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import { createPgPool } from '../database/pool';
import type { RunOutcome } from '../engine/processor';
import { until } from '../engine/testing/until';
import { createJobJournal } from './journal';
import { createActivityRepository } from './repository';

const done: RunOutcome = { type: 'done', status: 'completed', result: { successCount: 100 } };

describe('the end of a job while the database is away', () => {
  let server: PostgresServer;
  let pool: ReturnType<typeof createPgPool>;
  let userId: string;
  let organizationId: string;
  const warnings: string[] = [];
  const logger = {
    debug: () => undefined,
    info: () => undefined,
    warn: (line: string) => void warnings.push(line),
    error: () => undefined,
    flush: () => undefined,
  };

  beforeAll(async () => {
    server = await startPostgres();
    pool = createPgPool(await server.createDatabase());
    await migrate(pool);
    const made = await pool.query<{ organization: string; profile: string }>(
      `WITH organization AS (INSERT INTO organizations (name) VALUES ('Test') RETURNING id)
       INSERT INTO profiles (organization_id, full_name) SELECT id, 'Ada' FROM organization
       RETURNING organization_id AS organization, id AS profile`,
    );
    organizationId = made.rows[0]?.organization ?? '';
    userId = made.rows[0]?.profile ?? '';
  });
  afterAll(async () => {
    await pool.end();
    await server.dispose();
  });

  const journal = () =>
    createJobJournal({
      repository: createActivityRepository(createDatabase(pool)),
      logger,
      fallback: { organizationId, userId },
    });
  const job = () => ({
    queue: 'email-notification' as const,
    jobId: randomUUID(),
    name: 'send-email',
    organizationId,
    userId,
  });
  const rowOf = async ({ jobId }: { jobId: string }) => {
    const { rows } = await pool.query('SELECT status, result FROM job_logs WHERE job_id = $1', [jobId]);
    return rows[0] as unknown;
  };

  it('is written down once it is back', async () => {
    const ended = job();
    await journal().started(ended);
    await server.kill();
    const written = journal().ended(ended, done, new AbortController().signal);
    await until('the journal to wait', () =>
      Promise.resolve(warnings.some((line) => line.includes(ended.jobId)) || undefined),
    );
    await server.start();
    expect(await written).toBe(true);
    expect(await rowOf(ended)).toEqual({ status: 'completed', result: { successCount: 100 } });
  });

  it('is given up when its host goes, and says so', async () => {
    const ended = job();
    await journal().started(ended);
    await server.stop();
    const leaving = new AbortController();
    const written = journal().ended(ended, done, leaving.signal);
    await until('the journal to wait', () =>
      Promise.resolve(warnings.some((line) => line.includes(ended.jobId)) || undefined),
    );
    leaving.abort();
    expect(await written).toBe(false);
    await server.start();
    expect(await rowOf(ended)).toEqual({ status: 'running', result: null });
  });
});
