import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows, type RowsRead, trimmed } from '../testing/read-rows';
import { anyRows, anyUsualRows, anyUsualVariant, anyVariant } from '../testing/xlsx-arbitraries';
import { SerialDate, type VariantCell, variantXlsx } from '../testing/xlsx-variants';
import { isoFromSerial } from './cell-values';
import { openFile } from './open-file';
import { openWithSheetJs } from './sheetjs-file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adsapp-variants-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const save = async (content: Buffer): Promise<string> => {
  const path = join(folder, 'variant.xlsx');
  await writeFile(path, content);
  return path;
};

/** What was put into a sheet, as it has to be read. */
const meant = (rows: readonly (readonly VariantCell[])[]): RowsRead => {
  const result: RowsRead = {};
  rows.forEach((row, index) => {
    const cells = trimmed(
      row.map((cell) => (cell instanceof SerialDate ? isoFromSerial(cell.days, false) : cell)),
    );
    if (cells.length > 0) result[index + 1] = cells.map((cell) => (cell === 0 ? 0 : cell));
  });
  return result;
};

describe('an .xlsx', () => {
  it('is read as it was meant, in whatever way its producer writes', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, anyVariant, async (rows, variant) => {
        const path = await save(variantXlsx(rows, variant));
        expect(await readRows(await openFile(path, { verify: true }))).toEqual(meant(rows));
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it('is read as SheetJS reads it, where that knows the way', async () => {
    await fc.assert(
      fc.asyncProperty(anyUsualRows, anyUsualVariant, async (rows, variant) => {
        const path = await save(variantXlsx(rows, variant));
        const read = await readRows(await openFile(path, { verify: true }));
        expect(read).toEqual(await readRows(await openWithSheetJs(path, 'xlsx')));
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});
