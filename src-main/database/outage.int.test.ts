import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, transaction, type Executor } from './database';
import { isDatabaseOutage } from './outage';
import { createPgPool } from './pool';
import { openTestDatabase, openTestHost, portPool, SET_UP_MS, type TestDatabase } from './testing/databases';

/** What a transaction ends with whose session is lost by `lose`, between two statements or while one runs. */
async function lostIn(
  { pool }: Pick<TestDatabase, 'pool'>,
  lose: (session: Executor) => Promise<void>,
  waitMs: number,
): Promise<unknown> {
  return transaction(createDatabase(pool), async (trx) => {
    await sql`SELECT 1`.execute(trx);
    const losing = lose(trx);
    await delay(waitMs);
    const answer = await sql`SELECT pg_sleep(0.5)`.execute(trx);
    await losing;
    return answer;
  }).catch((error: unknown) => error);
}

describe.each([0, 200])(
  'a session that is lost in a transaction, the next statement %d ms later',
  (waitMs) => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await openTestDatabase('postgres');
    }, SET_UP_MS);
    afterAll(() => database.close());

    test('is known to be an outage on a server', async () => {
      const other = createDatabase(database.pool);
      const error = await lostIn(
        database,
        async (session) => {
          const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(session);
          await sql`SELECT pg_terminate_backend(${rows[0]?.pid}::int)`.execute(other);
        },
        waitMs,
      );
      expect(isDatabaseOutage(error), String(error)).toBe(true);
    });

    test('is known to be an outage on the embedded database', { timeout: SET_UP_MS }, async () => {
      const host = await openTestHost();
      const { pool, disconnect } = portPool(host);
      const lose = (): Promise<void> => {
        disconnect();
        return Promise.resolve();
      };
      const error = await lostIn({ pool }, lose, waitMs);
      expect(isDatabaseOutage(error), String(error)).toBe(true);
      await host.close();
    });
  },
);

test('a server that is not there is known to be an outage', async () => {
  const pool = createPgPool('postgres://nobody@127.0.0.1:9/nothing');
  const error = await pool.query('SELECT 1').catch((thrown: unknown) => thrown);
  expect(isDatabaseOutage(error), String(error)).toBe(true);
  await pool.end();
});
