import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyRows, unnestRows } from './bulk';
import { type Database, createDatabase } from './database';
import { ensureDefaultOrganization } from './organizations';
import { SET_UP_MS, type TestDatabase, openTestDatabase } from './testing/databases';

describe.each(['postgres', 'pglite'] as const)('bulk inserts on %s', (kind) => {
  let database: TestDatabase;
  let db: Database;
  let organizationId: string;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    db = createDatabase(database.pool);
    ({ organizationId } = await ensureDefaultOrganization(db));
  }, SET_UP_MS);
  afterAll(() => database.close());

  const COLUMNS = ['organization_id', 'phone', 'name', 'tags', 'custom_fields', 'opted_out_at'] as const;
  const contact = (n: number) => ({
    organization_id: organizationId,
    phone: `+9665${String(n).padStart(8, '0')}`,
    name: n % 3 === 0 ? null : `Nr "${n}", {x} \\ é`,
    tags: n % 2 === 0 ? [] : ['a,b', '"q"', '\\', 'NULL'],
    custom_fields: JSON.stringify({ n, text: '{"x"}' }),
    opted_out_at: n === 1 ? new Date('2026-01-01T00:00:00Z') : null,
  });

  test('write every value as it was given, in statements of 1,000', async () => {
    const rows = Array.from({ length: 2_500 }, (_, n) => contact(n));
    expect(await copyRows(db, 'contacts', COLUMNS, rows)).toBe(2_500);
    const stored = await db.selectFrom('contacts').select(COLUMNS).orderBy('phone').execute();
    expect(stored).toEqual(
      rows.map((row) => ({ ...row, custom_fields: JSON.parse(row.custom_fields) as unknown })),
    );
  });

  test('skip rows that exist where that is wanted, else insert none of the statement', async () => {
    const rows = [contact(9_001), contact(1)];
    await expect(copyRows(db, 'contacts', COLUMNS, rows)).rejects.toMatchObject({ code: '23505' });
    expect(await copyRows(db, 'contacts', COLUMNS, rows, { skipConflicts: true })).toBe(1);
  });

  test('serve as a typed table in other statements', async () => {
    const rows = [
      { phone: '+966500000001', tags: ['x', 'y'] },
      { phone: '+966500000002', tags: [] },
    ];
    const result = await sql<{ phone: string; count: number }>`
      SELECT contacts.phone, cardinality(source.tags) AS count
        FROM ${unnestRows('contacts', ['phone', 'tags'], rows)} AS source
        JOIN contacts ON contacts.phone = source.phone ORDER BY contacts.phone`.execute(db);
    expect(result.rows).toEqual([
      { phone: '+966500000001', count: 2 },
      { phone: '+966500000002', count: 0 },
    ]);
  });
});
