import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import * as SheetJs from 'xlsx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callUntyped } from '../testing/untyped';
import { numberLook, shownNumber } from './number-look';
import { openFile } from './open-file';
import type { SpreadsheetFile } from './row-source';
import { openWithSheetJs } from './sheetjs-file';

const HOUR = 1 / 24;
const MINUTE = HOUR / 60;
const SECOND = MINUTE / 60;

const shown = (serial: number, code: string): string | number =>
  shownNumber(serial, numberLook(164, code), false);

describe('a duration', () => {
  it('is what its format shows, and not a date, however long it is', () => {
    expect(shown(26.5 * HOUR, '[h]:mm')).toBe('26:30');
    expect(shown(0.5 * HOUR, '[h]:mm')).toBe('0:30');
    expect(shown(26.5 * HOUR + 5 * SECOND, '[hh]:mm:ss')).toBe('26:30:05');
    expect(shown(26.5 * HOUR, '[mm]:ss')).toBe('1590:00');
    expect(shown(26.5 * HOUR, '[s]')).toBe('95400');
    expect(shown(12.25 * SECOND, '[ss].00')).toBe('12.25');
    expect(shown(1000 * HOUR, '[Red][h]:mm;[Red]-[h]:mm')).toBe('1000:00');
    expect(shown(-2.5 * HOUR, '[h]:mm')).toBe('-2:30');
    expect(shownNumber(26.5 * HOUR, numberLook(46, undefined), false)).toBe('26:30:00');
  });

  it('loses nothing that its format hides', () => {
    expect(shown(26.5 * HOUR + 5 * SECOND, '[h]:mm')).toBe('26:30:05');
    expect(shown(26.5 * HOUR, '[h]')).toBe('26:30');
    expect(shown(26 * HOUR, '[h] "hours"')).toBe('26');
  });

  it('is a time of day or a date where its format says so', () => {
    expect(shown(0.5, 'h:mm')).toBe('12:00:00');
    expect(shown(45_385.5, 'd "[h]" mmm')).toBe('2024-04-03T12:00:00');
    expect(shown(9e9, '[h]:mm')).toBe(9e9);
  });

  it('is written as Excel’s formats are, by SheetJS’s own', () => {
    const code = fc.constantFrom('[h]:mm:ss', '[hh]:mm:ss', '[m]:ss', '[mm]:ss', '[s]', '[ss]');
    fc.assert(
      fc.property(code, fc.nat({ max: 10_000_000 }), (format, seconds) => {
        const serial = seconds * SECOND;
        expect(shown(serial, format)).toBe(callUntyped(SheetJs.SSF, 'format', format, serial));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('durations in files', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-durations-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const codes = ['[h]:mm', '[h]:mm:ss', '[mm]:ss', '[ss]', 'd/m/yyyy', '0.00'];
  const sheetOf = (seconds: number, date1904: boolean): SheetJs.WorkBook => {
    const sheet: SheetJs.WorkSheet = { '!ref': 'A1:F1' };
    for (const [column, z] of codes.entries())
      sheet[SheetJs.utils.encode_cell({ r: 0, c: column })] = { t: 'n', v: seconds * SECOND, z };
    const book = SheetJs.utils.book_new(sheet, 'S');
    book.Workbook = { WBProps: { date1904 } };
    return book;
  };
  const save = async (book: SheetJs.WorkBook, bookType: 'xlsx' | 'xls' | 'ods'): Promise<string> => {
    const path = join(folder, `${Math.random()}.${bookType}`);
    await writeFile(path, SheetJs.write(book, { type: 'buffer', bookType }) as Buffer);
    return path;
  };
  const cellsOf = async (file: SpreadsheetFile): Promise<unknown[]> => {
    const cells: unknown[] = [];
    for await (const batch of file.rows('S')) for (const row of batch) cells.push(...row.cells);
    await file.close();
    return cells;
  };

  it('are read alike by the scanner and through SheetJS, in either calendar', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100_000_000 }), fc.boolean(), async (seconds, date1904) => {
        const path = await save(sheetOf(seconds, date1904), 'xlsx');
        const ours = await cellsOf(await openFile(path, { verify: true }));
        expect(ours).toEqual(await cellsOf(await openWithSheetJs(path, 'xlsx')));
        expect(ours[1]).toBe(callUntyped(SheetJs.SSF, 'format', '[h]:mm:ss', seconds * SECOND));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each(['xls', 'ods'] as const)('stay durations in .%s', async (bookType) => {
    const path = await save(sheetOf(95_400, false), bookType);
    expect(await cellsOf(await openWithSheetJs(path, bookType))).toEqual([
      ...['26:30', '26:30:00', '1590:00', '95400'],
      ...['1900-01-01T02:30:00', expect.closeTo(95_400 * SECOND, 10) as number],
    ]);
  });
});
