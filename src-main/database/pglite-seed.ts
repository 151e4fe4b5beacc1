import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from './pglite-engine';
import { PGliteSessions } from './pglite-sessions';
import { createSessionPool } from './pglite-stream';
import type { Pool } from './pool';

/**
 * Makes a data folder and writes it to `archive` (.tar.gz, about 5 MB), to be shipped as the `seed` of
 * first starts. `prepare` runs the migrations.
 */
export async function buildSeed(archive: string, prepare: (pool: Pool) => Promise<void>): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'adsapp-seed-'));
  try {
    const engine = await startEngine(join(root, 'data'));
    const pool = createSessionPool(
      new PGliteSessions((request) => engine.execProtocolRawSync(request), {
        idleTransactionMs: 60_000,
        onFailure: () => undefined,
      }),
    );
    await prepare(pool);
    await pool.end();
    await engine.exec('VACUUM (FREEZE, ANALYZE)');
    await engine.exec('CHECKPOINT');
    const dump = await engine.dumpDataDir('gzip');
    await engine.close();
    await writeFile(`${archive}.tmp`, Buffer.from(await dump.arrayBuffer()));
    await rename(`${archive}.tmp`, archive);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
