import { cutText } from './cell';

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

/**
 * The text of an .xlsx cell that is written as text (`inlineStr`, number format `@`). Nothing is escaped: the
 * cell's type says that it is no formula, also after it was edited, and an apostrophe would become part of the
 * phone number. Halves of characters are dropped, and what Excel cannot hold is cut.
 */
export function excelText(text: string): string {
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '');
  return cutText(whole, MAX_EXCEL_CELL_LENGTH);
}
