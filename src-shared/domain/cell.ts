/** A cell as the spreadsheet readers hand it on. Dates arrive as ISO text, formulas as their cached value. */
export type CellValue = string | number | boolean | null;

// All C0 controls but tab and line feed, DEL, C1, and lone surrogates: what PostgreSQL or a screen cannot hold.
const CONTROLS =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const NEEDS_CLEANING = /[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/;

/** The cell as text: no control characters, CRLF as LF, trimmed. Line feeds and tabs inside stay. */
export function cellText(cell: CellValue | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell !== 'string') return String(cell);
  if (isTidy(cell)) return cell;
  const text = NEEDS_CLEANING.test(cell) ? cell.replace(/\r\n?/g, '\n').replace(CONTROLS, '') : cell;
  return text.trim();
}

/** The cell as one line: as `cellText`, with every run of white space as one space. */
export function cellLine(cell: CellValue | undefined): string {
  if (typeof cell === 'string' && isTidy(cell) && !cell.includes('  ')) return cell;
  return cellText(cell).replace(/\s+/g, ' ');
}

const SPACE = 32;
const DELETE = 127;

/** Printable ASCII without a space at either end, as nearly all cells are: told sooner than by a pattern. */
export function isTidy(cell: string): boolean {
  if (cell.charCodeAt(0) === SPACE || cell.charCodeAt(cell.length - 1) === SPACE) return false;
  for (let index = 0; index < cell.length; index += 1) {
    const code = cell.charCodeAt(index);
    if (code < SPACE || code >= DELETE) return false;
  }
  return true;
}

/** What takes the square of its length to be put in order; in writing, a letter has a few accents at most. */
const ENDLESS_ACCENTS = /\p{M}{100}/u;
/** So much is composed in no time, whatever it is. */
const SHORT_TEXT = 1_000;

/**
 * Letters and their accents as one character each (NFC): some programs write é as two, and a name, a value or a tag
 * that looks the same would not be found, or be there twice. ASCII has none, which is sooner told than composed.
 */
export function composed(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) <= DELETE) continue;
    return text.length > SHORT_TEXT && ENDLESS_ACCENTS.test(text) ? text : text.normalize('NFC');
  }
  return text;
}

// Zero-width marks and direction controls: what web pages and right-to-left files carry around a text.
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The text without what nobody sees: of an address or a number it is never a part. */
export const withoutMarks = (text: string): string => text.replace(INVISIBLE, '');

/**
 * The first `limit` UTF-16 units, without half a character at the end: PostgreSQL refuses JSON that has one, and with
 * it the whole batch of rows.
 */
export function cutText(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}

export function isBlank(cell: CellValue | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}
