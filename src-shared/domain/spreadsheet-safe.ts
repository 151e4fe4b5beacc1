/**
 * Exported cells must never run as formulas in the reader's spreadsheet program (CSV injection), and must come
 * back unchanged when the file is imported again.
 */

/** What starts a formula in Excel, LibreOffice or Google Sheets, full-width twins included, or looks escaped. */
const FORMULA_START = /^'*[=+\-@\t\r\n＝＋－＠]/;
/** A signed number, an E.164 phone among them: computes to itself, so it stays readable. */
const SIGNED_NUMBER = /^[+-]\d+(?:[.,]\d+)?$/;

/** Longest text that an Excel cell holds. */
export const MAX_EXCEL_CELL_LENGTH = 32_767;

/** The text for a CSV cell, without quotes: dangerous starts get an apostrophe, phones stay as they are. */
export function escapeFormula(text: string): string {
  return FORMULA_START.test(text) && !SIGNED_NUMBER.test(text) ? `'${text}` : text;
}

/** Takes back what `escapeFormula` did, for files that come home to be imported again. */
export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA_START.test(text) ? text.slice(1) : text;
}

/** A complete CSV field: escaped, and quoted where it must be (RFC 4180). */
export function csvField(value: string | number | boolean | null | undefined, delimiter = ','): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'string' ? escapeFormula(value) : String(value);
  const needsQuotes = text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A line of a CSV file, with its CRLF. */
export function csvLine(
  values: readonly (string | number | boolean | null | undefined)[],
  delimiter = ',',
): string {
  return `${values.map((value) => csvField(value, delimiter)).join(delimiter)}\r\n`;
}

/** A cell of an .xlsx file in SheetJS's shape. */
export interface TextCell {
  readonly t: 's';
  readonly v: string;
  /** Text format: an edited "+966…" or "=…" stays text. */
  readonly z: '@';
}

/**
 * The text as a string cell. Nothing is escaped: the type says that it is no formula, and an apostrophe would
 * become part of the phone number. Characters that XML cannot hold are dropped, and what Excel cannot hold is cut.
 */
export function textCell(text: string): TextCell {
  const clean = text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '',
  );
  return { t: 's', v: cutAt(clean, MAX_EXCEL_CELL_LENGTH), z: '@' };
}

/** Cuts without splitting a surrogate pair. */
function cutAt(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const last = text.charCodeAt(limit - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit);
}
