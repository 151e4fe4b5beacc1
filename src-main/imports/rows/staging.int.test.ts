import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  openTestDatabase,
  SET_UP_MS,
  TEST_DATABASE_KINDS,
  type TestDatabase,
} from '../../database/testing/databases';
import { CopyBuffer } from './copy-buffer';
import type { StagedRow } from './staged-row';
import { copyStagedRows } from './staging';

const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/\0|\p{Cs}/gu, ''));
const awkward = fc.oneof(
  text,
  fc.constantFrom('', '\\', '\\N', '\\.', '"', '{}', 'a\tb', 'a\r\nb', 'NULL', ','),
);
const stagedRow: fc.Arbitrary<Omit<StagedRow, 'row'>> = fc.record({
  state: fc.constantFrom('staged', 'skipped', 'rejected'),
  phone: fc.option(fc.constantFrom('+966512345678', '+14155550100')),
  name: fc.option(awkward),
  email: fc.option(awkward),
  tags: fc.array(awkward, { maxLength: 3 }),
  onlyImportTags: fc.boolean(),
  custom: fc.dictionary(awkward, awkward, { maxKeys: 3, noNullPrototype: true }),
  optOut: fc.boolean(),
  cells: fc.option(fc.array(awkward, { maxLength: 3 })),
  reasons: fc.option(
    fc.array(fc.record({ column: fc.option(awkward), code: awkward, message: awkward }), { maxLength: 2 }),
  ),
  duplicateOf: fc.option(fc.nat(1_000)),
});

describe.each(TEST_DATABASE_KINDS)('staging rows on %s', (kind) => {
  let database: TestDatabase;
  const organizationId = randomUUID();
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    await database.pool.query('INSERT INTO organizations (id, name) VALUES ($1, $2)', [
      organizationId,
      'Test',
    ]);
  }, SET_UP_MS);
  afterAll(() => database.close());

  const someImport = async (state: string): Promise<string> => {
    const id = randomUUID();
    await database.pool.query(
      'INSERT INTO imports (id, organization_id, file_name, state) VALUES ($1, $2, $3, $4)',
      [id, organizationId, 'x.csv', state],
    );
    return id;
  };

  it('keeps every value as it is, whatever characters are in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(stagedRow, { minLength: 1, maxLength: 20 }), async (values) => {
        const importId = await someImport('staging');
        const rows = values.map((value, index): StagedRow => ({ ...value, row: index + 1 }));
        const lines = new CopyBuffer({ importId, organizationId });
        for (const row of rows) lines.add(row);
        const copy = lines.take();
        expect(
          await copyStagedRows(database.pool, importId, {
            readBefore: 0,
            read: rows.length,
            expected: null,
            copy,
          }),
        ).toBe(true);
        const stored = await database.pool.query(
          `SELECT row_no AS row, state, phone, name, email, tags, only_import_tags AS "onlyImportTags",
                  custom_fields AS custom, opt_out AS "optOut",
                  cells, reasons, duplicate_of_row AS "duplicateOf", contact_id IS NOT NULL AS "hasContact"
             FROM import_rows WHERE import_id = $1 ORDER BY row_no`,
          [importId],
        );
        expect(stored.rows).toEqual(rows.map((row) => ({ ...row, hasContact: row.state === 'staged' })));
        const { rows: byId } = await database.pool.query<{ phone: string | null }>(
          'SELECT phone FROM import_rows WHERE import_id = $1 AND contact_id IS NOT NULL ORDER BY contact_id',
          [importId],
        );
        const phones = byId.map(({ phone }) => Number(phone));
        expect(phones).toEqual([...phones].sort((a, b) => a - b));
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('writes nothing for an import that is not being staged any more, and takes the next batch', async () => {
    const importId = await someImport('paused');
    const nothing = new CopyBuffer({ importId, organizationId }).take();
    const batch = { readBefore: 0, read: 1, expected: 1, copy: nothing };
    expect(await copyStagedRows(database.pool, importId, batch)).toBe(false);
    const staging = await someImport('staging');
    expect(await copyStagedRows(database.pool, staging, { ...batch, readBefore: 5, read: 6 })).toBe(false);
    const copy = new TextEncoder().encode('not even a row');
    await expect(copyStagedRows(database.pool, staging, { ...batch, copy })).rejects.toThrow();
    const { rows } = await database.pool.query('SELECT rows_read FROM imports WHERE id = $1', [staging]);
    expect(rows).toEqual([{ rows_read: 0 }]);
  });
});
