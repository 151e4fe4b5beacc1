import { rejectFile } from './rejection';

const QUOTE = '"';
const CARRIAGE_RETURN = 13;
/** A record longer than this is one whose quotation mark was never closed, or no row. Excel's cells end at 32,767. */
const MAX_RECORD_CHARACTERS = 1_000_000;

/**
 * Splits text into records, piece by piece (RFC 4180, and what is met in the wild: rows of any length,
 * mixed line ends, quotation marks in the middle of a cell, text after a closing one). Every cell stays
 * the text it is; blank lines are records with one empty cell, so that a record's number is its row in Excel.
 */
export class CsvTokenizer {
  private rest = '';
  private records = 0;

  constructor(private readonly delimiter: string) {}

  /** The records that are complete by now. Throws `unclosed-quote` or `endless-row` where a record does not end. */
  push(text: string): string[][] {
    return this.split(this.rest + text, false);
  }

  /** The last record, where the text did not end with a line end. */
  end(): string[][] {
    return this.split(this.rest, true);
  }

  private split(text: string, isEnd: boolean): string[][] {
    const rows: string[][] = [];
    const cursor = new Cursor(text, this.delimiter, isEnd);
    while (cursor.position < text.length) {
      const start = cursor.position;
      const cells = cursor.record();
      if (cells === undefined) {
        this.keep(text.slice(start), isEnd, {
          row: this.records + rows.length + 1,
          isQuoted: cursor.isQuoted,
        });
        this.records += rows.length;
        return rows;
      }
      rows.push(cells);
    }
    this.rest = '';
    this.records += rows.length;
    return rows;
  }

  private keep(
    rest: string,
    isEnd: boolean,
    { row, isQuoted }: { readonly row: number; readonly isQuoted: boolean },
  ): void {
    if (isEnd || rest.length > MAX_RECORD_CHARACTERS) {
      if (isQuoted)
        throw rejectFile('unclosed-quote', `A quotation mark that opens in row ${row} is never closed.`);
      throw rejectFile('endless-row', `Row ${row} goes on for more than a million characters.`);
    }
    this.rest = rest;
  }
}

/**
 * Walks over one piece of text. What was found is remembered: most cells end before the next line end, and
 * in a file of one column there is no delimiter to be looked for again in every row.
 */
class Cursor {
  position = 0;
  /** Whether the text has ended within quotation marks. */
  isQuoted = false;
  private nextLineFeed: number;
  private nextReturn: number;
  private nextDelimiter: number;

  constructor(
    private readonly text: string,
    private readonly delimiter: string,
    private readonly isEnd: boolean,
  ) {
    this.nextLineFeed = this.find('\n', 0);
    this.nextReturn = this.find('\r', 0);
    this.nextDelimiter = this.find(delimiter, 0);
  }

  /** The next record, or nothing where the text ends within it and more may come. */
  record(): string[] | undefined {
    const cells: string[] = [];
    for (;;) {
      const quoted = this.text.startsWith(QUOTE, this.position) ? this.quoted() : '';
      this.isQuoted = quoted === undefined;
      if (quoted === undefined) return undefined;
      const end = this.cellEnd();
      if (end === undefined) return undefined;
      cells.push(quoted + this.text.slice(this.position, end));
      if (this.text.startsWith(this.delimiter, end)) {
        this.position = end + this.delimiter.length;
        continue;
      }
      this.position = this.afterLineEnd(end);
      return cells;
    }
  }

  /** The text within quotation marks; the position is behind the closing one. */
  private quoted(): string | undefined {
    const start = this.position + 1;
    let hasEscapes = false;
    for (let at = start; ;) {
      const close = this.text.indexOf(QUOTE, at);
      if (close === -1 || (close === this.text.length - 1 && !this.isEnd)) return undefined;
      if (this.text[close + 1] !== QUOTE) {
        this.position = close + 1;
        const inner = this.text.slice(start, close);
        return hasEscapes ? inner.replaceAll('""', QUOTE) : inner;
      }
      hasEscapes = true;
      at = close + 2;
    }
  }

  private cellEnd(): number | undefined {
    const lineEnd = this.lineEnd();
    if (this.nextDelimiter < this.position) this.nextDelimiter = this.find(this.delimiter, this.position);
    if (this.nextDelimiter < lineEnd) return this.nextDelimiter;
    if (this.isEnd) return lineEnd;
    const isCutReturn = lineEnd === this.text.length - 1 && this.text.charCodeAt(lineEnd) === CARRIAGE_RETURN;
    return lineEnd === this.text.length || isCutReturn ? undefined : lineEnd;
  }

  private lineEnd(): number {
    if (this.nextLineFeed < this.position) this.nextLineFeed = this.find('\n', this.position);
    if (this.nextReturn < this.position) this.nextReturn = this.find('\r', this.position);
    return Math.min(this.nextLineFeed, this.nextReturn);
  }

  private afterLineEnd(at: number): number {
    return this.text.charCodeAt(at) === CARRIAGE_RETURN && this.text[at + 1] === '\n' ? at + 2 : at + 1;
  }

  private find(character: string, from: number): number {
    const at = this.text.indexOf(character, from);
    return at === -1 ? this.text.length : at;
  }
}
