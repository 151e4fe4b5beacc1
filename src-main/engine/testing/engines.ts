import { testRedisUrl } from '../../../e2e/fixtures/services';
import type { BullEngine } from '../bullmq-engine';
import { createPgliteEngine, migrateEngine } from '../pglite-engine';
import { createRedisEngine } from '../redis-engine';
import { openPglitePool } from './pglite-pool';

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

/** One PGlite a test file: making one takes longer than most tests. It ends with the process. */
let pglite: ReturnType<typeof openPglitePool> | undefined;
const sharedPglite = async (): ReturnType<typeof openPglitePool> => {
  const known = pglite;
  if (known !== undefined) return known;
  pglite = openPglitePool();
  const opened = await pglite;
  await migrateEngine(opened.pool);
  return opened;
};
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
    const { pool } = await sharedPglite();
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

/** Waits until `check` gives something; fails with `what` after `timeoutMs`. */
export const until = async <T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 10_000,
): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
