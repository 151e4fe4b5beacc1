import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CellValue } from '@shared/domain/cell';
import { stableHash } from '@shared/domain/stable-hash';
import type { SpoolProgress } from './protocol';
import { whereThereIsRoom } from './rejection';
import type { SourceRow, SpreadsheetFile } from './row-source';
import { expectedRows } from './sheet-size';

const TELL_EVERY_MS = 100;

/** Where the rows of a sheet are spooled: beside the kept file, and removed with it. */
export const spoolPath = (path: string, sheet: string): string =>
  join(dirname(path), `rows-${stableHash(sheet)}.jsonl`);

/** The spool of a sheet, where there is one; it is whole then. */
export async function findSpool(path: string, sheet: string): Promise<string | undefined> {
  const spool = spoolPath(path, sheet);
  return stat(spool).then(
    () => spool,
    () => undefined,
  );
}

/**
 * Writes all rows of a sheet as lines of JSON, `[row, …cells]`: what is looked at again and again is then read
 * without the file's own format, and any row at once. `target` is there only when it is whole; what is written until
 * then may be read where `onProgress` says.
 */
export async function spoolSheet(
  file: SpreadsheetFile,
  place: { readonly sheet: string; readonly target: string },
  onProgress: (progress: SpoolProgress) => void = () => undefined,
): Promise<number> {
  // Of two that spool the same sheet, neither writes into the other's.
  const partial = `${place.target}.${randomUUID()}.part`;
  const output = await open(partial, 'w', 0o600);
  let rows = 0;
  let bytes = 0;
  let toldAt = performance.now();
  try {
    for await (const batch of file.rows(place.sheet)) {
      // Not write(), which may write a part and say so: on a full disk the last rows would be missing without an error.
      const lines = Buffer.from(batch.map(spooledLine).join(''));
      await whereThereIsRoom(output.writeFile(lines));
      rows += batch.length;
      bytes += lines.length;
      if (performance.now() - toldAt < TELL_EVERY_MS) continue;
      toldAt = performance.now();
      const written = { path: partial, bytes };
      onProgress({ rows, total: expectedRows(file, place.sheet, rows), written });
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
