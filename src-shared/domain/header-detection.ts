import { cellLine, cutText, isBlank, type CellValue } from './cell';
import { COLUMN_SYNONYMS } from './column-synonyms';
import { normaliseHeader } from './header-text';

export interface HeaderDetection {
  /** 0-based row of the header; null where the file has none. */
  readonly headerRow: number | null;
  /** 0-based row where the data begins. */
  readonly dataStart: number;
  /** One name per column, never blank, never twice. */
  readonly names: readonly string[];
  readonly reason: string;
}

type Row = readonly (CellValue | undefined)[];

/** Rows that are searched for a header. */
export const HEADER_SEARCH_ROWS = 50;
const MAX_HEADER_LENGTH = 200;
const LEAST_SCORE = 2;

const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const PHONE = /^[+(]?[\p{Nd}\s().+/\u2010-\u2015-]{7,25}$/u;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}/;
const NUMBER = /^[+-]?[\p{Nd}][\p{Nd}.,\s]*%?$/u;
const LONG_TEXT = 60;
/** No address is longer (RFC 5321), and what looks for one in a megabyte of dots does not come to an end. */
const LONGEST_ADDRESS = 254;

/**
 * Finds the header among the first 50 rows: below title rows and blank rows, above the first row that holds a
 * phone number or an email address. A file without a header gets "Column 1", "Column 2"…
 */
export function detectHeader(rows: readonly Row[]): HeaderDetection {
  const head = rows.slice(0, HEADER_SEARCH_ROWS);
  const firstData = head.findIndex(isContactRow);
  const searchEnd = firstData === -1 ? head.length : firstData;
  const bodyWidth = typicalWidth(head.slice(firstData === -1 ? 0 : firstData));
  const best = bestCandidate(head, searchEnd, bodyWidth);
  if (best === undefined) {
    const dataStart = Math.max(
      0,
      firstData === -1 ? head.findIndex((row) => filledCount(row) > 0) : firstData,
    );
    const reason = 'No header row was found: the first rows already hold values.';
    return { headerRow: null, dataStart, names: columnNames(undefined, rows), reason };
  }
  const reason =
    best.known > 0
      ? `Row ${best.index + 1} names known columns.`
      : `Row ${best.index + 1} holds names, the rows below it hold values.`;
  return {
    headerRow: best.index,
    dataStart: best.index + 1,
    names: columnNames(head[best.index], rows),
    reason,
  };
}

/** The names of a header row that the user chose, or of none (null), by the same rules. */
export function headerNames(rows: readonly Row[], headerRow: number | null): string[] {
  return columnNames(headerRow === null ? undefined : rows[headerRow], rows);
}

interface HeaderCandidate {
  readonly index: number;
  readonly score: number;
  readonly known: number;
}

function bestCandidate(
  head: readonly Row[],
  searchEnd: number,
  bodyWidth: number,
): HeaderCandidate | undefined {
  let best: HeaderCandidate | undefined;
  for (let index = 0; index < searchEnd; index += 1) {
    const row = head[index] ?? [];
    const candidate = { index, ...rateHeader(row, head.slice(index + 1), bodyWidth) };
    if (candidate.score >= LEAST_SCORE && candidate.score > (best?.score ?? 0)) best = candidate;
  }
  return best;
}

function rateHeader(row: Row, below: readonly Row[], bodyWidth: number): { score: number; known: number } {
  const texts = row.filter((cell) => !isBlank(cell)).map(cellLine);
  // A title is one cell above a wider table.
  if (texts.length === 0 || (texts.length === 1 && bodyWidth > 1)) return { score: 0, known: 0 };
  const known = texts.filter(isKnownName).length;
  const values = texts.filter(isValue).length / texts.length;
  const width = Math.min(1, texts.length / Math.max(1, bodyWidth));
  const distinct = new Set(texts.map((text) => text.toLowerCase())).size / texts.length;
  const contrast = columnContrast(row, below);
  const hasRowsBelow = below.some((next) => filledCount(next) > 0);
  const score =
    2 * Math.min(known, 3) + width + distinct + 2 * contrast - 4 * values + (hasRowsBelow ? 0.5 : 0);
  return { score: values > 0.5 ? 0 : score, known };
}

/** Share of the columns whose name is text while the cells below are values. */
function columnContrast(row: Row, below: readonly Row[]): number {
  const named = row.flatMap((cell, column) => (isBlank(cell) || isValue(cellLine(cell)) ? [] : [column]));
  if (named.length === 0) return 0;
  const sample = below.slice(0, 20);
  const contrasting = named.filter((column) => {
    const cells = sample.map((next) => next[column]).filter((cell) => !isBlank(cell));
    return cells.length > 0 && cells.filter((cell) => isValue(cellLine(cell))).length > cells.length / 2;
  });
  return contrasting.length / named.length;
}

const KNOWN_NAMES: ReadonlySet<string> = new Set(
  Object.values(COLUMN_SYNONYMS).flatMap((names) => [...names]),
);

function isKnownName(text: string): boolean {
  return text.length <= LONG_TEXT && KNOWN_NAMES.has(normaliseHeader(text));
}

function isValue(text: string): boolean {
  return (
    text.length > LONG_TEXT || NUMBER.test(text) || EMAIL.test(text) || DATE.test(text) || PHONE.test(text)
  );
}

/** A row with a phone number or an email address in a cell of its own is data, never a header or a title. */
function isContactRow(row: Row): boolean {
  return row.some((cell) => {
    const text = cellLine(cell);
    if (text.length > LONGEST_ADDRESS) return false;
    if (EMAIL.test(text)) return true;
    return PHONE.test(text) && !DATE.test(text) && (text.match(/\p{Nd}/gu) ?? []).length >= 8;
  });
}

function filledCount(row: Row): number {
  return row.filter((cell) => !isBlank(cell)).length;
}

/** The median width of the rows that are not blank. */
function typicalWidth(rows: readonly Row[]): number {
  const widths = rows
    .map(filledCount)
    .filter((width) => width > 0)
    .sort((a, b) => a - b);
  return widths[Math.floor(widths.length / 2)] ?? 0;
}

function columnNames(header: Row | undefined, rows: readonly Row[]): string[] {
  const width = [header ?? [], ...rows].reduce((widest, row) => Math.max(widest, lastFilled(row) + 1), 0);
  const taken = new Set<string>();
  return Array.from({ length: width }, (_, column) => {
    const text = cutText(cellLine(header?.[column]), MAX_HEADER_LENGTH).trim();
    const wanted = text === '' ? `Column ${column + 1}` : text;
    const name = distinctName(wanted, taken);
    taken.add(name.toLowerCase());
    return name;
  });
}

/** "Name", then "Name (2)", "Name (3)"…, whatever the case. */
function distinctName(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let n = 2; taken.has(candidate.toLowerCase()); n += 1) candidate = `${name} (${n})`;
  return candidate;
}

function lastFilled(row: Row): number {
  let last = row.length - 1;
  while (last >= 0 && isBlank(row[last])) last -= 1;
  return last;
}
