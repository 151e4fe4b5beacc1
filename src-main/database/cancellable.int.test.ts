import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancellable } from './cancellable';
import { createDatabase, type Database, type Executor } from './database';
import { openTestDatabase, SET_UP_MS, type TestDatabase } from './testing/databases';

describe('statements that nobody waits for any more', () => {
  let database: TestDatabase;
  let db: Database;
  beforeAll(async () => {
    database = await openTestDatabase('postgres');
    db = createDatabase(database.pool);
  }, SET_UP_MS);
  afterAll(() => database.close());

  const long = (session: Executor): Promise<unknown> => sql`SELECT pg_sleep(50)`.execute(session);
  const cancelled = { error: { code: 'cancelled' } };

  test('are stopped by the server while one runs', async () => {
    const controller = new AbortController();
    const work = cancellable(db, controller.signal, long);
    setTimeout(() => controller.abort(), 100);
    await expect(work).rejects.toMatchObject(cancelled);
  });

  test('are stopped as well where the signal comes between two of them', async () => {
    const controller = new AbortController();
    const work = cancellable(db, controller.signal, async (session) => {
      await sql`SELECT 1`.execute(session);
      controller.abort();
      await delay(200);
      return long(session);
    });
    await expect(work).rejects.toMatchObject(cancelled);
  });

  test('are not begun where the signal comes before the session is there', async () => {
    const controller = new AbortController();
    let began = false;
    const work = cancellable(db, controller.signal, (session) => {
      began = true;
      return long(session);
    });
    controller.abort();
    await expect(work).rejects.toMatchObject(cancelled);
    expect(began).toBe(false);
  });

  test('leave the session to the next one unharmed', async () => {
    for (let round = 0; round < 20; round += 1) {
      const controller = new AbortController();
      const work = cancellable(db, controller.signal, (session) =>
        sql`SELECT pg_sleep(0.05)`.execute(session),
      );
      setTimeout(() => controller.abort(), 45);
      await work.catch(() => undefined);
      const { rows } = await sql<{ n: number }>`SELECT 1 AS n`.execute(db);
      expect(rows).toEqual([{ n: 1 }]);
    }
  });
});
