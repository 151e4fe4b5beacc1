import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImportSummary } from '@shared/contract/imports';
import { unwrap } from '@shared/errors';
import { csvLine } from '@shared/domain/spreadsheet-safe';
import { openFile } from '../reader/open-file';
import { context, profiles, type ImportStage } from '../testing/import-stage';
import { SAVED_FILE, SAVED_IMPORT } from '../testing/libreoffice-rejects';
import { mending } from '../testing/mending';
import { readRows } from '../testing/read-rows';
import { withImportStage } from '../testing/with-import-stage';

/** What a real LibreOffice has made of a rejects file of ours (scripts/libreoffice-fixtures.ts). */
const fixture = (name: string): string => join(import.meta.dirname, '../reader/libreoffice', name);

describe.each(profiles)('rejected rows that were mended in LibreOffice, on the %s profile', (profile) => {
  let stage: ImportStage;
  const { goOn } = mending(() => stage);
  withImportStage(profile, (opened) => (stage = opened));

  /** The import whose rejects the fixtures are: one of the same file, under the same id. */
  const refused = async (): Promise<ImportSummary> => {
    const content = SAVED_FILE.map((row) => csvLine(row)).join('');
    const { id } = await stage.start(await stage.open(await stage.write('people.csv', content)));
    await stage.until(id, 'completed');
    for (const [table, column] of [
      ['imports', 'id'],
      ...['import_rows', 'contacts'].map((t) => [t, 'import_id']),
    ])
      await stage.pool.query(`UPDATE ${table} SET ${column} = $2 WHERE ${column} = $1`, [id, SAVED_IMPORT]);
    return stage.until(SAVED_IMPORT, 'completed');
  };
  const remove = () => stage.pool.query('DELETE FROM imports WHERE id = $1', [SAVED_IMPORT]);
  beforeEach(remove);
  afterEach(remove);

  it('start from the very file that this console writes', async () => {
    expect((await refused()).totals).toMatchObject({ read: 5, inserted: 2, rejected: 3 });
    const { handlers } = stage.imports;
    const { url } = unwrap(await handlers.exportRejected({ importId: SAVED_IMPORT }, context(stage)));
    const written = await readRows(await openFile(stage.files.resolve(url)?.path ?? '', { verify: true }));
    const kept = await readRows(await openFile(fixture('rejects.xlsx'), { verify: true }));
    // The last column tells the reasons, in words that may change.
    const withoutReasons = (rows: typeof kept) => Object.values(rows).map((cells) => cells.slice(0, 4));
    expect(withoutReasons(kept)).toEqual(withoutReasons(written));
  });

  it.each(['rejects-saved.xlsx', 'rejects-through-ods.xlsx'])(
    'are as they were in %s, which was only saved again',
    async (name) => {
      await refused();
      const draft = await stage.open(fixture(name));
      expect(draft.continues).toMatchObject({ importId: SAVED_IMPORT, certain: true });
      await goOn(draft);
      const done = await stage.until(SAVED_IMPORT, 'completed');
      expect(done).toMatchObject({
        ...{ continued: { rounds: 1 }, totals: { read: 5, inserted: 2, rejected: 3 } },
      });
      const page = { importId: SAVED_IMPORT, start: 0, count: 10 };
      const rejected = unwrap(await stage.imports.handlers.rejected(page, context(stage)));
      expect(rejected.rows.map(({ row, cells }) => [row, ...cells])).toEqual([
        [3, ...SAVED_FILE[2]],
        [5, ...SAVED_FILE[4]],
        [6, ...SAVED_FILE[5]],
      ]);
    },
  );

  it.each([
    ['rejects-mended.xlsx', true],
    ['rejects-mended.ods', true],
    ['rejects-mended.xls', true],
    // Text has no hidden sheet: the columns say it.
    ['rejects-mended.csv', false],
  ])('go on with their import as %s', async (name, certain) => {
    await refused();
    const draft = await stage.open(fixture(name));
    expect(draft.continues).toMatchObject({ importId: SAVED_IMPORT, certain, rejected: 3 });
    await goOn(draft);
    const done = await stage.until(SAVED_IMPORT, 'completed');
    expect(done.totals).toMatchObject({ read: 6, inserted: 5, rejected: 1 });
    expect(await stage.contacts()).toMatchObject([
      { phone: '+966510000001', name: 'Sara' },
      { phone: '+966510000002', name: 'لينا', custom: { city: '=HYPERLINK("http://x")' } },
      { phone: '+966510000003', name: 'Omar' },
      { phone: '+966510000005', name: "'Huda", custom: { city: '-3+4' } },
      { phone: '+966510000007', name: 'Nura' },
    ]);
  });
});
