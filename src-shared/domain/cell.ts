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
  const text = NEEDS_CLEANING.test(cell) ? cell.replace(/\r\n?/g, '\n').replace(CONTROLS, '') : cell;
  return text.trim();
}

/** The cell as one line: as `cellText`, with every run of white space as one space. */
export function cellLine(cell: CellValue | undefined): string {
  return cellText(cell).replace(/\s+/g, ' ');
}

export function isBlank(cell: CellValue | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '');
}
