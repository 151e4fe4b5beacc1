import type { CellValue } from '@shared/domain/cell';
import { isoFromSerial, roundToExcelPrecision } from './cell-values';
import { rejectFile } from './rejection';
import { MAX_COLUMNS, type SourceRow } from './row-source';
import { assertPlainXml, ScannerDeclined } from './xlsx-parts';
import { decodeCellText } from './xml-text';

/** A row longer than this is no row of contacts; it bounds the memory for what is not complete yet. */
const MAX_ELEMENT_BYTES = 16 * 1024 ** 2;
const LAST_ROW = 1_048_576;

/**
 * Cuts a stream of XML into pieces of text that begin with an element and hold only whole ones:
 * a piece ends before the last `<element` that has arrived. Declines what is not plain UTF-8 XML.
 */
export async function* wholeElements(
  pieces: AsyncIterable<Buffer>,
  element: string,
): AsyncGenerator<string, void, undefined> {
  const opening = Buffer.from(`<${element}`);
  let rest: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const piece of pieces) {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const cut = bytes.lastIndexOf(opening);
    rest = cut <= 0 ? bytes : bytes.subarray(cut);
    if (rest.length > MAX_ELEMENT_BYTES) throw rejectFile('too-large', 'A single row is larger than 16 MB.');
    if (cut <= 0) continue;
    const text = bytes.toString('utf8', 0, cut);
    if (isFirst) assertPlainXml(text);
    else if (text.includes('<!')) throw new ScannerDeclined('comment or CDATA');
    isFirst = false;
    yield text;
  }
  const text = rest.toString('utf8');
  assertPlainXml(text);
  yield text;
}

/** Appends the strings of a piece of sharedStrings.xml; phonetic guides are not part of a string. */
export function scanSharedStrings(text: string, strings: string[]): void {
  for (let at = text.indexOf('<si'); at !== -1; at = text.indexOf('<si', at)) {
    const open = text.indexOf('>', at);
    if (open === -1) throw new ScannerDeclined('broken string table');
    if (text[open - 1] === '/') {
      strings.push('');
      at = open + 1;
      continue;
    }
    const end = text.indexOf('</si>', open);
    if (end === -1) throw new ScannerDeclined('broken string table');
    strings.push(runsOfText(text, open + 1, end));
    at = end + 5;
  }
}

/** The text of all `<t>` between two places, without those of phonetic guides (`<rPh>`). */
function runsOfText(text: string, from: number, to: number): string {
  let result = '';
  for (let at = from; at < to;) {
    const open = text.indexOf('<', at);
    if (open === -1 || open >= to) break;
    if (text.startsWith('<rPh', open)) {
      const end = text.indexOf('</rPh>', open);
      at = end === -1 ? to : end + 6;
      continue;
    }
    const close = text.indexOf('>', open);
    if (close === -1) break;
    at = close + 1;
    const isText = text[open + 1] === 't' && /[\s>]/.test(text[open + 2] ?? '') && text[close - 1] !== '/';
    if (!isText) continue;
    const end = text.indexOf('</t>', at);
    if (end === -1 || end > to) throw new ScannerDeclined('broken text');
    result += text.slice(at, end);
    at = end + 4;
  }
  return decodeCellText(result);
}

export interface SheetContext {
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly epoch1904: boolean;
}

/** Reads the rows of a sheet's XML, piece after piece; knows how far it has come. */
export class SheetScanner {
  private lastRow = 0;

  constructor(private readonly context: SheetContext) {}

  /** The rows of a piece from {@link wholeElements}. */
  scan(text: string): SourceRow[] {
    const rows: SourceRow[] = [];
    for (let at = text.indexOf('<row'); at !== -1;) {
      const next = text.charCodeAt(at + 4);
      // `<rowBreaks>` comes after the cells.
      if (next !== SPACE && next !== GREATER && next !== SLASH && next > SPACE) {
        at = text.indexOf('<row', at + 4);
        continue;
      }
      const open = text.indexOf('>', at);
      if (open === -1) throw new ScannerDeclined('broken row');
      const row = this.rowNumber(text.slice(at + 4, open));
      const isEmpty = text.charCodeAt(open - 1) === SLASH;
      const end = isEmpty ? open : text.indexOf('</row>', open);
      if (end === -1) throw new ScannerDeclined('broken row');
      if (!isEmpty) rows.push({ row, cells: this.cells(text, open + 1, end) });
      at = text.indexOf('<row', end);
    }
    return rows;
  }

  private rowNumber(attributes: string): number {
    const given = /\sr="(\d{1,7})"/.exec(attributes)?.[1];
    const row = given === undefined ? this.lastRow + 1 : Number(given);
    if (row <= this.lastRow || row > LAST_ROW) throw new ScannerDeclined('rows out of order');
    this.lastRow = row;
    return row;
  }

  private cells(text: string, from: number, to: number): CellValue[] {
    const cells: CellValue[] = [];
    let column = -1;
    for (let at = text.indexOf('<c', from); at !== -1 && at < to;) {
      const open = text.indexOf('>', at);
      if (open === -1) throw new ScannerDeclined('broken cell');
      const tag = new CellTag(text, at + 2, open);
      column = tag.column ?? column + 1;
      if (text.charCodeAt(open - 1) === SLASH) {
        at = text.indexOf('<c', open);
        continue;
      }
      const end = text.indexOf('</c>', open);
      if (end === -1 || end > to) throw new ScannerDeclined('broken cell');
      if (column < MAX_COLUMNS) {
        while (cells.length < column) cells.push(null);
        cells[column] = this.value(text, open + 1, end, tag);
      }
      at = text.indexOf('<c', end);
    }
    return cells;
  }

  private value(text: string, from: number, to: number, tag: CellTag): CellValue {
    if (tag.type === 'inlineStr') return runsOfText(text, from, to);
    const raw = valueText(text, from, to);
    if (raw === undefined || raw === '') return null;
    switch (tag.type) {
      case 's':
        return this.sharedString(raw);
      case 'str':
      case 'e':
        return decodeCellText(raw);
      case 'b':
        return raw === '1' || raw === 'true';
      case 'd':
        return raw.replace(/T00:00:00(?:\.0+)?Z?$/, '');
      case 'n':
        return this.number(raw, tag.style);
      default:
        throw new ScannerDeclined(`cells of type ${tag.type}`);
    }
  }

  private sharedString(index: string): string {
    const value = this.context.strings[Number(index)];
    if (value === undefined) throw rejectFile('damaged', 'The file is damaged: a text of a cell is missing.');
    return value;
  }

  private number(raw: string, style: number): CellValue {
    const value = Number(raw);
    if (!Number.isFinite(value)) throw new ScannerDeclined('a number that is none');
    return this.context.dateStyles[style] === true
      ? isoFromSerial(value, this.context.epoch1904)
      : roundToExcelPrecision(value);
  }
}

const SPACE = 32;
const SINGLE_QUOTE = 39;
const SLASH = 47;
const GREATER = 62;
const UPPER_A = 65;
const UPPER_Z = 90;

/** The attributes r, s and t of `<c …>`, found in one pass: most of the time goes into this. */
class CellTag {
  /** 0-based; absent where the cell does not say it. */
  readonly column: number | undefined;
  readonly style: number;
  readonly type: string;

  constructor(text: string, from: number, to: number) {
    let column: number | undefined;
    let style = 0;
    let type = 'n';
    for (let at = from; at < to;) {
      const equals = text.indexOf('="', at);
      const isLast = equals === -1 || equals >= to;
      declineSingleQuotes(text, at, isLast ? to : equals);
      if (isLast) break;
      const start = equals + 2;
      const end = text.indexOf('"', start);
      if (end === -1 || end > to) throw new ScannerDeclined('broken cell');
      if (text.charCodeAt(equals - 2) <= SPACE) {
        const name = text[equals - 1];
        if (name === 'r') column = columnOf(text, start, end);
        else if (name === 's') style = Number(text.slice(start, end));
        else if (name === 't') type = text.slice(start, end);
      }
      at = end + 1;
    }
    this.column = column;
    this.style = style;
    this.type = type;
  }
}

/** Attributes in single quotes would be overlooked. What is looked at is a name and a space: two characters. */
function declineSingleQuotes(text: string, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    if (text.charCodeAt(at) === SINGLE_QUOTE) throw new ScannerDeclined('single quotes');
  }
}

/** "AB12" → 27. */
function columnOf(text: string, start: number, end: number): number {
  let column = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < UPPER_A || code > UPPER_Z) break;
    column = column * 26 + code - UPPER_A + 1;
  }
  if (column === 0) throw new ScannerDeclined('a cell without a column');
  return column - 1;
}

/** What stands in `<v>`; a formula before it is passed over. */
function valueText(text: string, from: number, to: number): string | undefined {
  // The usual cell: <v> is the first thing in it.
  const open = text.startsWith('<v>', from) ? from : text.indexOf('<v', from);
  if (open === -1 || open >= to) return undefined;
  const start = text.indexOf('>', open) + 1;
  if (text.charCodeAt(start - 2) === SLASH) return undefined;
  const end = text.indexOf('</v>', start);
  return end === -1 || end > to ? undefined : text.slice(start, end);
}
