import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { testDatabaseUrl } from '../../../e2e/fixtures/services';
import { fromWorkerPort } from '../duplex-ports';
import { LockFile } from '../lock-file';
import { migrate } from '../migrate';
import { MIGRATIONS } from '../migrations';
import { exists } from '../pglite-folder';
import { PGliteHost, type PGliteHostOptions } from '../pglite-host';
import { PortConnector } from '../pglite-port';
import { buildSeed } from '../pglite-seed';
import { createSessionPool } from '../pglite-stream';
import { type Pool, createPgPool } from '../pool';

/** A database for one test file, and how to be rid of it. */
export interface TestDatabase {
  readonly pool: Pool;
  close(): Promise<void>;
}

export type TestDatabaseKind = 'postgres' | 'pglite' | 'pglite over a port';
export const TEST_DATABASE_KINDS: readonly TestDatabaseKind[] = ['postgres', 'pglite', 'pglite over a port'];

/** Time for beforeAll, in ms: the first start of PGlite on a busy machine is slow. */
export const SET_UP_MS = 240_000;

/** A fresh database with the newest schema. Errors of idle clients go to `onError`. */
export async function openTestDatabase(
  kind: TestDatabaseKind,
  onError: (error: Error) => void = () => undefined,
): Promise<TestDatabase> {
  if (kind === 'postgres') {
    const pool = createPgPool(await testDatabaseUrl(), { max: 20, onError });
    await migrate(pool);
    return { pool, close: () => pool.end() };
  }
  const host = await openTestHost();
  const { pool, disconnect } = kind === 'pglite' ? directPool(host, onError) : portPool(host, onError);
  return {
    pool,
    close: async () => {
      await pool.end();
      disconnect();
      await host.close();
      await rm(host.root, { recursive: true, force: true });
    },
  };
}

/** An embedded database in a temporary folder, migrated, started from a prepared data folder. */
export async function openTestHost(
  options: Partial<PGliteHostOptions> = {},
): Promise<PGliteHost & { readonly root: string }> {
  const root = options.folder ?? (await mkdtemp(join(tmpdir(), 'adsapp-pglite-')));
  const host = await PGliteHost.open({ seed: await testSeed(), ...options, folder: root });
  return Object.assign(host, { root });
}

/** A pool that reaches the host as another process would. */
export function portPool(
  host: PGliteHost,
  onError: (error: Error) => void = () => undefined,
): { readonly pool: Pool; readonly disconnect: () => void } {
  const { port1, port2 } = new MessageChannel();
  host.servePort(fromWorkerPort(port1));
  const connector = new PortConnector();
  connector.attach(fromWorkerPort(port2));
  return { pool: createSessionPool(connector, { onError }), disconnect: () => port2.close() };
}

function directPool(host: PGliteHost, onError: (error: Error) => void) {
  return { pool: host.createPool({ onError }), disconnect: () => undefined };
}

/** The prepared data folder of the current migrations; the first test that needs it makes it. */
export async function testSeed(): Promise<string> {
  const version = createHash('sha256').update(JSON.stringify(MIGRATIONS)).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), 'adsapp-test-seeds');
  const path = join(folder, `${version}.tar.gz`);
  if (await exists(path)) return path;
  await mkdir(folder, { recursive: true });
  // Test files run side by side: one makes it, the others wait.
  const lock = await LockFile.acquire(`${path}.lock`, { waitMs: 180_000 });
  try {
    if (await exists(path)) return path;
    await buildSeed(path, async (pool) => {
      await migrate(pool);
    });
  } finally {
    await lock.release();
  }
  return path;
}
