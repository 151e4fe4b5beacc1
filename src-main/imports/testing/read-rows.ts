import type { CellValue } from '@shared/domain/cell';
import type { SpreadsheetFile } from '../reader/row-source';

export type RowsRead = Record<number, CellValue[]>;

/** A row without its blank end: readers may differ in how far they look. */
export function trimmed(cells: readonly CellValue[]): CellValue[] {
  const values = cells.map((cell) => (cell === '' ? null : cell));
  while (values.length > 0 && values.at(-1) === null) values.pop();
  return values;
}

/** The rows of a sheet by their numbers, blank ones left out; closes the file. */
export async function readRows(file: SpreadsheetFile, sheet?: string): Promise<RowsRead> {
  const rows: RowsRead = {};
  try {
    for await (const batch of file.rows(sheet ?? file.sheets[0]?.name ?? '')) {
      for (const { row, cells } of batch) {
        const values = trimmed(cells);
        if (values.length > 0) rows[row] = values;
      }
    }
  } finally {
    await file.close();
  }
  return rows;
}
