import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Download, TableFormat } from '@shared/contract/common';
import { csvLine } from '@shared/domain/spreadsheet-safe';
import type { FileExchange } from './exchange';
import { writeXlsx, XLSX_TYPE, type XlsxCell } from './xlsx-writer';

/** Rows that are turned into text in one go: some milliseconds. */
export const TABLE_BATCH_ROWS = 500;
/** Excel reads a CSV file as UTF-8 only with this in front. */
const BYTE_ORDER_MARK = '\ufeff';

/** Rows in batches of at most `TABLE_BATCH_ROWS`; the first row of the first batch is the header. */
export type TableRows = AsyncGenerator<readonly (readonly XlsxCell[])[], void, undefined>;

export interface Table {
  /** The file's name without its ending; what a file system refuses is replaced. */
  readonly name: string;
  readonly sheet: string;
  /** Widths of the columns in characters, for .xlsx. */
  readonly widths: readonly number[];
  readonly rows: TableRows;
}

/** Writes a table as a spreadsheet and offers it for download. Text stays text, whatever it looks like. */
export async function offerTable(files: FileExchange, table: Table, format: TableFormat): Promise<Download> {
  const path = await files.temporaryPath();
  const { sheet, widths, rows } = table;
  if (format === 'xlsx') await writeXlsx(path, { name: sheet, headerRow: 1, widths, rows });
  else await pipeline(Readable.from(csvLines(rows)), createWriteStream(path));
  const type = format === 'xlsx' ? XLSX_TYPE : 'text/csv; charset=utf-8';
  return files.offer({ path }, `${fileName(table.name)}.${format}`, type);
}

async function* csvLines(rows: TableRows): AsyncGenerator<string, void, undefined> {
  yield BYTE_ORDER_MARK;
  for await (const part of rows) yield part.map((row) => csvLine(row)).join('');
}

const fileName = (name: string): string => name.replace(/[\\/:*?"<>|\p{Cc}]/gu, '_').slice(0, 120);
