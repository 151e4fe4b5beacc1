import { detectConnection } from './bridge';

/**
 * A file the user gave us. In the desktop window it is a path that main reads by itself (nothing is
 * copied through the renderer); in a browser it must be uploaded.
 */
export type GivenFile =
  | { readonly kind: 'path'; readonly path: string; readonly name: string; readonly size: number }
  | { readonly kind: 'upload'; readonly file: File; readonly name: string; readonly size: number };

/** File endings that the import accepts; also the filter of the file picker. */
export const SPREADSHEET_ENDINGS = ['.xlsx', '.xls', '.ods', '.csv'] as const;

/** True where the name ends like a spreadsheet; what is really inside is for the import to find out. */
export function looksLikeSpreadsheet(name: string): boolean {
  const lower = name.toLowerCase();
  return SPREADSHEET_ENDINGS.some((ending) => lower.endsWith(ending));
}

/** Turns a dropped or picked file into a path where the platform knows one. */
export function resolveFile(file: File): GivenFile {
  const connection = detectConnection();
  const path = connection.kind === 'desktop' ? connection.bridge.pathForFile(file) : '';
  const { name, size } = file;
  return path === '' ? { kind: 'upload', file, name, size } : { kind: 'path', path, name, size };
}

/** True for a drag that carries files (and not, say, selected text). */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer !== null && Array.from(transfer.types).includes('Files');
}
