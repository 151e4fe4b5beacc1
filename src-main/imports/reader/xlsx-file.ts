import { verifyContent } from './preflight';
import { rejectFile } from './rejection';
import type { SourceRow, SpreadsheetFile } from './row-source';
import { readXlsxParts, ScannerDeclined, type XlsxParts, type XlsxSheet } from './xlsx-parts';
import { type SheetContext, SheetScanner, scanSharedStrings, wholeElements } from './xlsx-scanner';
import type { ZipArchive } from './zip';

/**
 * Opens an .xlsx with the streaming scanner. Where the scanner declines (odd producers), SheetJS goes on
 * after the last row that was handed out: every row comes once, whoever read it.
 */
export async function openXlsx(path: string, archive: ZipArchive): Promise<SpreadsheetFile> {
  const parts = await readParts(archive);
  if (parts === undefined) await verifyContent(archive);
  if (parts === undefined) return withArchive(await openWithSheetJs(path), archive);
  let strings: Promise<string[]> | undefined;
  return {
    format: 'xlsx',
    sheets: parts.sheets.map(({ name, rows, hidden }) => ({ name, rows, hidden })),
    async *rows(sheetName, options) {
      const sheet = parts.sheets.find(({ name }) => name === sheetName);
      if (sheet === undefined) throw rejectFile('no-such-sheet', `The file has no sheet named ${sheetName}.`);
      let lastRow = 0;
      try {
        for await (const batch of scan(
          archive,
          { ...parts, strings: await (strings ??= readSharedStrings(archive, parts)) },
          sheet,
        )) {
          lastRow = batch.at(-1)?.row ?? lastRow;
          yield batch;
        }
      } catch (error) {
        if (!(error instanceof ScannerDeclined)) throw error;
        await verifyContent(archive);
        const fallback = await openWithSheetJs(path);
        for await (const batch of fallback.rows(sheetName, options)) {
          const rest = batch.filter(({ row }) => row > lastRow);
          if (rest.length > 0) yield rest;
        }
      }
    },
    close: () => archive.close(),
  };
}

/** SheetJS is large and checks nothing itself: loaded only here, on an archive that was verified. */
async function openWithSheetJs(path: string): Promise<SpreadsheetFile> {
  const { openWithSheetJs: open } = await import('./sheetjs-file');
  return open(path, 'xlsx');
}

async function readParts(archive: ZipArchive): Promise<XlsxParts | undefined> {
  try {
    return await readXlsxParts(archive);
  } catch (error) {
    if (error instanceof ScannerDeclined) return undefined;
    throw error;
  }
}

const withArchive = (file: SpreadsheetFile, archive: ZipArchive): SpreadsheetFile => ({
  ...file,
  close: async () => {
    await file.close();
    await archive.close();
  },
});

async function* scan(
  archive: ZipArchive,
  context: SheetContext,
  sheet: XlsxSheet,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  const scanner = new SheetScanner(context);
  let isFirst = true;
  for await (const text of wholeElements(archive.read(sheet.entry), 'row')) {
    if (isFirst && !/<worksheet[\s>]/.test(text)) throw new ScannerDeclined('no plain worksheet');
    isFirst = false;
    const rows = scanner.scan(text);
    if (rows.length > 0) yield rows;
  }
}

async function readSharedStrings(archive: ZipArchive, parts: XlsxParts): Promise<string[]> {
  const strings: string[] = [];
  if (parts.sharedStrings === undefined) return strings;
  let isFirst = true;
  for await (const text of wholeElements(archive.read(parts.sharedStrings), 'si')) {
    if (isFirst && !/<sst[\s>/]/.test(text)) throw new ScannerDeclined('no plain string table');
    isFirst = false;
    scanSharedStrings(text, strings);
  }
  return strings;
}
