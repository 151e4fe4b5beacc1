import { openCsv } from './csv-file';
import { identify, openCheckedArchive, verifyContent, type ZipKind } from './preflight';
import type { SpreadsheetFile } from './row-source';

export interface OpenOptions {
  /** Unpacks every part of an archive once to check sizes and checksums before anything is read. */
  readonly verify: boolean;
}

/**
 * Opens a spreadsheet by what is in it, whatever its name says. Throws an AppFailure (`file_rejected`) that
 * names what is wrong with the file.
 */
export async function openFile(path: string, options: OpenOptions): Promise<SpreadsheetFile> {
  switch (await identify(path)) {
    case 'text':
      return openCsv(path);
    case 'zip':
      return openArchive(path, options);
    case 'ole':
      return (await sheetJs())(path, 'xls');
    case 'biff':
      return (await sheetJs())(path, 'xls');
    case 'xml-spreadsheet':
      return (await sheetJs())(path, 'xml');
  }
}

/** SheetJS is large: it is loaded only for the files that need it. */
async function sheetJs(): Promise<(path: string, format: string) => Promise<SpreadsheetFile>> {
  return (await import('./sheetjs-file')).openWithSheetJs;
}

async function openArchive(path: string, { verify }: OpenOptions): Promise<SpreadsheetFile> {
  const { archive, kind } = await openCheckedArchive(path);
  try {
    // SheetJS checks nothing itself, so whatever it reads is verified each time.
    if (verify || kind !== 'xlsx') await verifyContent(archive);
    if (kind === 'xlsx') return await (await import('./xlsx-file')).openXlsx(archive);
  } catch (error) {
    await archive.close();
    throw error;
  }
  await archive.close();
  return (await sheetJs())(path, kind satisfies Exclude<ZipKind, 'xlsx'>);
}
