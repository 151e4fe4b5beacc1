import { afterAll, beforeAll } from 'vitest';
import { testRedisUrl } from '../../../e2e/fixtures/services';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../../database/testing/databases';
import type { BullEngine } from '../bullmq-engine';
import { createPgliteEngine, migrateEngine } from '../pglite-engine';
import { createRedisEngine } from '../redis-engine';

/** An empty engine of a kind, and further connections to the same one, as other processes have them. */
export interface TestEngine {
  readonly engine: BullEngine;
  another(): Promise<BullEngine>;
  close(): Promise<void>;
}

const opened = (connect: () => BullEngine, end: () => Promise<void>): TestEngine => {
  const engines = [connect()];
  const [engine] = engines;
  if (engine === undefined) throw new Error('unreachable');
  return {
    engine,
    another: async () => {
      const other = connect();
      engines.push(other);
      await other.ready();
      return other;
    },
    close: async () => {
      await Promise.all(engines.map((each) => each.close()));
      await end();
    },
  };
};

/** One PGlite a test file, reached over a message port as main reaches it: to make one takes long. */
let database: TestDatabase | undefined;
beforeAll(async () => {
  database = await openTestDatabase('pglite over a port');
  database.pool.setMaxListeners(0);
  await migrateEngine(database.pool);
}, SET_UP_MS);
afterAll(() => database?.close(), SET_UP_MS);

const EMPTY_ALL = `TRUNCATE bullmq.job, bullmq.event, bullmq.meta, bullmq.metrics, engine.hosts, engine.cancels,
  engine.pace CASCADE`;

export const testEngines = {
  redis: async (): Promise<TestEngine> => {
    const url = await testRedisUrl();
    const test = opened(
      () => createRedisEngine({ url }),
      () => Promise.resolve(),
    );
    await test.engine.ready();
    return test;
  },
  pglite: async (): Promise<TestEngine> => {
    if (database === undefined) throw new Error('The database is not open yet.');
    const { pool } = database;
    await pool.query(EMPTY_ALL);
    const test = opened(
      () => createPgliteEngine({ pool }),
      () => Promise.resolve(),
    );
    await test.engine.ready();
    return test;
  },
} as const;

export const engineKinds = ['redis', 'pglite'] as const;
