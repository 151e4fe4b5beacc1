import { type FileHandle, open } from 'node:fs/promises';
import {
  type CsvDelimiter,
  type CsvEncoding,
  type CsvSniff,
  LETTERS_A_BROKEN_BYTE,
  sniffCsv,
} from '@shared/domain/csv-sniff';
import { unescapeFormula } from '@shared/domain/spreadsheet-safe';
import { CsvTokenizer } from './csv-tokenizer';
import { rejectFile } from './rejection';
import { MAX_COLUMNS, type ReadOptions, type SourceRow, type SpreadsheetFile } from './row-source';

const SNIFFED_BYTES = 64 * 1024;
const READ_BYTES = 256 * 1024;
/** A text file has one sheet; it needs a name because others have several. */
const SHEET = 'Sheet1';

const DELIMITER_NAMES: Readonly<Record<CsvDelimiter, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
};
const ENCODING_NAMES: Readonly<Record<CsvEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Windows-1252',
  'windows-1251': 'Windows-1251',
  'windows-1256': 'Windows-1256',
};

/** Opens a text file as rows; every cell stays text, so leading zeros and plus signs survive. */
export async function openCsv(path: string): Promise<SpreadsheetFile> {
  const file = await open(path, 'r');
  try {
    const sniff = await sniffFile(file);
    const { size } = await file.stat();
    let taken = 0;
    const kind = sniff.delimiter === '\t' ? 'tsv' : 'csv';
    return {
      format: `${kind}, ${ENCODING_NAMES[sniff.encoding]}, ${DELIMITER_NAMES[sniff.delimiter]}`,
      text: { encoding: ENCODING_NAMES[sniff.encoding], delimiter: sniff.delimiter },
      sheets: [{ name: SHEET, rows: null, hidden: false }],
      rows(sheet: string, options?: ReadOptions) {
        if (sheet !== SHEET) throw rejectFile('no-such-sheet', `The file has no sheet named ${sheet}.`);
        taken = 0;
        return readRows(file, sniff, options?.limit ?? Number.POSITIVE_INFINITY, (bytes) => (taken += bytes));
      },
      shareRead: () => Math.min(1, taken / Math.max(1, size)),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Judges by the first bytes. The first foreign letter may come later, though: a file that looks like UTF-8
 * at its beginning is read to its end, and where it is not UTF-8 after all, the bytes around that place tell;
 * not where so much was UTF-8 before it that only a letter can be broken.
 */
async function sniffFile(file: FileHandle): Promise<CsvSniff> {
  const bytes = await readAt(file, 0, SNIFFED_BYTES);
  const sniff = sniffCsv(bytes);
  if (sniff.encoding !== 'utf-8' || sniff.encodingStated || bytes.length < SNIFFED_BYTES) return sniff;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let position = 0;
  let characters = 0;
  for await (const piece of pieces(file, 0)) {
    try {
      characters += decoder.decode(piece, { stream: true }).length;
    } catch {
      if (position - characters >= LETTERS_A_BROKEN_BYTE) return sniff;
      const around = await readAt(file, position, READ_BYTES);
      return { ...sniff, encoding: sniffCsv(around).encoding };
    }
    position += piece.length;
  }
  return sniff;
}

async function* readRows(
  file: FileHandle,
  sniff: CsvSniff,
  limit: number,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly SourceRow[], void, undefined> {
  const decoder = new TextDecoder(sniff.encoding);
  const tokenizer = new CsvTokenizer(sniff.delimiter);
  let row = 0;
  const number = (records: readonly string[][]): SourceRow[] =>
    records.map((cells) => {
      row += 1;
      return { row, cells: unescaped(cells.length > MAX_COLUMNS ? cells.slice(0, MAX_COLUMNS) : cells) };
    });
  for await (const piece of pieces(file, sniff.dataOffset)) {
    onBytes(piece.length);
    yield number(tokenizer.push(decoder.decode(piece, { stream: true })));
    if (row >= limit) return;
  }
  yield number([...tokenizer.push(decoder.decode()), ...tokenizer.end()]);
}

/** Cells that an export of ours or of others kept from running as formulas come home as they were. */
function unescaped(cells: string[]): string[] {
  return cells.some((cell) => cell.startsWith("'")) ? cells.map(unescapeFormula) : cells;
}

async function* pieces(file: FileHandle, from: number): AsyncGenerator<Buffer, void, undefined> {
  for (let position = from; ;) {
    const bytes = await readAt(file, position, READ_BYTES);
    if (bytes.length === 0) return;
    position += bytes.length;
    yield bytes;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
