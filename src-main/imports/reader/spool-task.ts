import { open, rename, rm } from 'node:fs/promises';
import type { CellValue } from '@shared/domain/cell';
import type { SourceRow, SpreadsheetFile } from './row-source';

/**
 * Writes all rows of a sheet as lines of JSON, `[row, …cells]`: what is looked at again and again is then read
 * without the file's own format, and any row at once. `target` is there only when it is whole.
 */
export async function spoolSheet(
  file: SpreadsheetFile,
  place: { readonly sheet: string; readonly target: string },
): Promise<number> {
  const partial = `${place.target}.part`;
  const output = await open(partial, 'w', 0o600);
  let rows = 0;
  try {
    for await (const batch of file.rows(place.sheet)) {
      await output.write(batch.map(spooledLine).join(''));
      rows += batch.length;
    }
    await output.close();
    await rename(partial, place.target);
  } catch (error) {
    await output.close();
    await rm(partial, { force: true });
    throw error;
  }
  return rows;
}

const spooledLine = ({ row, cells }: SourceRow): string =>
  `${JSON.stringify([row, ...cells.map(written)])}\n`;

/** JSON has no number for what is not finite. */
const written = (cell: CellValue): CellValue =>
  typeof cell === 'number' && !Number.isFinite(cell) ? String(cell) : cell;
