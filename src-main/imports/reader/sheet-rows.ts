import type { CellValue } from '@shared/domain/cell';
import { SUGGESTION_ROWS } from '@shared/domain/column-suggestion';
import { HEADER_SEARCH_ROWS, headerNames } from '@shared/domain/header-detection';
import type { SourceRow, SpreadsheetFile } from './row-source';

export interface SheetPlace {
  readonly sheet: string;
  /** 1-based; 0 where the sheet has no header. */
  readonly headerRow: number;
}

/** The rows below the header, in batches. */
export async function* dataRows(
  file: SpreadsheetFile,
  place: SheetPlace,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  for await (const batch of file.rows(place.sheet)) {
    const isBelow = (batch[0]?.row ?? 0) > place.headerRow;
    yield isBelow ? batch : batch.filter(({ row }) => row > place.headerRow);
  }
}

/** The names of a sheet's columns, as rows and reasons cite them; the same every time they are asked for. */
export async function readHeaders(file: SpreadsheetFile, place: SheetPlace): Promise<string[]> {
  return columnsOf(await readHead(file, place.sheet, place.headerRow), place.headerRow);
}

/** One name a column, never blank and never twice. */
export function columnsOf(head: readonly (readonly CellValue[])[], headerRow: number): string[] {
  return headerNames(head, headerRow === 0 ? null : headerRow - 1);
}

/** The first rows of a sheet, blank ones included: the one at index n is row n + 1. */
export async function readHead(
  file: SpreadsheetFile,
  sheet: string,
  headerRow = 0,
): Promise<readonly (readonly CellValue[])[]> {
  const limit = Math.max(HEADER_SEARCH_ROWS, headerRow) + SUGGESTION_ROWS;
  const head: (readonly CellValue[])[] = [];
  for await (const batch of file.rows(sheet, { limit })) {
    for (const { row, cells } of batch) {
      if (row > limit) return head;
      while (head.length < row - 1) head.push([]);
      head.push(cells);
    }
    if (head.length >= limit) return head;
  }
  return head;
}
