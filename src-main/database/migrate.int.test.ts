import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabaseUrl } from '../../e2e/fixtures/services';
import { createDatabase } from './database';
import { migrate } from './migrate';
import { MIGRATIONS } from './migrations';
import { ensureDefaultOrganization } from './organizations';
import { createPgPool } from './pool';
import { SET_UP_MS, type TestDatabase, openTestDatabase } from './testing/databases';

const withChanged = (name: string, sql: string) =>
  MIGRATIONS.map((migration) => (migration.name === name ? { name, sql } : migration));

describe.each(['postgres', 'pglite'] as const)('migrations on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  }, SET_UP_MS);
  afterAll(() => database.close());

  test('do nothing the second time', async () => {
    expect(await migrate(database.pool)).toEqual({ applied: [], total: MIGRATIONS.length });
  });

  test('do not mind line endings that a checkout changed', async () => {
    const windows = MIGRATIONS.map(({ name, sql }) => ({ name, sql: sql.replaceAll('\n', '\r\n') }));
    expect((await migrate(database.pool, windows)).applied).toEqual([]);
  });

  test('refuse a released migration that was changed, and name it', async () => {
    const changed = withChanged('0004_contacts', 'CREATE TABLE something_else (id INT)');
    await expect(migrate(database.pool, changed)).rejects.toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('0004_contacts') as string },
    });
  });

  test('refuse a database of a newer version of the app', async () => {
    await expect(migrate(database.pool, MIGRATIONS.slice(0, -1))).rejects.toMatchObject({
      error: { code: 'conflict', message: expect.stringContaining('newer version') as string },
    });
  });

  test('roll a failing one back whole, and apply it once it is mended', async () => {
    const next = (sql: string) => [...MIGRATIONS, { name: '9999_next', sql }];
    const broken = migrate(database.pool, next('CREATE TABLE half_made (id INT); SELECT 1/0;'));
    await expect(broken).rejects.toMatchObject({
      error: { message: expect.stringContaining('9999_next') as string },
    });
    const { rows } = await database.pool.query<{ made: string | null }>(
      `SELECT to_regclass('half_made')::TEXT AS made`,
    );
    expect(rows).toEqual([{ made: null }]);
    const mended = await migrate(database.pool, next('CREATE TABLE half_made (id INT)'));
    expect(mended.applied).toEqual(['9999_next']);
    await database.pool.query(`DROP TABLE half_made; DELETE FROM adsapp_migrations WHERE name = '9999_next'`);
  });

  test("give job_logs and job_schedules the guide's columns", async () => {
    const { rows } = await database.pool.query<{ table_name: string; definition: string }>(`
      SELECT table_name, column_name || ' ' || udt_name || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END AS definition
        FROM information_schema.columns WHERE table_name IN ('job_logs', 'job_schedules')`);
    const columns = (table: string) =>
      rows.filter((row) => row.table_name === table).map((row) => row.definition);
    expect(columns('job_logs')).toEqual(
      expect.arrayContaining([
        'id uuid not null',
        'job_id text not null',
        'job_type text not null',
        'organization_id uuid',
        'user_id uuid',
        'status text not null',
        'result jsonb',
        'error_details jsonb',
        'started_at timestamptz',
        'completed_at timestamptz',
        'created_at timestamptz',
      ]),
    );
    expect(columns('job_schedules')).toEqual(
      expect.arrayContaining([
        'id uuid not null',
        'organization_id uuid',
        'user_id uuid',
        'job_type text not null',
        'job_name text not null',
        'job_data jsonb not null',
        'schedule_type text not null',
        'schedule_config jsonb not null',
        'next_run_at timestamptz',
        'last_run_at timestamptz',
        'is_active bool',
        'created_at timestamptz',
      ]),
    );
  });

  test('make one default organization and profile, however often it is asked for', async () => {
    const db = createDatabase(database.pool);
    const first = await ensureDefaultOrganization(db);
    expect(await ensureDefaultOrganization(db)).toEqual(first);
    const profiles = await db.selectFrom('profiles').select(['id', 'organization_id']).execute();
    expect(profiles).toEqual([{ id: first.profileId, organization_id: first.organizationId }]);
  });

  test("count an organization's jobs of the last days by type", async () => {
    const db = createDatabase(database.pool);
    const { organizationId } = await ensureDefaultOrganization(db);
    await database.pool.query('DELETE FROM job_logs');
    const at = (seconds: number) => new Date(Date.now() - 60_000 + seconds * 1_000);
    const log = (jobId: string, status: string, seconds: number | null, createdDaysAgo = 0) => ({
      job_id: jobId,
      job_type: 'send-bulk-message',
      organization_id: organizationId,
      status,
      started_at: at(0),
      completed_at: seconds === null ? null : at(seconds),
      created_at: new Date(Date.now() - createdDaysAgo * 86_400_000),
    });
    await db
      .insertInto('job_logs')
      .values([
        log('1', 'completed', 2),
        log('2', 'partial_success', 4),
        log('3', 'failed', 6),
        log('4', 'running', null),
        log('5', 'partial_failure', 8),
        log('6', 'cancelled', 1),
        log('7', 'completed', 2, 40),
        { ...log('8', 'queued', null), job_type: 'process-template' },
      ])
      .execute();
    const { rows } = await database.pool.query<Record<string, unknown>>(
      'SELECT * FROM get_organization_job_stats($1, 30)',
      [organizationId],
    );
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({
      job_type: 'send-bulk-message',
      total: 6,
      completed: 2,
      failed: 2,
      partial: 2,
      cancelled: 1,
      running: 1,
      queued: 0,
      avg_duration_ms: 4_200,
      success_rate: 50,
    });
    expect(rows[0]).toMatchObject({ job_type: 'process-template', total: 1, queued: 1, success_rate: null });
  });

  test('clean up old logs, but never those of jobs that still wait or run', async () => {
    const db = createDatabase(database.pool);
    await database.pool.query('DELETE FROM job_logs');
    const old = new Date(Date.now() - 91 * 86_400_000);
    await db
      .insertInto('job_logs')
      .values([
        { job_id: 'old', job_type: 't', status: 'completed', completed_at: old, created_at: old },
        { job_id: 'old but running', job_type: 't', status: 'running', created_at: old },
        { job_id: 'ended today', job_type: 't', status: 'failed', completed_at: new Date(), created_at: old },
      ])
      .execute();
    const { rows } = await database.pool.query('SELECT cleanup_old_job_logs(90) AS removed');
    expect(rows).toEqual([{ removed: 1 }]);
    const left = await db.selectFrom('job_logs').select('job_id').orderBy('job_id').execute();
    expect(left.map((row) => row.job_id)).toEqual(['ended today', 'old but running']);
    await expect(database.pool.query('SELECT cleanup_old_job_logs(-1)')).rejects.toMatchObject({
      code: '22023',
    });
  });

  test('keep one contact per organization and phone, and only E.164', async () => {
    const db = createDatabase(database.pool);
    const { organizationId } = await ensureDefaultOrganization(db);
    const add = (phone: string) =>
      db.insertInto('contacts').values({ organization_id: organizationId, phone }).execute();
    await add('+966512345678');
    await expect(add('+966512345678')).rejects.toMatchObject({ code: '23505' });
    await expect(add('0512345678')).rejects.toMatchObject({ code: '23514' });
    await database.pool.query('DELETE FROM contacts');
  });

  test('chain the audit log, and refuse every change of it', async () => {
    const db = createDatabase(database.pool);
    const { organizationId } = await ensureDefaultOrganization(db);
    const entry = (action: string) => ({
      organization_id: organizationId,
      actor: 'tester',
      action,
      detail: JSON.stringify({ n: 1 }),
    });
    await db
      .insertInto('audit_log')
      .values([entry('queue.paused'), entry('queue.resumed')])
      .execute();
    await Promise.all(
      ['a', 'b', 'c'].map((action) => db.insertInto('audit_log').values(entry(action)).execute()),
    );
    const rows = await db
      .selectFrom('audit_log')
      .select(['seq', 'prev_hash', 'hash'])
      .orderBy('seq')
      .execute();
    expect(rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(rows.slice(1).map((row) => row.prev_hash)).toEqual(rows.slice(0, -1).map((row) => row.hash));
    await expect(db.updateTable('audit_log').set({ actor: 'nobody' }).execute()).rejects.toMatchObject({
      code: '42501',
    });
    await expect(db.deleteFrom('audit_log').execute()).rejects.toMatchObject({ code: '42501' });
    await expect(database.pool.query('TRUNCATE audit_log')).rejects.toMatchObject({ code: '42501' });
    const verify = async () =>
      (
        await database.pool.query<{ broken: number | null }>('SELECT verify_audit_log($1) AS broken', [
          organizationId,
        ])
      ).rows[0]?.broken;
    expect(await verify()).toBeNull();
    // Someone with the rights of the owner can still write past the triggers; the chain tells.
    await database.pool
      .query(`ALTER TABLE audit_log DISABLE TRIGGER USER; UPDATE audit_log SET actor = 'nobody' WHERE seq = 3;
      ALTER TABLE audit_log ENABLE TRIGGER USER`);
    expect(await verify()).toBe(3);
  });
});

describe('migrations on a server', () => {
  test('may be started by several processes at once', async () => {
    const url = await testDatabaseUrl();
    const pools = Array.from({ length: 4 }, () => createPgPool(url));
    const reports = await Promise.all(pools.map((pool) => migrate(pool)));
    expect(reports.flatMap((report) => report.applied).sort()).toEqual(MIGRATIONS.map(({ name }) => name));
    await Promise.all(pools.map((pool) => pool.end()));
  });

  test("take the platform's own organizations, profiles and job_logs as they are", async () => {
    const pool = createPgPool(await testDatabaseUrl());
    await pool.query(`
      CREATE TABLE organizations (id UUID PRIMARY KEY, name TEXT NOT NULL, plan TEXT, created_at TIMESTAMPTZ DEFAULT now());
      CREATE TABLE profiles (id UUID PRIMARY KEY, organization_id UUID REFERENCES organizations (id), created_at TIMESTAMPTZ DEFAULT now());
      CREATE TABLE job_logs (id UUID PRIMARY KEY, job_id TEXT NOT NULL, job_type TEXT NOT NULL,
        organization_id UUID REFERENCES organizations (id), user_id UUID REFERENCES profiles (id), status TEXT NOT NULL,
        result JSONB, error_details JSONB, started_at TIMESTAMPTZ, completed_at TIMESTAMPTZ, created_at TIMESTAMPTZ DEFAULT now());
      INSERT INTO organizations (id, name) VALUES ('11111111-1111-4111-8111-111111111111', 'Acme');
      INSERT INTO profiles (id, organization_id) VALUES ('22222222-2222-4222-8222-222222222222', '11111111-1111-4111-8111-111111111111');
      INSERT INTO job_logs (id, job_id, job_type, status) VALUES ('33333333-3333-4333-8333-333333333333', '7', 't', 'completed')`);
    await migrate(pool);
    expect(await ensureDefaultOrganization(createDatabase(pool))).toEqual({
      organizationId: '11111111-1111-4111-8111-111111111111',
      profileId: '22222222-2222-4222-8222-222222222222',
    });
    const { rows } = await pool.query('SELECT job_id, attempts_made, history FROM job_logs');
    expect(rows).toEqual([{ job_id: '7', attempts_made: 0, history: [] }]);
    await pool.end();
  });

  test('keep the tables away from the public roles of Supabase', async () => {
    const pool = createPgPool(await testDatabaseUrl());
    await pool.query(`DO $$ BEGIN CREATE ROLE anon; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon`);
    await migrate(pool);
    const { rows } = await pool.query<{ open: boolean }>(
      `SELECT has_table_privilege('anon', 'contacts', 'SELECT') AS open`,
    );
    expect(rows).toEqual([{ open: false }]);
    await pool.end();
  });
});
