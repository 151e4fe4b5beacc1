import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJs from 'exceljs';
import type { CellValue } from '@shared/domain/cell';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRows, type RowsRead } from '../testing/read-rows';
import { producers } from '../testing/xlsx-producers';
import { openFile } from './open-file';
import { openWithSheetJs } from './sheetjs-file';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'adsapp-producers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PEOPLE: RowsRead = {
  1: ['Contacts of March'],
  2: ['Phone', 'Name', 'When', 'Active', 'Problem', 'Total', 'Note'],
  3: ['+966512345678', 'Åsa & Bo <x>', '2024-04-03', true, '#N/A', 42, ' spaced '],
  5: [966_512_345_679, '東京', '2024-04-03T12:00:00', false, '#DIV/0!', 'a<b', 'Bold text\r\nend'],
  6: [null, 'Åsa & Bo <x>', null, null, null, 0.3],
};

const withCell = (row: number, column: number, value: CellValue): CellValue[] =>
  (PEOPLE[row] ?? []).map((cell, index) => (index === column ? value : cell));

/** People without what only a calculator knows. */
const withoutResults = (): RowsRead => ({
  ...PEOPLE,
  3: withCell(3, 5, null),
  5: withCell(5, 5, null),
});

/** SheetJS makes a line feed of a return and a line feed, also where the return was escaped to be kept. */
const oneLineEnd = (rows: RowsRead): RowsRead =>
  Object.fromEntries(
    Object.entries(rows).map(([row, cells]) => [
      row,
      cells.map((cell) => (typeof cell === 'string' ? cell.replaceAll('\r\n', '\n') : cell)),
    ]),
  );

const save = async (name: string, content: Buffer): Promise<string> => {
  const path = join(folder, `${name}.xlsx`);
  await writeFile(path, content);
  return path;
};

describe.each(producers())('a workbook from $name', (producer) => {
  it('is read as it was meant', async () => {
    const path = await save(producer.name, producer.content);
    const file = await openFile(path, { verify: true });
    expect(file.sheets).toMatchObject([
      { name: 'People', hidden: false },
      { name: 'Secret', hidden: true },
    ]);
    expect(await readRows(file, 'People')).toEqual(
      producer.withoutResults === true ? withoutResults() : PEOPLE,
    );
    expect(await readRows(await openFile(path, { verify: false }), 'Secret')).toEqual({ 1: [1] });
  });
});

// What SheetJS makes of ISO dates depends on the time zone of the machine.
const comparable = producers().filter(({ sheetJsFails }) => sheetJsFails !== 'dates');

it.each(comparable)('SheetJS agrees on a workbook from $name, where it can read it', async (producer) => {
  const path = await save(producer.name, producer.content);
  const ours = oneLineEnd(await readRows(await openFile(path, { verify: false })));
  const theirs = openWithSheetJs(path, 'xlsx').then((file) => readRows(file));
  if (producer.sheetJsFails === undefined) expect(await theirs).toEqual(ours);
  // Should SheetJS learn it, this says so.
  else expect(await theirs.catch(() => null)).not.toEqual(ours);
});

describe('a workbook from exceljs', () => {
  const fill = (book: ExcelJs.Workbook): void => {
    const sheet = book.addWorksheet('People');
    sheet.addRow(['Contacts of March']);
    sheet.mergeCells('A1:C1');
    sheet.addRow(PEOPLE[2]);
    const when = new Date('2024-04-03T00:00:00Z');
    const noon = new Date('2024-04-03T12:00:00Z');
    sheet.addRow([
      '+966512345678',
      'Åsa & Bo <x>',
      when,
      true,
      { error: '#N/A' },
      { formula: 'SUM(1,41)', result: 42 },
      ' spaced ',
    ]);
    const rich = { richText: [{ font: { bold: true }, text: 'Bold ' }, { text: 'text\r\nend' }] };
    const failed = { formula: '1/0', result: { error: '#DIV/0!' as const } };
    sheet.getRow(5).values = [
      966_512_345_679,
      '東京',
      noon,
      false,
      failed,
      { formula: '"a<b"', result: 'a<b' },
      rich,
    ];
    const hidden = sheet.getRow(6);
    hidden.values = [null, 'Åsa & Bo <x>', null, null, null, 0.3];
    hidden.hidden = true;
    sheet.getCell('C3').numFmt = 'yyyy-mm-dd';
    sheet.getCell('C5').numFmt = 'dd/mm/yyyy hh:mm';
    book.addWorksheet('Secret', { state: 'hidden' }).addRow([1]);
  };
  /** A bare return is a line feed in XML, and exceljs does not escape it. */
  const meant: RowsRead = { ...PEOPLE, 5: withCell(5, 6, 'Bold text\nend') };

  it.each([false, true])('is read as it was meant (1904: %s)', async (date1904) => {
    const book = new ExcelJs.Workbook();
    book.properties.date1904 = date1904;
    fill(book);
    const path = join(folder, `exceljs-${date1904}.xlsx`);
    await book.xlsx.writeFile(path);
    const file = await openFile(path, { verify: true });
    expect(file.sheets).toMatchObject([{ name: 'People' }, { name: 'Secret', hidden: true }]);
    const read = await readRows(file);
    expect(read).toEqual(meant);
    expect(read).toEqual(await readRows(await openWithSheetJs(path, 'xlsx')));
  });

  it.each([false, true])(
    'is read as it was meant when it was streamed (shared strings: %s)',
    async (shared) => {
      const path = join(folder, `stream-${shared}.xlsx`);
      const book = new ExcelJs.stream.xlsx.WorkbookWriter({
        filename: path,
        useStyles: true,
        useSharedStrings: shared,
      });
      const sheet = book.addWorksheet('People');
      for (let n = 1; n <= 3_000; n += 1) {
        const row = sheet.addRow([
          `+9665${10_000_000 + n}`,
          `Person & ${n}`,
          new Date('2024-04-03T00:00:00Z'),
          n / 8,
        ]);
        row.getCell(3).numFmt = 'yyyy-mm-dd';
        row.commit();
      }
      await book.commit();
      const read = await readRows(await openFile(path, { verify: true }));
      expect(Object.keys(read)).toHaveLength(3_000);
      expect(read[3_000]).toEqual(['+966510003000', 'Person & 3000', '2024-04-03', 375]);
      expect(read).toEqual(await readRows(await openWithSheetJs(path, 'xlsx')));
    },
  );
});
