import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../database/testing/databases';
import { createPgliteEngine, migrateEngine } from './pglite-engine';
import { memoryJournal, memoryLogger, nothingDone } from './testing/processors';
import { until } from './testing/until';
import { createWorkerHost } from './worker-host';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase('pglite over a port');
  await migrateEngine(database.pool);
}, SET_UP_MS);
afterAll(() => database.close(), SET_UP_MS);

it('gives a job whose worker died with the database to the next worker, long before its lock runs out', async () => {
  const { pool } = database;
  const engine = createPgliteEngine({ pool });
  await engine.ready();
  const queue = engine.queue('contact-import');
  const id = await queue.add({ name: 'import-contacts', data: {} });
  await pool.query(
    `UPDATE bullmq.job SET state = 'active', lock_token = 'dead', processed_at_ms = 1,
            locked_until_ms = (extract(epoch FROM now()) * 1000)::bigint + 3600000 WHERE id = $1`,
    [id],
  );
  // A worker has looked for stalled jobs a moment ago, as the one that died has.
  await pool.query(
    `INSERT INTO bullmq.meta (queue, field, value) VALUES ('contact-import', 'stalled-check', (extract(epoch FROM now()) * 1000)::bigint::text)
     ON CONFLICT (queue, field) DO UPDATE SET value = excluded.value`,
  );
  const logger = memoryLogger();
  const host = createWorkerHost({
    ...{ engine, processors: nothingDone, journal: memoryJournal(), logger },
    ...{ kind: 'worker', version: '0', timing: { lockMs: 3_600_000, stalledCheckMs: 3_600_000 } },
  });
  try {
    await migrateEngine(pool);
    await host.start();
    await until('another worker takes the job', async () => (await queue.job(id))?.state !== 'active');
    expect(logger.lines.join('\n')).toContain('stalled: its worker disappeared');
  } finally {
    await host.shutdown(0);
    await engine.close();
  }
});
