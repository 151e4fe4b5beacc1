import { readFile } from 'node:fs/promises';
import * as SheetJs from 'xlsx';
import type { CellValue } from '@shared/domain/cell';
import { numberLook, shownNumber } from './number-look';
import type { OdsTable } from './ods-tables';
import { rejectFile } from './rejection';
import {
  BATCH_ROWS,
  MAX_COLUMNS,
  type ReadOptions,
  type SourceRow,
  type SpreadsheetFile,
} from './row-source';

/** Cells as they were stored: no formatted text, no HTML, no formulas; the number format tells dates. */
const RAW: SheetJs.ParsingOptions = {
  type: 'buffer',
  dense: true,
  cellFormula: false,
  cellHTML: false,
  cellText: false,
  cellNF: true,
};

/**
 * Opens a workbook with SheetJS: .xls, .xlsb, .ods, and .xlsx that the scanner declines. SheetJS holds all
 * of a sheet in memory and believes what a file says, so archives are checked before, and this runs in a
 * thread with limits. `tables` are the sheets of an .ods, of which SheetJS knows neither whether they are hidden
 * nor their names where these hold an ampersand.
 */
export async function openWithSheetJs(
  path: string,
  format: string,
  tables: readonly OdsTable[] = [],
): Promise<SpreadsheetFile> {
  const content = await readFile(path);
  // Two rows are enough for the names of the sheets and whether they are hidden.
  const outline = parse(content, { sheetRows: 2 });
  if (outline.SheetNames.length === 0) throw rejectFile('empty', 'The file has no sheet.');
  const known = tables.length === outline.SheetNames.length ? tables : [];
  const sheets = outline.SheetNames.map((name, index) => {
    const fullRange = fullRangeOf(outline.Sheets[name]);
    return {
      name: known[index]?.name ?? name,
      rows: fullRange === undefined ? null : SheetJs.utils.decode_range(fullRange).e.r + 1,
      hidden: known[index]?.hidden ?? (outline.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0,
    };
  });
  return {
    format,
    sheets,
    async *rows(sheet: string, options: ReadOptions = {}) {
      const name = outline.SheetNames[sheets.findIndex((each) => each.name === sheet)];
      if (name === undefined) throw rejectFile('no-such-sheet', `The file has no sheet named ${sheet}.`);
      const limit = options.limit === undefined ? {} : { sheetRows: options.limit };
      // A turn of the event loop first: parsing holds the thread until it is done.
      await Promise.resolve();
      yield* batches(parse(content, { ...limit, sheets: name }), name);
    },
    close: () => Promise.resolve(),
  };
}

/** The range of all rows where only some were read. SheetJS types a sheet's own keys as anything. */
function fullRangeOf(sheet: SheetJs.WorkSheet | undefined): string | undefined {
  const range: unknown = sheet?.['!fullref'] ?? sheet?.['!ref'];
  return typeof range === 'string' ? range : undefined;
}

function parse(content: Buffer, options: SheetJs.ParsingOptions): SheetJs.WorkBook {
  try {
    return SheetJs.read(content, { ...RAW, ...options });
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/password|encrypt/i.test(message)) {
      throw rejectFile('encrypted', 'The file is protected by a password.');
    }
    if (/workbook stream|unsupported file/i.test(message)) {
      throw rejectFile('not-a-spreadsheet', 'The file is an Office document, but not a spreadsheet.');
    }
    throw rejectFile('damaged', 'The file cannot be read as a spreadsheet.');
  }
}

function* batches(workbook: SheetJs.WorkBook, sheet: string): Generator<SourceRow[]> {
  const data = workbook.Sheets[sheet]?.['!data'] ?? [];
  const epoch1904 = workbook.Workbook?.WBProps?.date1904 === true;
  let batch: SourceRow[] = [];
  for (let index = 0; index < data.length; index += 1) {
    const cells = data[index];
    if (cells === undefined) continue;
    batch.push({ row: index + 1, cells: readCells(cells, epoch1904) });
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function readCells(cells: readonly (SheetJs.CellObject | undefined)[], epoch1904: boolean): CellValue[] {
  const values: CellValue[] = [];
  for (let index = 0; index < Math.min(cells.length, MAX_COLUMNS); index += 1) {
    values.push(readCell(cells[index], epoch1904));
  }
  return values;
}

function readCell(cell: SheetJs.CellObject | undefined, epoch1904: boolean): CellValue {
  if (cell?.v === undefined) return null;
  switch (cell.t) {
    case 'n': {
      const look = typeof cell.z === 'string' ? numberLook(0, cell.z) : 'number';
      return shownNumber(Number(cell.v), look, epoch1904);
    }
    case 'd':
      return cell.v instanceof Date
        ? cell.v.toISOString().replace(/T00:00:00(?:\.000)?Z$/, '')
        : String(cell.v);
    case 'b':
      return cell.v === true;
    case 'e':
      return ERRORS[Number(cell.v)] ?? '#ERROR!';
    case 's':
      return String(cell.v);
    case 'z':
      return null;
  }
}

const ERRORS: Readonly<Record<number, string>> = {
  0x00: '#NULL!',
  0x07: '#DIV/0!',
  0x0f: '#VALUE!',
  0x17: '#REF!',
  0x1d: '#NAME?',
  0x24: '#NUM!',
  0x2a: '#N/A',
  0x2b: '#GETTING_DATA',
};
