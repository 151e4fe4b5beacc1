import { canonicalXml } from './canonical-xml';
import { ScannerDeclined } from './declined';
import { verifyContent } from './preflight';
import { rejectFile } from './rejection';
import type { SourceRow, SpreadsheetFile } from './row-source';
import { readXlsxParts } from './xlsx-parts';
import { wholeElements } from './xlsx-elements';
import { SheetScanner } from './xlsx-sheet';
import { StringScanner, StringTable } from './xlsx-strings';
import type { ZipArchive, ZipEntry } from './zip';

/**
 * Opens an .xlsx with the streaming scanner. What the scanner declines (prefixes, CDATA, other encodings…)
 * it reads again as canonical XML, going on after the last row that was handed out: every row comes once.
 * What it declines then as well is no spreadsheet that Excel would open, and is refused.
 *
 * `verify` unpacks every part once to check it before anything is answered. That is mostly the work of another
 * thread, during which this one reads the strings.
 */
export async function openXlsx(
  archive: ZipArchive,
  { verify }: { readonly verify: boolean },
): Promise<SpreadsheetFile> {
  const [verified, opened] = await Promise.allSettled([
    verify ? verifyContent(archive) : undefined,
    openParts(archive, verify),
  ]);
  // What is wrong with the bytes explains whatever else went wrong.
  if (verified.status === 'rejected') throw verified.reason;
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

async function openParts(archive: ZipArchive, readStrings: boolean): Promise<SpreadsheetFile> {
  const parts = await readXlsxParts(archive);
  let strings = readStrings ? knownStrings(archive, parts.sharedStrings) : undefined;
  await strings;
  return {
    format: 'xlsx',
    sheets: parts.sheets.map(({ name, rows, hidden }) => ({ name, rows, hidden })),
    async *rows(sheetName) {
      const sheet = parts.sheets.find(({ name }) => name === sheetName);
      if (sheet === undefined) throw rejectFile('no-such-sheet', `The file has no sheet named ${sheetName}.`);
      strings ??= knownStrings(archive, parts.sharedStrings);
      const context = { ...parts, strings: await strings };
      let lastRow = 0;
      try {
        for await (const batch of scanSheet(archive.read(sheet.entry), new SheetScanner(context))) {
          lastRow = batch.at(-1)?.row ?? lastRow;
          yield batch;
        }
      } catch (error) {
        if (!(error instanceof ScannerDeclined)) throw error;
        yield* onceMore(archive, sheet.entry, new SheetScanner(context), lastRow);
      }
    },
    close: () => archive.close(),
  };
}

async function* scanSheet(
  xml: AsyncIterable<Buffer>,
  scanner: SheetScanner,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  for await (const text of wholeElements(xml, 'row')) {
    const rows = scanner.scan(text);
    if (rows.length > 0) yield rows;
  }
  scanner.end();
}

/** The rows after `lastRow`, read from canonical XML. */
async function* onceMore(
  archive: ZipArchive,
  entry: ZipEntry,
  scanner: SheetScanner,
  lastRow: number,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  try {
    for await (const batch of scanSheet(canonicalXml(archive.read(entry), entry.name), scanner)) {
      const rest = (batch[0]?.row ?? 0) > lastRow ? batch : batch.filter(({ row }) => row > lastRow);
      if (rest.length > 0) yield rest;
    }
  } catch (error) {
    throw named(error, entry);
  }
}

/** Of the file that this thread has read last, which is often the next one: it is looked into, and then imported. */
let lastRead: { readonly identity: string; readonly strings: StringTable } | undefined;

async function knownStrings(archive: ZipArchive, entry: ZipEntry | undefined): Promise<StringTable> {
  if (lastRead?.identity === archive.identity) return lastRead.strings;
  // Never in memory together with those of the next file.
  lastRead = undefined;
  const strings = await readSharedStrings(archive, entry);
  lastRead = { identity: archive.identity, strings };
  return strings;
}

async function readSharedStrings(archive: ZipArchive, entry: ZipEntry | undefined): Promise<StringTable> {
  if (entry === undefined) return new StringTable();
  try {
    return await scanStrings(archive.read(entry));
  } catch (error) {
    if (!(error instanceof ScannerDeclined)) throw error;
  }
  try {
    return await scanStrings(canonicalXml(archive.read(entry), entry.name));
  } catch (error) {
    throw named(error, entry);
  }
}

async function scanStrings(xml: AsyncIterable<Buffer>): Promise<StringTable> {
  const scanner = new StringScanner();
  for await (const text of wholeElements(xml, 'si')) scanner.scan(text);
  scanner.end();
  return scanner.strings;
}

/** Canonical XML that is declined breaks the format itself: Excel would want to repair the file, too. */
function named(error: unknown, { name }: ZipEntry): unknown {
  if (!(error instanceof ScannerDeclined)) return error;
  return rejectFile('damaged', `The file is damaged: the part ${name} breaks the format (${error.message}).`);
}
