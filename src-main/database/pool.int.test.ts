import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, sqlState, transaction } from './database';
import type { PoolClient } from './pool';
import { TEST_DATABASE_KINDS, type TestDatabase, SET_UP_MS, openTestDatabase } from './testing/databases';

/** One suite for every way to a database: what holds on a server holds on PGlite, near and far. */
describe.each(TEST_DATABASE_KINDS)('a pool to %s', (kind) => {
  let database: TestDatabase;
  const idleErrors: Error[] = [];

  beforeAll(async () => {
    database = await openTestDatabase(kind, (error) => idleErrors.push(error));
    await database.pool.query('CREATE TABLE pool_test (id INT PRIMARY KEY, word TEXT)');
  }, SET_UP_MS);
  beforeEach(() => database.pool.query('TRUNCATE pool_test'));
  afterAll(() => database.close());

  const client = async <T>(work: (client: PoolClient) => Promise<T>): Promise<T> => {
    const taken = await database.pool.connect();
    try {
      return await work(taken);
    } finally {
      taken.release();
    }
  };

  test('reads every type as node-postgres does', async () => {
    const { rows, rowCount } = await database.pool.query<Record<string, unknown>>(`
      SELECT 9007199254740991::INT8 AS int8, 12.5::NUMERIC AS numeric, 1.5::FLOAT8 AS float8, true AS bool,
             '2026-11-24T10:00:00.123+03'::TIMESTAMPTZ AS at, '2026-11-24'::DATE AS day,
             '{"a":[1,{"b":null}]}'::JSONB AS json, ARRAY['a,b','"c"',NULL,'ü']::TEXT[] AS words,
             ARRAY[1,2]::INT[] AS numbers, '\\x00ff'::BYTEA AS bytes, NULL AS nothing,
             '00000000-0000-4000-8000-000000000001'::UUID AS id`);
    expect(rowCount).toBe(1);
    expect(rows[0]).toEqual({
      int8: 9007199254740991,
      numeric: 12.5,
      float8: 1.5,
      bool: true,
      at: new Date('2026-11-24T07:00:00.123Z'),
      day: '2026-11-24',
      json: { a: [1, { b: null }] },
      words: ['a,b', '"c"', null, 'ü'],
      numbers: [1, 2],
      bytes: Buffer.from([0, 255]),
      nothing: null,
      id: '00000000-0000-4000-8000-000000000001',
    });
  });

  test('passes parameters of every type', async () => {
    const at = new Date('2026-01-02T03:04:05.678Z');
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT $1::INT8 AS int8, $2::TEXT[] AS words, $3::JSONB AS json, $4::TIMESTAMPTZ AS at,
              $5::BYTEA AS bytes, $6::BOOL AS bool, $7::TEXT AS nothing, $8::TEXT AS text`,
      [42, ['x"y', 'z\\', null], { k: "it's" }, at, Buffer.from([1, 0, 2]), false, null, "Ünïcode ' 😀"],
    );
    expect(rows[0]).toEqual({
      int8: 42,
      words: ['x"y', 'z\\', null],
      json: { k: "it's" },
      at,
      bytes: Buffer.from([1, 0, 2]),
      bool: false,
      nothing: null,
      text: "Ünïcode ' 😀",
    });
  });

  test('carries large values and many rows', async () => {
    const long = 'x'.repeat(3_000_000);
    const one = await database.pool.query<{ size: number }>('SELECT length($1::TEXT) AS size', [long]);
    expect(one.rows[0]?.size).toBe(3_000_000);
    const many = await database.pool.query('SELECT g, repeat($1, 100) FROM generate_series(1, 20000) g', [
      'é',
    ]);
    expect(many.rows).toHaveLength(20_000);
  });

  test('reports errors with their SQLSTATE and details, and goes on', async () => {
    await database.pool.query("INSERT INTO pool_test VALUES (1, 'a')");
    const duplicate = database.pool.query("INSERT INTO pool_test VALUES ($1, 'b')", [1]);
    await expect(duplicate).rejects.toMatchObject({
      code: '23505',
      table: 'pool_test',
      constraint: 'pool_test_pkey',
    });
    await expect(database.pool.query('SELECT nothing_such($1)', [1])).rejects.toMatchObject({
      code: '42883',
    });
    await expect(database.pool.query('SELEC')).rejects.toMatchObject({ code: '42601' });
    await expect(database.pool.query('SELECT $1::INT', ['no number'])).rejects.toMatchObject({
      code: '22P02',
    });
    const { rows } = await database.pool.query('SELECT word FROM pool_test');
    expect(rows).toEqual([{ word: 'a' }]);
  });

  test('keeps a transaction to itself until it commits', async () => {
    await client(async (writer) => {
      await writer.query('BEGIN');
      await writer.query("INSERT INTO pool_test VALUES (1, 'mine')");
      const outside = database.pool.query<{ n: number }>('SELECT count(*) AS n FROM pool_test');
      await writer.query("INSERT INTO pool_test VALUES (2, 'mine too')");
      await writer.query('COMMIT');
      // A server answers before the commit with 0, PGlite after it with 2; half of it is never seen.
      expect([0, 2]).toContain((await outside).rows[0]?.n);
    });
  });

  test('interleaves transactions of many clients without mixing them', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        client(async (writer) => {
          await writer.query('BEGIN');
          await writer.query('INSERT INTO pool_test VALUES ($1, $2)', [index, 'x']);
          await writer.query('SELECT count(*) FROM pool_test');
          await writer.query(index % 2 === 0 ? 'COMMIT' : 'ROLLBACK');
        }),
      ),
    );
    const { rows } = await database.pool.query('SELECT id FROM pool_test ORDER BY id');
    expect(rows).toEqual([0, 2, 4, 6, 8, 10].map((id) => ({ id })));
  });

  test('a failed transaction refuses more until it is rolled back', async () => {
    await client(async (writer) => {
      await writer.query('BEGIN');
      await expect(writer.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
      await expect(writer.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' });
      await writer.query('ROLLBACK');
      expect((await writer.query<{ one: number }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    });
  });

  test('a client that goes away in a transaction leaves nothing behind', async () => {
    const gone = await database.pool.connect();
    await gone.query('BEGIN');
    await gone.query("INSERT INTO pool_test VALUES (7, 'lost')");
    gone.release(true);
    await expect.poll(async () => (await database.pool.query('SELECT 1 FROM pool_test')).rowCount).toBe(0);
  });

  test('notifies every client that listens, after the commit, and nobody else', async () => {
    const heard: string[] = [];
    const listeners = [await database.pool.connect(), await database.pool.connect()];
    for (const [index, listener] of listeners.entries()) {
      listener.on('notification', ({ channel, payload }) =>
        heard.push(`${index} ${channel} ${payload ?? ''}`),
      );
      await listener.query('-- a comment first\nLISTEN pool_test_channel;');
    }
    await listeners[1]?.query('LISTEN "Other Channel"');
    await client(async (sender) => {
      await sender.query('BEGIN');
      await sender.query("SELECT pg_notify('pool_test_channel', $1)", ['hello']);
      expect(heard).toEqual([]);
      await sender.query('COMMIT');
      await sender.query(`SELECT pg_notify('Other Channel', 'x')`);
    });
    await expect
      .poll(() => [...heard].sort())
      .toEqual(['0 pool_test_channel hello', '1 Other Channel x', '1 pool_test_channel hello']);
    await listeners[0]?.query('UNLISTEN *');
    await database.pool.query("NOTIFY pool_test_channel, 'again'");
    await expect.poll(() => heard.slice(3)).toEqual(['1 pool_test_channel again']);
    for (const listener of listeners) listener.release(true);
  });

  test('serves kysely, its transactions and their rollback', async () => {
    const db = createDatabase(database.pool);
    const id = await transaction(db, async (trx) => {
      const row = await trx
        .insertInto('organizations')
        .values({ name: 'Kysely & Söhne' })
        .returning('id')
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('contacts')
        .values({
          organization_id: row.id,
          phone: '+966512345678',
          tags: ['vip', 'a b'],
          custom_fields: JSON.stringify({ n: 1 }),
        })
        .execute();
      return row.id;
    });
    const refused = transaction(db, async (trx) => {
      await trx.deleteFrom('contacts').where('organization_id', '=', id).execute();
      throw new Error('changed my mind');
    });
    await expect(refused).rejects.toThrow('changed my mind');
    const contact = await db
      .selectFrom('contacts')
      .selectAll()
      .where('organization_id', '=', id)
      .executeTakeFirstOrThrow();
    expect(contact).toMatchObject({ phone: '+966512345678', tags: ['vip', 'a b'], custom_fields: { n: 1 } });
    expect(contact.created_at).toBeInstanceOf(Date);
    const deleted = await db.deleteFrom('contacts').where('organization_id', '=', id).executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(1n);
  });

  test('runs many statements in one text, as migrations do', async () => {
    await database.pool.query("INSERT INTO pool_test VALUES (1, 'a'); INSERT INTO pool_test VALUES (2, 'b')");
    const mixed = database.pool.query("INSERT INTO pool_test VALUES (3, 'c'); SELECT 1/0");
    const error: unknown = await mixed.catch((thrown: unknown) => thrown);
    expect(sqlState(error)).toBe('22012');
    expect((await database.pool.query('SELECT id FROM pool_test')).rowCount).toBe(2);
  });

  test('answers hundreds of queries at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) => database.pool.query<{ n: number }>('SELECT $1::INT AS n', [n])),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual(Array.from({ length: 500 }, (_, n) => n));
    expect(idleErrors).toEqual([]);
  });
});
