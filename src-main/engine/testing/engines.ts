import { createPostgresBackend, createRedisBackend, Queue } from 'bullmq';
import { afterAll, beforeAll } from 'vitest';
import { testRedisUrl } from '../../../e2e/fixtures/services';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from '../../database/testing/databases';
import type { BullQueue } from '../bull-types';
import type { BullEngine } from '../bullmq-engine';
import { bullPool, createPgliteEngine, migrateEngine } from '../pglite-engine';
import { createRedisEngine } from '../redis-engine';

/** An empty engine of a kind, and further connections to the same one, as other processes have them. */
export interface TestEngine {
  readonly engine: BullEngine;
  another(): Promise<BullEngine>;
  /** Another program's queue in the same engine, for as long as `work` takes. */
  foreignQueue(name: string, work: (queue: BullQueue) => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

const opened = (connect: () => BullEngine, foreign: (name: string) => BullQueue): TestEngine => {
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
    foreignQueue: async (name, work) => {
      const queue = foreign(name);
      try {
        await work(queue);
      } finally {
        await queue.close();
      }
    },
    close: async () => {
      await Promise.all(engines.map((each) => each.close()));
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
  engine.lines, engine.pairs CASCADE`;

export const testEngines = {
  redis: async (): Promise<TestEngine> => {
    const url = await testRedisUrl();
    const test = opened(
      () => createRedisEngine({ url }),
      (name) => new Queue(name, { connection: { url } }, createRedisBackend),
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
      (name) => new Queue(name, { connection: bullPool(pool) }, createPostgresBackend),
    );
    await test.engine.ready();
    return test;
  },
} as const;

export const engineKinds = ['redis', 'pglite'] as const;
