import { openCsv } from './csv-file';
import type { OdsTable } from './ods-tables';
import { checkOpenDocument, checkXml } from './xml-checks';
import { identify, openCheckedArchive, verifyContent, type ZipKind } from './preflight';
import type { SpreadsheetFile } from './row-source';

export interface OpenOptions {
  /** Unpacks every part of an archive once to check sizes and checksums before anything is read. */
  readonly verify: boolean;
  /** Whether SheetJS may run here; else NeedsProcess is thrown where the file needs it. Default true. */
  readonly sheetJs?: boolean;
}

/** SheetJS is to read this file, and may only do so in a process of its own. */
export class NeedsProcess extends Error {
  override readonly name = 'NeedsProcess';
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
      return openWithSheetJs(path, 'xls', options);
    case 'biff':
      return openWithSheetJs(path, 'xls', options);
    case 'xml-spreadsheet':
      // SheetJS reads XML that is cut off as far as it goes, or as nothing.
      if (options.sheetJs !== false) await checkXml(path);
      return openWithSheetJs(path, 'xml', options);
  }
}

/** SheetJS is large: it is loaded only for the files that need it. */
async function openWithSheetJs(
  path: string,
  format: string,
  { sheetJs = true }: OpenOptions,
  tables?: readonly OdsTable[],
): Promise<SpreadsheetFile> {
  if (!sheetJs) throw new NeedsProcess();
  return (await import('./sheetjs-file')).openWithSheetJs(path, format, tables);
}

async function openArchive(path: string, options: OpenOptions): Promise<SpreadsheetFile> {
  const { archive, kind } = await openCheckedArchive(path);
  let tables: readonly OdsTable[] | undefined;
  try {
    if (kind === 'xlsx') return await (await import('./xlsx-file')).openXlsx(archive, options);
    if (options.sheetJs === false) throw new NeedsProcess();
    // SheetJS checks nothing itself, so whatever it reads is verified each time.
    await verifyContent(archive);
    if (kind === 'ods') tables = await checkOpenDocument(archive);
  } catch (error) {
    await archive.close();
    throw error;
  }
  await archive.close();
  return openWithSheetJs(path, kind satisfies Exclude<ZipKind, 'xlsx'>, options, tables);
}
