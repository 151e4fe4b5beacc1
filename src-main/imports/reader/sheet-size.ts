import type { SpreadsheetFile } from './row-source';

/**
 * How many rows a sheet has, once `rows` of them have been read: as the sheet says itself, else as the bytes read so
 * far suggest; null where neither is known. Never less than what was read.
 */
export function expectedRows(file: SpreadsheetFile, sheet: string, rows: number): number | null {
  const told = file.sheets.find(({ name }) => name === sheet)?.rows ?? null;
  if (told !== null) return Math.max(told, rows);
  const share = file.shareRead?.() ?? 0;
  return share > 0 ? Math.round(rows / share) : null;
}
