import { ScannerDeclined } from './declined';
import { SPACE } from './xlsx-tags';

const QUOTE = 34;
const SINGLE_QUOTE = 39;
const ZERO = 48;
const NINE = 57;
const LESS_THAN = 60;
const EQUALS = 61;
const UPPER_A = 65;
const UPPER_Z = 90;

/** Each attribute of a cell counts in two bits of its own. */
const TWICE = 0b101010;

/** The attributes r, s and t of `<c …>`, found in one pass: most of the time goes into this. */
export class CellTag {
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
      const equals = equalsSign(text, at, to);
      if (equals === to) break;
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
 * The next `="` of a tag, or the tag's end: what follows the tag is not searched. Attributes in single quotes or
 * with spaces around the equals sign would be overlooked, and so would a tag that does not end before the next one. What
 * is looked at is a name and the space before it: two characters.
 */
function equalsSign(text: string, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === EQUALS && text.charCodeAt(at + 1) === QUOTE) break;
    if (code === SINGLE_QUOTE || code === EQUALS || code === QUOTE || code === LESS_THAN)
      throw new ScannerDeclined('odd attributes');
  }
  if (text.charCodeAt(at - 1) <= SPACE && text.charCodeAt(at) === EQUALS)
    throw new ScannerDeclined('odd attributes');
  return at;
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
export function indexOf(text: string): number {
  let index = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) throw new ScannerDeclined('an index that is none');
    index = index * 10 + code - ZERO;
  }
  if (text === '') throw new ScannerDeclined('an index that is none');
  return index;
}
