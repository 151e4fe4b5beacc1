import { isAscii, isUtf8 } from 'node:buffer';
import type { CellValue } from '@shared/domain/cell';
import { isoFromSerial, roundToExcelPrecision } from './cell-values';
import { XmlFrame } from './canonical-xml';
import { ScannerDeclined } from './declined';
import { rejectFile } from './rejection';
import { MAX_COLUMNS, type SourceRow } from './row-source';
import { decodeCellText, decodeXml } from './xml-text';

/** A row longer than this is no row of contacts; it bounds the memory for what is not complete yet. */
const MAX_ELEMENT_BYTES = 16 * 1024 ** 2;
const LAST_ROW = 1_048_576;
/** Half a million rows with eight texts each, no two alike, stay below it. */
const MAX_STRING_CHARACTERS = 256 * 1024 ** 2;
const STRING_OVERHEAD = 24;

/** Where a scanner is in a part: before the elements it looks for, among them, or behind them. */
type Place = 'before' | 'within' | 'after';

/**
 * Cuts a stream of XML into pieces of text that begin with an element and hold only whole ones: a piece ends
 * before the last `<element` that has arrived. Declines what is not plain XML in UTF-8.
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
    yield plainText(bytes.subarray(0, cut), isFirst);
    isFirst = false;
  }
  yield plainText(rest, isFirst);
}

/** UTF-8 without comments, CDATA or entities of its own: what the scanner does not have to understand. */
function plainText(bytes: Buffer, isFirst: boolean): string {
  if (!isUtf8(bytes)) throw new ScannerDeclined('bytes that are no UTF-8');
  // The usual piece has no foreign letters, and is decoded sooner when that is known.
  const text = bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
  if (text.includes('<!')) throw new ScannerDeclined('comment, CDATA or DOCTYPE');
  const encoding = isFirst ? /^\uFEFF?<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1] : undefined;
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    throw new ScannerDeclined(`encoding ${encoding}`);
  }
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Reads the strings of sharedStrings.xml, piece after piece from {@link wholeElements}. */
export class StringScanner {
  readonly strings: string[] = [];
  private characters = 0;
  private place: Place = 'before';
  private readonly frame = new XmlFrame('sharedStrings.xml');

  scan(text: string): void {
    let at = this.place === 'before' ? this.start(text) : 0;
    for (;;) {
      if (this.place === 'after') {
        this.frame.push(text.slice(at));
        return;
      }
      at = skipSpace(text, at);
      if (at === text.length) return;
      if (startsTag(text, at, '<si')) at = this.item(text, at);
      else if (text.startsWith('</sst>', at) || startsTag(text, at, '<extLst')) this.place = 'after';
      else throw new ScannerDeclined('something else between strings');
    }
  }

  /** Throws `damaged` where the table is cut off. */
  end(): void {
    this.frame.end();
  }

  private start(text: string): number {
    const root = text.indexOf('<sst');
    if (root === -1) throw new ScannerDeclined('no plain string table');
    const start = tagEnd(text, root) + 1;
    const path = this.frame.push(text.slice(0, start)).join('/');
    if (path !== 'sst' && path !== '') throw new ScannerDeclined('no plain string table');
    this.place = path === '' ? 'after' : 'within';
    return start;
  }

  private item(text: string, at: number): number {
    const open = tagEnd(text, at);
    const isEmpty = text.charCodeAt(open - 1) === SLASH;
    const end = isEmpty ? open : text.indexOf('</si>', open);
    if (end === -1) throw new ScannerDeclined('broken string table');
    const string = isEmpty ? '' : runsOfText(text, open + 1, end);
    this.strings.push(string);
    // V8 keeps the XML that short strings were cut from.
    this.characters += end - at + STRING_OVERHEAD;
    if (this.characters > MAX_STRING_CHARACTERS)
      throw rejectFile('too-large', 'The texts of the file take more memory than a contact list needs.');
    return isEmpty ? open + 1 : end + 5;
  }
}

/** The text of all `<t>` between two places, without those of phonetic guides (`<rPh>`). */
function runsOfText(text: string, from: number, to: number): string {
  let result = '';
  const path: string[] = [];
  for (let at = from; at < to;) {
    const open = text.indexOf('<', at);
    if (skipSpace(text, at) < Math.min(open, to)) throw new ScannerDeclined('text outside of its element');
    if (open >= to) break;
    const close = tagEnd(text, open);
    at = close + 1;
    if (text.charCodeAt(close - 1) === SLASH) continue;
    if (text.charCodeAt(open + 1) === SLASH) {
      if (path.pop() !== text.slice(open + 2, close)) throw new ScannerDeclined('tags that do not match');
    } else if (startsTag(text, open, '<t')) {
      const end = text.indexOf('<', at);
      if (end >= to || !text.startsWith('</t>', end)) throw new ScannerDeclined('broken text');
      // An escape never reaches over two runs.
      const run = decodeCellText(text.slice(at, end));
      if (!path.includes('rPh')) result += run;
      at = end + 4;
    } else path.push(/^[\w.:-]+/.exec(text.slice(open + 1, close))?.[0] ?? '');
  }
  if (path.length > 0) throw new ScannerDeclined('tags that do not match');
  return result;
}

export interface SheetContext {
  readonly strings: readonly string[];
  readonly dateStyles: readonly boolean[];
  readonly epoch1904: boolean;
}

/** Reads the rows of a sheet's XML, piece after piece; what is not of the usual shape it declines. */
export class SheetScanner {
  private lastRow = 0;
  private place: Place = 'before';
  private readonly frame = new XmlFrame('worksheet');

  constructor(private readonly context: SheetContext) {}

  /** The rows of a piece from {@link wholeElements}. */
  scan(text: string): SourceRow[] {
    const rows: SourceRow[] = [];
    let at = this.place === 'before' ? this.start(text) : 0;
    while (this.place === 'within') {
      at = skipSpace(text, at);
      if (at === text.length) return rows;
      if (startsTag(text, at, '<row')) at = this.row(text, at, rows);
      else if (text.startsWith('</sheetData>', at)) this.place = 'after';
      else throw new ScannerDeclined('something else between rows');
    }
    this.frame.push(text.slice(at));
    return rows;
  }

  /** Throws `damaged` where the sheet is cut off. */
  end(): void {
    this.frame.end();
  }

  /** Where the rows begin. */
  private start(text: string): number {
    const data = text.indexOf('<sheetData');
    if (data === -1) throw new ScannerDeclined('no plain sheet');
    const start = tagEnd(text, data) + 1;
    const isEmpty = text.charCodeAt(start - 2) === SLASH;
    const path = this.frame.push(text.slice(0, start)).join('/');
    if (path !== (isEmpty ? 'worksheet' : 'worksheet/sheetData')) throw new ScannerDeclined('no plain sheet');
    this.place = isEmpty ? 'after' : 'within';
    return start;
  }

  private row(text: string, at: number, rows: SourceRow[]): number {
    const open = tagEnd(text, at);
    const row = this.rowNumber(text.slice(at + 4, open));
    if (text.charCodeAt(open - 1) === SLASH) return open + 1;
    const cells: CellValue[] = [];
    const end = this.cells(text, open + 1, cells);
    rows.push({ row, cells });
    return end;
  }

  private rowNumber(attributes: string): number {
    const [, given, more] = /\sr="([^"]*)"(?:.*(\sr="))?/s.exec(attributes) ?? [];
    if (more !== undefined) throw new ScannerDeclined('an attribute is there twice');
    if (given !== undefined && !/^\d{1,7}$/.test(given)) throw new ScannerDeclined('a row without a number');
    const row = given === undefined ? this.lastRow + 1 : Number(given);
    if (row <= this.lastRow || row > LAST_ROW) throw new ScannerDeclined('rows out of order');
    this.lastRow = row;
    return row;
  }

  /** Reads the cells of a row; the result is the place behind its end tag. */
  private cells(text: string, from: number, cells: CellValue[]): number {
    let column = -1;
    for (let at = from; ;) {
      at = skipSpace(text, at);
      if (!startsTag(text, at, '<c')) {
        if (text.startsWith('</row>', at)) return at + 6;
        at = skipExtensions(text, at);
        continue;
      }
      const open = text.indexOf('>', at);
      if (open === -1) throw new ScannerDeclined('broken cell');
      const tag = new CellTag(text, at + 2, open);
      column = tag.column ?? column + 1;
      if (text.charCodeAt(open - 1) === SLASH) {
        at = open + 1;
        continue;
      }
      const content = this.content(text, open + 1, tag);
      if (column < MAX_COLUMNS) {
        while (cells.length < column) cells.push(null);
        cells[column] = content.value;
      }
      at = content.end;
    }
  }

  /** What stands in a cell, and the place behind its end tag. */
  private content(text: string, from: number, tag: CellTag): { value: CellValue; end: number } {
    // The usual cell: nothing but its value.
    if (text.startsWith('<v>', from)) {
      const end = text.indexOf('<', from + 3);
      if (text.startsWith('</v></c>', end))
        return { value: this.value(text.slice(from + 3, end), tag), end: end + 8 };
    }
    let value: CellValue = null;
    for (let at = from; ;) {
      at = skipSpace(text, at);
      if (text.startsWith('</c>', at)) return { value, end: at + 4 };
      if (startsTag(text, at, '<f') || startsTag(text, at, '<v') || startsTag(text, at, '<is')) {
        const child = childOf(text, at);
        if (child.name === 'v' && tag.type !== 'inlineStr') value = this.value(child.content, tag);
        else if (child.name !== 'is') decodeXml(child.content);
        if (child.name === 'is' && tag.type === 'inlineStr')
          value = runsOfText(child.content, 0, child.content.length);
        at = child.end;
      } else at = skipExtensions(text, at);
    }
  }

  private value(raw: string, tag: CellTag): CellValue {
    if (raw === '') return null;
    switch (tag.type) {
      case 's':
        return this.sharedString(raw);
      case 'str':
      case 'e':
        return decodeCellText(raw);
      case 'b':
        return booleanOf(raw);
      case 'd':
        return isoDate(raw);
      case 'n':
        return this.number(raw, tag.style);
      default:
        throw new ScannerDeclined(`cells of type ${tag.type}`);
    }
  }

  private sharedString(index: string): string {
    const value = this.context.strings[indexOf(index)];
    if (value === undefined) throw rejectFile('damaged', 'The file is damaged: a text of a cell is missing.');
    return value;
  }

  private number(raw: string, style: number): CellValue {
    const value = Number(raw);
    if (!Number.isFinite(value) || !isDecimal(raw)) throw new ScannerDeclined('a number that is none');
    return this.context.dateStyles[style] === true
      ? isoFromSerial(value, this.context.epoch1904)
      : roundToExcelPrecision(value);
  }
}

const SPACE = 32;
const QUOTE = 34;
const SINGLE_QUOTE = 39;
const SLASH = 47;
const ZERO = 48;
const NINE = 57;
const EQUALS = 61;
const GREATER = 62;
const UPPER_A = 65;
const UPPER_Z = 90;
const PLAIN_TAG = /^<(?:\/[a-zA-Z][\w:.-]*|[a-zA-Z][\w:.-]*(?:\s+[a-zA-Z][\w:.-]*="[^"<>&]*")*\s*\/?)$/;

/** Each attribute of a cell counts in two bits of its own. */
const TWICE = 0b101010;

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
    let known = 0;
    for (let at = from; at < to;) {
      const equals = text.indexOf('="', at);
      const isLast = equals === -1 || equals >= to;
      declineOddities(text, at, isLast ? to : equals);
      if (isLast) break;
      const start = equals + 2;
      const end = text.indexOf('"', start);
      if (end === -1 || end > to) throw new ScannerDeclined('broken cell');
      if (text.charCodeAt(equals - 2) <= SPACE) {
        const name = text[equals - 1];
        if (name === 'r') column = columnOf(text, start, end);
        else if (name === 's') style = indexOf(text.slice(start, end));
        else if (name === 't') type = text.slice(start, end);
        known += name === 'r' ? 1 : name === 's' ? 4 : name === 't' ? 16 : 0;
      } else if (/[<&]/.test(text.slice(start, end))) throw new ScannerDeclined('odd attributes');
      at = end + 1;
    }
    // One of them twice is a bit that only two of a kind can set.
    if ((known & TWICE) !== 0) throw new ScannerDeclined('an attribute is there twice');
    this.column = column;
    this.style = style;
    this.type = type;
  }
}

/**
 * Attributes in single quotes or with spaces around the equals sign would be overlooked. What is looked at
 * is a name and the space before it: two characters.
 */
function declineOddities(text: string, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === SINGLE_QUOTE || code === EQUALS || code === QUOTE)
      throw new ScannerDeclined('odd attributes');
  }
  if (text.charCodeAt(to - 1) <= SPACE && text.charCodeAt(to) === EQUALS)
    throw new ScannerDeclined('odd attributes');
}

/** "AB12" → 27. */
function columnOf(text: string, start: number, end: number): number {
  let column = 0;
  let at = start;
  for (; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < UPPER_A || code > UPPER_Z) break;
    column = column * 26 + code - UPPER_A + 1;
  }
  const letters = at - start;
  while (at < end && isDigit(text.charCodeAt(at))) at += 1;
  if (column === 0 || letters > LONGEST_COLUMN || at < end)
    throw new ScannerDeclined('a cell without a column');
  return column - 1;
}

const LONGEST_COLUMN = 3;

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** A number without a sign, in digits only; declines anything else. */
function indexOf(text: string): number {
  let index = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) throw new ScannerDeclined('an index that is none');
    index = index * 10 + code - ZERO;
  }
  if (text === '') throw new ScannerDeclined('an index that is none');
  return index;
}

/** Number() takes blanks for 0, and reads hexadecimal, octal and binary digits, too. */
function isDecimal(raw: string): boolean {
  const first = raw.charCodeAt(0);
  if (first > SPACE && first !== ZERO) return true;
  const digits = raw.trim();
  return digits !== '' && !/^0[xob]/i.test(digits);
}

function booleanOf(raw: string): boolean {
  if (raw === '1' || raw === 'true') return true;
  if (raw === '0' || raw === 'false') return false;
  throw new ScannerDeclined('a truth value that is none');
}

/** ISO 8601 as it stands in the cell, without a midnight. */
function isoDate(raw: string): string {
  if (!/^\d[\dT:.Z+-]*$/.test(raw)) throw new ScannerDeclined('a date that is none');
  return raw.replace(/T00:00(?::00(?:\.0+)?)?Z?$/, '');
}

/** Whether this element begins at a place: `<c` is not the beginning of `<cols>`. */
function startsTag(text: string, at: number, tag: string): boolean {
  if (!text.startsWith(tag, at)) return false;
  const next = text.charCodeAt(at + tag.length);
  return next === GREATER || next === SLASH || next <= SPACE;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= SPACE) at += 1;
  return at;
}

/** The `>` of a tag; declines what is not of the usual form, as attributes may hold one, too. */
function tagEnd(text: string, at: number): number {
  const end = text.indexOf('>', at);
  if (end === -1 || !PLAIN_TAG.test(text.slice(at, end))) throw new ScannerDeclined('odd attributes');
  return end;
}

interface Child {
  readonly name: string;
  readonly content: string;
  /** The place behind it. */
  readonly end: number;
}

/** An element within a cell. */
function childOf(text: string, at: number): Child {
  const open = tagEnd(text, at);
  const name = /^[a-zA-Z]+/.exec(text.slice(at + 1, at + 10))?.[0] ?? '';
  if (text.charCodeAt(open - 1) === SLASH) return { name, content: '', end: open + 1 };
  const end = text.indexOf(`</${name}>`, open);
  if (end === -1) throw new ScannerDeclined('broken cell');
  const content = text.slice(open + 1, end);
  if (name !== 'is' && content.includes('<')) throw new ScannerDeclined('broken cell');
  if (content.includes('</c>')) throw new ScannerDeclined('broken cell');
  return { name, content, end: end + name.length + 3 };
}

/** Passes over what other programs put into rows and cells; declines anything else. */
function skipExtensions(text: string, at: number): number {
  if (!startsTag(text, at, '<extLst')) throw new ScannerDeclined('something else in a row');
  const open = tagEnd(text, at);
  if (text.charCodeAt(open - 1) === SLASH) return open + 1;
  const end = text.indexOf('</extLst>', open);
  const row = text.indexOf('</row>', open);
  if (end === -1 || (row !== -1 && row < end)) throw new ScannerDeclined('broken extension');
  return end + '</extLst>'.length;
}
