import { createHash } from 'node:crypto';
import { AppFailure } from '@shared/errors';
import { MIGRATIONS, type Migration } from './migrations';
import type { Pool, PoolClient, Queryable } from './pool';

/** The lowest PostgreSQL that is supported: BullMQ's backend and gen_random_uuid() need 13. */
const MINIMUM_SERVER_VERSION = 130_000;
/** Spells `ADSA`; one migrator at a time per database. */
const ADVISORY_LOCK_KEY = 0x41445341;

export interface MigrationReport {
  /** Names of the migrations that this call applied, in order. */
  readonly applied: readonly string[];
  /** How many migrations the database holds now. */
  readonly total: number;
}

/**
 * Brings a database to the newest schema. Each migration runs in its own transaction together with its
 * line in the ledger, under an advisory lock, so that several processes may start at once. Throws an
 * AppFailure where the server is too old, an applied migration was changed afterwards, or the database
 * belongs to a newer version of the app.
 */
export async function migrate(
  pool: Pool,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<MigrationReport> {
  const client = await pool.connect();
  try {
    await assertServerVersion(client);
    const known = await readLedger(client);
    assertLedgerFits(known, migrations);
    const applied: string[] = [];
    for (const migration of migrations.slice(known.size)) {
      if (await applyOnce(client, migration, migrations)) applied.push(migration.name);
    }
    return { applied, total: migrations.length };
  } finally {
    client.release();
  }
}

/** The fingerprint kept in the ledger; line endings do not count, a checkout may change them. */
export function migrationChecksum(sql: string): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}

/** Applies one migration unless another process did it meanwhile; true when this call did it. */
async function applyOnce(
  client: PoolClient,
  migration: Migration,
  migrations: readonly Migration[],
): Promise<boolean> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK_KEY]);
    await client.query('SET LOCAL search_path TO public');
    await client.query(`CREATE TABLE IF NOT EXISTS adsapp_migrations (
      name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`);
    const known = await readLedger(client);
    assertLedgerFits(known, migrations);
    if (!known.has(migration.name)) {
      await client.query(migration.sql);
      await client.query('INSERT INTO adsapp_migrations (name, checksum) VALUES ($1, $2)', [
        migration.name,
        migrationChecksum(migration.sql),
      ]);
    }
    await client.query('COMMIT');
    return !known.has(migration.name);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error instanceof AppFailure ? error : failedMigration(migration.name, error);
  }
}

async function readLedger(client: Queryable): Promise<ReadonlyMap<string, string>> {
  const exists = await client.query<{ ledger: string | null }>(
    `SELECT to_regclass('public.adsapp_migrations')::TEXT AS ledger`,
  );
  if (exists.rows[0]?.ledger == null) return new Map();
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM public.adsapp_migrations ORDER BY name',
  );
  return new Map(rows.map((row) => [row.name, row.checksum]));
}

function assertLedgerFits(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const names = new Set(migrations.map((migration) => migration.name));
  const unknown = [...known.keys()].filter((name) => !names.has(name));
  if (unknown.length > 0) {
    throw new AppFailure({
      code: 'conflict',
      message: `The database was set up by a newer version of this app (it holds ${unknown.join(', ')}).`,
      action: 'Update the app, or connect it to another database.',
    });
  }
  for (const [index, migration] of migrations.entries()) {
    const checksum = known.get(migration.name);
    if (checksum === undefined) {
      if (index < known.size) throw drift(migration.name, 'is missing, although later ones are applied');
      continue;
    }
    if (checksum !== migrationChecksum(migration.sql)) {
      throw drift(migration.name, 'was changed after it had been applied to this database');
    }
  }
}

const drift = (name: string, what: string): AppFailure =>
  new AppFailure({
    code: 'conflict',
    message: `The database cannot be brought up to date: migration ${name} ${what}.`,
    action: 'Restore the migration as it was released and put the change into a new one.',
  });

const failedMigration = (name: string, cause: unknown): AppFailure =>
  new AppFailure({
    code: 'internal',
    message: `Migration ${name} failed and was rolled back: ${cause instanceof Error ? cause.message : 'unknown error'}`,
    action: 'The database is as it was before. Report this message.',
  });

async function assertServerVersion(client: Queryable): Promise<void> {
  const { rows } = await client.query<{ number: number; text: string }>(
    `SELECT current_setting('server_version_num')::INT AS number, current_setting('server_version') AS text`,
  );
  const server = rows[0];
  if (server === undefined || server.number >= MINIMUM_SERVER_VERSION) return;
  throw new AppFailure({
    code: 'not_configured',
    message: `This app needs PostgreSQL 13 or newer; the server runs ${server.text}.`,
    action: 'Update the server, or point DATABASE_URL at a newer one.',
  });
}
