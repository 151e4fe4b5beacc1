import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Download } from '@shared/contract/common';
import type { RejectedRow } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import type { Actor } from '@shared/rpc/define';
import type { z } from 'zod';
import type { FileExchange } from '../files/exchange';
import { writeXlsx, XLSX_TYPE, type XlsxCell } from '../files/xlsx-writer';
import type { Database } from '../database/database';
import { isRejectsColumn, markSheet, REASONS_HEADER, ROW_HEADER } from './continuing/mark';
import { findImport } from './repository';
import { countRows, rejectedRows } from './rows/repository';
import { isStaged } from './summary';

export type Rejected = z.infer<typeof RejectedRow>;

/** Rows that are turned into text in one go: some milliseconds. */
const BATCH_ROWS = 500;

export interface Rejects {
  list(
    importId: ImportId,
    page: { readonly start: number; readonly count: number },
    actor: Actor,
  ): Promise<Result<{ total: number; headers: string[]; rows: Rejected[] }>>;
  /** The rejected rows as .xlsx: original columns, row number and reasons, to be mended and imported again. */
  exportFile(importId: ImportId, actor: Actor): Promise<Result<Download>>;
}

export function createRejects({
  database,
  files,
}: {
  readonly database: Database;
  readonly files: FileExchange;
}): Rejects {
  return {
    async list(importId, page, actor) {
      const record = await findImport(database, actor.organizationId, importId);
      if (record === undefined) return fail(notFound('import', importId));
      const total = isStaged(record) ? record.rejected : (await countRows(database, importId)).rejected;
      const rows = await rejectedRows(database, record.organizationId, importId, page);
      return ok({ total, headers: record.columns.map(({ header }) => header), rows });
    },

    async exportFile(importId, actor) {
      const record = await findImport(database, actor.organizationId, importId);
      if (record === undefined) return fail(notFound('import', importId));
      const path = await files.temporaryPath();
      const columns = record.columns.map(({ header }) => header);
      await writeRejects(path, importId, columns, batches(database, record.organizationId, importId));
      const name = `${record.fileName.replace(/\.[a-z]{2,5}$/i, '')} - rejected.xlsx`;
      return ok(await files.offer({ path }, name, XLSX_TYPE));
    },
  };
}

/** Writes rejected rows of an import to `path` as an .xlsx that can be mended and imported again. */
export function writeRejects(
  path: string,
  importId: ImportId,
  columns: readonly string[],
  rows: Iterable<readonly Rejected[]> | AsyncIterable<readonly Rejected[]>,
): Promise<void> {
  // The columns of an earlier rejects file that was imported as a new one told of that import's rows.
  const kept = columns.flatMap((header, index) => (isRejectsColumn(header) ? [] : [index]));
  const sheet = {
    name: 'Rejected rows',
    headerRow: 1,
    widths: [...kept.map(() => 20), 14, 80],
    rows: sheetRows(columns, kept, rows),
  };
  return writeXlsx(path, sheet, [markSheet(importId)]);
}

async function* sheetRows(
  columns: readonly string[],
  kept: readonly number[],
  batches: Iterable<readonly Rejected[]> | AsyncIterable<readonly Rejected[]>,
): AsyncGenerator<readonly (readonly XlsxCell[])[], void, undefined> {
  yield [[...kept.map((index) => columns[index] ?? null), ROW_HEADER, REASONS_HEADER]];
  for await (const batch of batches) yield batch.map((row) => sheetRow(row, kept));
}

async function* batches(
  database: Database,
  organizationId: string,
  importId: ImportId,
): AsyncGenerator<readonly Rejected[], void, undefined> {
  for (let afterRow = 0; ;) {
    const rows = await rejectedRows(database, organizationId, importId, { afterRow, count: BATCH_ROWS });
    if (rows.length === 0) return;
    yield rows;
    afterRow = rows.at(-1)?.row ?? afterRow;
  }
}

function sheetRow({ row, cells, reasons }: Rejected, kept: readonly number[]): XlsxCell[] {
  const words = reasons.map(({ column, message }) => (column === null ? message : `${column}: ${message}`));
  return [...kept.map((index) => cells[index] ?? null), row, words.join(' ')];
}
