import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Download } from '@shared/contract/common';
import type { RejectedRow } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import type { Actor } from '@shared/rpc/define';
import type { z } from 'zod';
import type { FileExchange } from '../files/exchange';
import { writeXlsx, XLSX_TYPE, type XlsxCell } from '../files/xlsx-writer';
import type { Database } from '../database/database';
import { findImport } from './repository';
import { countRows, rejectedRows } from './rows/repository';
import { isStaged } from './summary';

type Rejected = z.infer<typeof RejectedRow>;

/** The columns that the rejects file has besides the original ones. */
const ROW_HEADER = 'Row in the original file';
const REASONS_HEADER = 'Why it was rejected';
/** Rows that are turned into text in one go: some milliseconds. */
const BATCH_ROWS = 500;

/** Whether a column is one that a rejects file carries: when the mended file comes back, it is passed over. */
export const isRejectsColumn = (header: string): boolean =>
  header === ROW_HEADER || header === REASONS_HEADER;

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
      const headers = record.columns.map(({ header }) => header);
      const path = await files.temporaryPath();
      await writeXlsx(path, {
        name: 'Rejected rows',
        headerRow: 1,
        widths: [...headers.map(() => 20), 14, 80],
        rows: sheetRows(database, record.organizationId, importId, headers),
      });
      const name = `${record.fileName.replace(/\.[a-z]{2,5}$/i, '')} - rejected.xlsx`;
      return ok(await files.offer({ path }, name, XLSX_TYPE));
    },
  };
}

async function* sheetRows(
  database: Database,
  organizationId: string,
  importId: ImportId,
  headers: readonly string[],
): AsyncGenerator<readonly (readonly XlsxCell[])[], void, undefined> {
  yield [[...headers, ROW_HEADER, REASONS_HEADER]];
  for (let afterRow = 0; ;) {
    const rows = await rejectedRows(database, organizationId, importId, { afterRow, count: BATCH_ROWS });
    if (rows.length === 0) return;
    yield rows.map((row) => sheetRow(row, headers.length));
    afterRow = rows.at(-1)?.row ?? afterRow;
  }
}

function sheetRow({ row, cells, reasons }: Rejected, width: number): XlsxCell[] {
  const padded = Array.from({ length: width }, (_, index) => cells[index] ?? null);
  const words = reasons.map(({ column, message }) => (column === null ? message : `${column}: ${message}`));
  return [...padded, row, words.join(' ')];
}
