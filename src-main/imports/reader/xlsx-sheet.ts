import type { CellValue } from '@shared/domain/cell';
import { XmlFrame } from './canonical-xml';
import { ScannerDeclined } from './declined';
import { type NumberLook, shownNumber } from './number-look';
import { rejectFile } from './rejection';
import { MAX_COLUMNS, type SourceRow } from './row-source';
import { CellTag, indexOf } from './xlsx-cell-tag';
import { PlainCell } from './xlsx-plain-cell';
import { runsOfText, type StringTable } from './xlsx-strings';
import { type Place, skipSpace, SLASH, SPACE, startsTag, tagEnd } from './xlsx-tags';
import { decodeCellText, decodeXml } from './xml-text';

const LAST_ROW = 1_048_576;
const ZERO = 48;

export interface SheetContext {
  readonly strings: Pick<StringTable, 'at'>;
  readonly numberStyles: readonly NumberLook[];
  readonly epoch1904: boolean;
}

/** Reads the rows of a sheet's XML, piece after piece; what is not of the usual shape it declines. */
export class SheetScanner {
  private lastRow = 0;
  private place: Place = 'before';
  private readonly frame = new XmlFrame('worksheet');
  private readonly plain = new PlainCell();

  constructor(private readonly context: SheetContext) {}

  /** The rows of a piece from wholeElements (xlsx-elements.ts). */
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
    const row = this.rowNumber(text, at + 4, open);
    if (text.charCodeAt(open - 1) === SLASH) return open + 1;
    const cells: CellValue[] = [];
    const end = this.cells(text, open + 1, cells);
    rows.push({ row, cells });
    return end;
  }

  private rowNumber(text: string, from: number, to: number): number {
    const row =
      nextRow(text, from, to, this.lastRow + 1) ?? readRowNumber(text.slice(from, to)) ?? this.lastRow + 1;
    if (row <= this.lastRow || row > LAST_ROW) throw new ScannerDeclined('rows out of order');
    this.lastRow = row;
    return row;
  }

  /** Reads the cells of a row; the result is the place behind its end tag. */
  private cells(text: string, from: number, cells: CellValue[]): number {
    let column = -1;
    for (let at = from; ;) {
      at = skipSpace(text, at);
      if (this.plain.read(text, at)) {
        column = this.plain.column;
        put(cells, column, this.plainValue(text));
        at = this.plain.end;
        continue;
      }
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
      put(cells, column, content.value);
      at = content.end;
    }
  }

  private plainValue(text: string): CellValue {
    const { isShared, index, from, to, style } = this.plain;
    return isShared ? this.sharedString(index) : this.number(text.slice(from, to), style);
  }

  /** What stands in a cell, and the place behind its end tag. */
  private content(text: string, from: number, tag: CellTag): { value: CellValue; end: number } {
    // The usual cell: nothing but its value.
    if (text.startsWith('<v>', from)) {
      const end = text.indexOf('<', from + 3);
      if (text.startsWith('</v></c>', end))
        return { value: this.value(text.slice(from + 3, end), tag), end: end + 8 };
    }
    const holder = tag.type === 'inlineStr' ? 'is' : 'v';
    let value: CellValue = null;
    let isRead = false;
    for (let at = from; ;) {
      at = skipSpace(text, at);
      if (text.startsWith('</c>', at)) return { value, end: at + 4 };
      if (startsTag(text, at, '<f') || startsTag(text, at, '<v') || startsTag(text, at, '<is')) {
        const child = childOf(text, at);
        if (child.name === 'f') decodeXml(child.content);
        else if (child.content !== '') {
          if (isRead || child.name !== holder) throw new ScannerDeclined('a value that is not of its cell');
          value =
            holder === 'v'
              ? this.value(child.content, tag)
              : runsOfText(child.content, 0, child.content.length);
          isRead = true;
        }
        at = child.end;
      } else at = skipExtensions(text, at);
    }
  }

  private value(raw: string, tag: CellTag): CellValue {
    if (raw === '') return null;
    switch (tag.type) {
      case 's':
        return this.sharedString(indexOf(raw));
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

  private sharedString(index: number): string {
    const value = this.context.strings.at(index);
    if (value === undefined) throw rejectFile('damaged', 'The file is damaged: a text of a cell is missing.');
    return value;
  }

  private number(raw: string, style: number): CellValue {
    const value = Number(raw);
    if (!Number.isFinite(value) || !isDecimal(raw)) throw new ScannerDeclined('a number that is none');
    return shownNumber(value, this.context.numberStyles[style] ?? 'number', this.context.epoch1904);
  }
}

/** The number that the row is expected to have, where its attributes begin with it as nearly all do. */
function nextRow(text: string, from: number, to: number, expected: number): number | undefined {
  const start = ` r="${expected}"`;
  if (!text.startsWith(start, from)) return undefined;
  const rest = from + start.length;
  // Nothing else, or ` spans="1:8"`: no second number can be in it.
  if (rest === to) return expected;
  return text.startsWith(' spans="', rest) && text.indexOf('"', rest + 8) === to - 1 ? expected : undefined;
}

function readRowNumber(attributes: string): number | undefined {
  const [, given, more] = /\sr="([^"]*)"(?:.*(\sr="))?/s.exec(attributes) ?? [];
  if (more !== undefined) throw new ScannerDeclined('an attribute is there twice');
  if (given !== undefined && !/^\d{1,7}$/.test(given)) throw new ScannerDeclined('a row without a number');
  return given === undefined ? undefined : Number(given);
}

function put(cells: CellValue[], column: number, value: CellValue): void {
  if (column >= MAX_COLUMNS) return;
  while (cells.length < column) cells.push(null);
  // Which of them is meant, nobody can tell.
  if (column < cells.length && cells[column] !== null) throw new ScannerDeclined('two cells in one place');
  cells[column] = value;
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
  // Not looked for in all that follows: that would be the whole row again for each of its extensions.
  if (end === -1 || text.slice(open, end).includes('</row>')) throw new ScannerDeclined('broken extension');
  return end + '</extLst>'.length;
}
