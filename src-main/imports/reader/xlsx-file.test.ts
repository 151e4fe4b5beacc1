import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as SheetJs from 'xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeXlsx, type XlsxCell } from '../../files/xlsx-writer';
import { USUAL, variantParts } from '../testing/xlsx-variants';
import { part, zip } from '../testing/zip-bytes';
import { openFile } from './open-file';
import { openWithSheetJs } from './sheetjs-file';
import type { SpreadsheetFile } from './row-source';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adsapp-xlsx-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Rows without their blank ends: readers may differ in how far they look. */
const rowsOf = async (file: SpreadsheetFile, sheet?: string): Promise<Record<number, unknown[]>> => {
  const rows: Record<number, unknown[]> = {};
  for await (const batch of file.rows(sheet ?? file.sheets[0]?.name ?? '')) {
    for (const { row, cells } of batch) {
      const values = [...cells];
      while (values.length > 0 && (values.at(-1) === null || values.at(-1) === '')) values.pop();
      if (values.length > 0) rows[row] = values.map((cell) => (cell === '' ? null : cell));
    }
  }
  await file.close();
  return rows;
};

const save = async (book: SheetJs.WorkBook, options: SheetJs.WritingOptions = {}): Promise<string> => {
  const path = join(folder, `${Math.random()}.xlsx`);
  await writeFile(
    path,
    SheetJs.write(book, { type: 'buffer', bookType: 'xlsx', compression: true, ...options }) as Buffer,
  );
  return path;
};

const saveSheet = async (rows: string): Promise<string> => {
  const path = join(folder, `${Math.random()}.xlsx`);
  const xml = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`;
  const parts = variantParts([], USUAL).map((each) =>
    each.name === 'xl/worksheets/sheet1.xml' ? part(each.name, xml) : each,
  );
  await writeFile(path, zip(parts));
  return path;
};

/** What the scanner reads, which has to be what SheetJS reads. */
const scanned = async (path: string): Promise<Record<number, unknown[]>> => {
  const ours = await rowsOf(await openFile(path, { verify: true }));
  expect(ours).toEqual(await rowsOf(await openWithSheetJs(path, 'xlsx')));
  return ours;
};

describe('the .xlsx scanner', () => {
  it('reads what SheetJS reads, whatever is in the cells', async () => {
    const cell = fc.oneof(
      fc.string({ unit: fc.constantFrom('a', '&', '<', '>', '"', ' ', '\n', 'é', '😀', '_', 'x', '0') }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 }),
      fc.boolean(),
      fc.constant(null),
    );
    const sheet = fc.array(fc.array(cell, { maxLength: 30 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sheet, fc.boolean(), async (rows, bookSST) => {
        const book = SheetJs.utils.book_new(SheetJs.utils.aoa_to_sheet(rows), 'S');
        await scanned(await save(book, { bookSST }));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('reads rich text, formulas’ cached values, errors, dates, hidden sheets and gaps', async () => {
    const sheet = SheetJs.utils.aoa_to_sheet([['Phone', 'Name']]);
    sheet['A3'] = { t: 's', v: 'Bold text', r: '<r><rPr><b/></rPr><t>Bold </t></r><r><t>text</t></r>' };
    sheet['B3'] = { t: 'n', v: 42, f: 'SUM(A1:A2)' };
    sheet['C3'] = { t: 'e', v: 0x2a };
    sheet['AB7'] = { t: 'n', v: 45_385.5, z: 'yyyy-mm-dd hh:mm' };
    sheet['A9'] = { t: 's', v: 'from a formula', f: 'CONCAT("a")' };
    sheet['!ref'] = 'A1:AB9';
    const book = SheetJs.utils.book_new();
    SheetJs.utils.book_append_sheet(book, SheetJs.utils.aoa_to_sheet([['x']]), 'Secret & Co');
    SheetJs.utils.book_append_sheet(book, sheet, 'People');
    book.Workbook = { Sheets: [{ Hidden: 1 }, { Hidden: 0 }] };
    const path = await save(book);
    const file = await openFile(path, { verify: true });
    expect(file.sheets).toMatchObject([
      { name: 'Secret & Co', hidden: true },
      { name: 'People', hidden: false, rows: 9 },
    ]);
    const rows = await rowsOf(file, 'People');
    expect(rows).toEqual(await rowsOf(await openWithSheetJs(path, 'xlsx'), 'People'));
    expect(rows[3]).toEqual(['Bold text', 42, '#N/A']);
    expect(rows[7]?.[27]).toBe('2024-04-03T12:00:00');
    expect(rows[9]).toEqual(['from a formula']);
  });

  it.each([
    ['two cells in one place', '<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="A1"><v>3</v></c>'],
    ['two values in a cell', '<c r="A1"><v>1</v><v>2</v></c>'],
    ['a value where a text is told', '<c r="A1" t="inlineStr"> <v>1</v></c>'],
    ['a text where a value is told', '<c r="A1"><is><t>a</t></is></c>'],
    ['two texts in a cell', '<c r="A1" t="inlineStr"><is><t>a</t><t>b</t></is></c>'],
    ['a tag that does not end before the next one', '<c t-203</v></c><c r="B1"><v>1</v></c>'],
    ['a text after another in a run', '<c r="A1" t="inlineStr"><is><r><t>a</t><t>b</t></r></is></c>'],
  ])('refuses %s by name, for nobody can tell which is meant', async (_what, cells) => {
    const path = await saveSheet(`<row r="1">${cells}</row>`);
    const file = await openFile(path, { verify: true });
    await expect(rowsOf(file)).rejects.toMatchObject({ error: { reason: 'damaged' } });
    await file.close();
  });

  it('reads cells in any order, and space around the texts of a cell', async () => {
    const path = await saveSheet(
      '<row r="1"><c r="C1" t="inlineStr">\n<is>\n <r>\n<t>a</t>\n</r>\n <t xml:space="preserve"> b </t>\n</is>\n</c><c r="A1"><v>1</v></c></row>',
    );
    expect(await rowsOf(await openFile(path, { verify: true }))).toEqual({ 1: [1, null, 'a b '] });
  });

  it('reads a sheet of many pieces, each row once', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n): XlsxCell[] => [
      `+9665${10_000_000 + n}`,
      `Person ${n}`,
      n,
    ]);
    const path = join(folder, 'many.xlsx');
    await writeXlsx(path, { name: 'Many', rows: [rows] });
    const read = await rowsOf(await openFile(path, { verify: true }));
    expect(Object.keys(read)).toHaveLength(20_000);
    expect(read[20_000]).toEqual(['+966510019999', 'Person 19999', 19_999]);
  });
});

describe('the .xlsx writer', () => {
  it('writes what comes back unchanged, also from Excel’s own reader', async () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => text.replace(/[\ud800-\udfff]/g, '')),
      fc.integer(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 1, maxLength: 5 }), { minLength: 1 }),
        async (rows) => {
          const path = join(folder, `${Math.random()}.xlsx`);
          await writeXlsx(path, { name: 'S', rows: [rows] });
          const read = await scanned(path);
          rows.forEach((row, index) => {
            const wanted = row.map((value) => (value === '' ? null : value));
            while (wanted.length > 0 && wanted.at(-1) === null) wanted.pop();
            expect(read[index + 1] ?? []).toEqual(wanted);
          });
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);
});
