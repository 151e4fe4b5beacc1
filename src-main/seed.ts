import { join } from 'node:path';
import { migrate } from './database/migrate';
import { buildSeed } from './database/pglite-seed';
import { migrateEngine } from './engine/pglite-engine';

/** A step of the build: the embedded database as it is after the first start, so that nobody waits for it. */
const run = (): Promise<void> =>
  buildSeed(join(__dirname, '../pglite-seed.tar.gz'), async (pool) => {
    await migrate(pool);
    await migrateEngine(pool);
  });

run().catch((error: unknown) => {
  process.stderr.write(`The embedded database could not be prepared: ${String(error)}\n`);
  process.exit(1);
});
