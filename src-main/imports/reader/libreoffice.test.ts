import { join } from 'node:path';
import type { CellValue } from '@shared/domain/cell';
import { ImportOptions } from '@shared/contract/imports';
import { describe, expect, it } from 'vitest';
import { SAVED_IMPORT } from '../testing/libreoffice-rejects';
import { readRows, type RowsRead } from '../testing/read-rows';
import { inspectFile } from './inspect-task';
import { openFile } from './open-file';
import { type RowOutcome, RowJudge } from './row-outcomes';
import { dataRows } from './sheet-rows';
import { openWithSheetJs } from './sheetjs-file';

/** What a real LibreOffice has written: scripts/libreoffice-fixtures.ts makes these files from the .fods. */
const fixture = (name: string): string => join(import.meta.dirname, 'libreoffice', name);

const HEADER = ['Mobile', 'Full name', 'E-mail', 'Joined', 'Seen', 'Active', 'Discount', 'Balance', 'Total'];
const PEOPLE: RowsRead = {
  1: ['Contacts of March'],
  2: [...HEADER, 'Note', 'الرقم القديم', 'Call at'],
  3: [
    ...['+966512345678', 'سارة الحربي', 'sara@example.com', '2024-04-03', '2024-04-03T15:30:00', true],
    ...[0.125, 1234.5, 42, 'Prefers WhatsApp & e-mail', '0512345678', '09:30:00'],
  ],
  4: [
    ...[966_512_345_679, 'Åsa Øberg & Söhne', 'asa@example.com', '1999-12-31', '2024-02-29', false],
    // A time of more than a day is, in Excel's calendar, one on the day after.
    ...[1, -0.5, '#DIV/0!', 'First line\nsecond   line <b>', null, '30:15'],
  ],
  5: ['00966512345680', 'عمر', null, null, null, null, null, null, '#N/A'],
  6: ['(05) 1234-5681', 'Omar  two spaces', null, null, null, null, null, 3, 'a<b', ' padded '],
  10: [
    ...['+٩٦٦٥١٢٣٤٥٦٨٢', 'Huda', 'huda@example.com', '2024-03-04', null, true],
    ...[0.3, 0.1, 0.3, '=HYPERLINK("http://x")', 512_345_682],
  ],
  11: [9_665_123_456_830, "'apostrophe", null, '1900-03-01', null, null, null, null, null, '-3+4'],
  12: ['+966512345678', 'Sara again', null, null, null, null, null, null, 43],
};

const BORN: RowsRead = {
  1: ['Phone', 'Name', 'Born', 'Seen', 'Call at'],
  2: ['+966512345678', 'Sara', '1990-05-17', '2024-04-03T15:30:00', '09:30:00'],
  3: ['+966512345679', 'Omar', '1904-01-02', '1950-06-30T06:00:00'],
  4: ['+966512345680', 'Huda', '2024-02-29'],
};

/** LibreOffice writes several blanks into an .ods as they are, where the format makes one of them. */
const blanksJoined = (rows: RowsRead): RowsRead =>
  Object.fromEntries(
    Object.entries(rows).map(([row, cells]) => [
      row,
      cells.map((cell: CellValue) => (typeof cell === 'string' ? cell.replace(/ +/g, ' ').trim() : cell)),
    ]),
  );

describe('an .xlsx from LibreOffice', () => {
  it.each([
    ['people.xlsx', PEOPLE],
    ['people-1904.xlsx', BORN],
  ])('%s is read as it was meant, and as SheetJS reads it', async (name, meant) => {
    const read = await readRows(await openFile(fixture(name), { verify: true }));
    expect(read).toEqual(meant);
    expect(await readRows(await openWithSheetJs(fixture(name), 'xlsx'))).toEqual(read);
  });

  it.each(['arabic.xlsx', 'rejects-saved.xlsx', 'rejects-through-ods.xlsx', 'rejects-mended.xlsx'])(
    '%s is read as SheetJS reads it, sheet for sheet',
    async (name) => {
      const { sheets } = await openWithSheetJs(fixture(name), 'xlsx');
      for (const { name: sheet } of sheets) {
        const read = await readRows(await openFile(fixture(name), { verify: true }), sheet);
        expect(read).toEqual(await readRows(await openWithSheetJs(fixture(name), 'xlsx'), sheet));
        expect(read).not.toEqual({});
      }
    },
  );
});

// LibreOffice does not say in Excel's XML of 2003 that a sheet is hidden.
it.each(['people.xlsx', 'people.xls', 'people.ods'])(
  'the sheets of %s are named as they are, and the hidden one is known',
  async (name) => {
    const file = await openFile(fixture(name), { verify: true });
    expect(file.sheets.map((sheet) => [sheet.name, sheet.hidden])).toEqual([
      ['Contacts', false],
      ['Secret & Co', true],
      ['Empty', false],
    ]);
    expect(await readRows(file, 'Secret & Co')).toEqual({
      1: ['Mobile', 'Name'],
      2: ['+966500000001', 'Hidden'],
    });
  },
);

it.each([
  ['people.xls', PEOPLE],
  ['people.ods', PEOPLE],
  ['people-1904.xls', BORN],
  ['people-1904.ods', BORN],
])('%s holds the same cells as the .xlsx', async (name, meant) => {
  const read = await readRows(await openFile(fixture(name), { verify: true }));
  if (name.endsWith('.ods')) expect(blanksJoined(read)).toEqual(blanksJoined(meant));
  else expect(read).toEqual(meant);
});

interface Outcome {
  readonly row: number;
  readonly outcome: RowOutcome | undefined;
}

/** The rows of a file, judged by the mapping that is suggested for it. */
const judged = async (name: string): Promise<Outcome[]> => {
  const file = await openFile(fixture(name), { verify: true });
  try {
    const { sheet, headerRow, columns } = await inspectFile(file, { path: fixture(name) });
    const options = ImportOptions.parse({ defaultCountry: 'SA' });
    const headers = columns.map(({ header }) => header);
    const judge = new RowJudge(
      columns.map(({ target }) => target),
      options,
      headers,
    );
    const outcomes: Outcome[] = [];
    for await (const batch of dataRows(file, { sheet, headerRow }))
      for (const { row, cells } of batch) {
        const outcome = judge.judge(row, cells);
        if (outcome !== undefined) outcomes.push({ row, outcome });
      }
    return outcomes;
  } finally {
    await file.close();
  }
};

/** Who each row is, and what is the matter with it; custom fields of a .csv are as they were shown. */
const people = (outcomes: readonly Outcome[]): unknown[] =>
  outcomes.map(({ row, outcome }) =>
    outcome?.kind === 'invalid'
      ? [row, outcome.reasons.map(({ code }) => code)]
      : [row, outcome?.kind, outcome?.contact.phone, outcome?.contact.name, outcome?.contact.email],
  );

describe('whatever LibreOffice saves it as', () => {
  it('a list gives the same contacts', async () => {
    const meant = people(await judged('people.xlsx'));
    expect(meant).toEqual([
      [3, 'valid', '+966512345678', 'سارة الحربي', 'sara@example.com'],
      [4, 'valid', '+966512345679', 'Åsa Øberg & Söhne', 'asa@example.com'],
      [5, 'valid', '+966512345680', 'عمر', undefined],
      [6, 'valid', '+966512345681', 'Omar two spaces', undefined],
      [10, 'valid', '+966512345682', 'Huda', 'huda@example.com'],
      [11, [expect.stringMatching(/^phone-/)]],
      [12, 'duplicate', '+966512345678', 'Sara again', undefined],
    ]);
    for (const name of ['people.xls', 'people.ods', 'people.xml', 'people.csv'])
      expect([name, people(await judged(name))]).toEqual([name, meant]);
  });

  it('an Arabic list gives the same contacts, in any encoding and with any delimiter', async () => {
    const meant = await judged('arabic.xlsx');
    expect(people(meant)).toEqual([
      [2, 'valid', '+966512345678', 'سارة الحربي', undefined],
      [3, 'valid', '+966512345679', 'عمر القحطاني', undefined],
      [4, 'valid', '+966512345680', 'هدى الشمري', undefined],
      [5, 'valid', '+966512345681', 'علي بن أحمد', undefined],
    ]);
    const formats = {
      'arabic-utf-8.csv': 'csv, UTF-8, comma',
      'arabic-semicolon.csv': 'csv, UTF-8, semicolon',
      'arabic-windows-1256.csv': 'csv, Windows-1256, semicolon',
    };
    for (const [name, format] of Object.entries(formats)) {
      const file = await openFile(fixture(name), { verify: true });
      expect(file.format).toBe(format);
      await file.close();
      const read = await judged(name);
      const contacts = (outcomes: Outcome[]): unknown[] =>
        outcomes.map(({ outcome }) => (outcome?.kind === 'valid' ? outcome.contact : outcome));
      expect([name, contacts(read)]).toEqual([name, contacts(meant)]);
    }
  });

  it('a rejects file still says which import it goes on with', async () => {
    const saved = ['rejects-saved.xlsx', 'rejects-through-ods.xlsx'];
    const mended = ['rejects-mended.xlsx', 'rejects-mended.ods', 'rejects-mended.xls'];
    for (const name of ['rejects.xlsx', ...saved, ...mended]) {
      const file = await openFile(fixture(name), { verify: true });
      const { continues, sheets } = await inspectFile(file, { path: fixture(name) });
      await file.close();
      expect([name, continues, sheets.map((sheet) => sheet.name)]).toEqual([
        ...[name, SAVED_IMPORT, ['Rejected rows']],
      ]);
    }
    const before = await readRows(await openFile(fixture('rejects.xlsx'), { verify: true }));
    for (const name of saved)
      expect(await readRows(await openFile(fixture(name), { verify: true }))).toEqual(before);
  });
});
