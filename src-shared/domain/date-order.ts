import { z } from 'zod';

/** How the dates of a column are written: the day first, or the month first. */
export const DateOrder = z.enum(['day-first', 'month-first']);
export type DateOrder = z.infer<typeof DateOrder>;

/** What a whole column says about its dates; `ambiguous` needs somebody to answer. */
export type DateFinding = DateOrder | 'ambiguous';

/** What is known of the dates of one column, cell by cell. */
export interface DateEvidence {
  /** Cells that are dates in numbers. */
  dates: number;
  /** Of these, cells that are dates only with the day first, and only with the month first. */
  dayFirst: number;
  monthFirst: number;
  /** Cells that are another day, or none, with the month first than with the day first. */
  differing: number;
  /** Cells that are something else. */
  others: number;
  /**
   * A cell that shows how the dates are written: the first that tells the order, else the first that is another day
   * in each, for 01/01 is the same one.
   */
  example: string | null;
}

export const noEvidence = (): DateEvidence => ({
  dates: 0,
  dayFirst: 0,
  monthFirst: 0,
  differing: 0,
  others: 0,
  example: null,
});

const NUMERIC_DATE = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})$/;
/** Two-digit years up to this one are of this century. */
const PIVOT = 68;

/** Adds a cell that is not blank. */
export function addEvidence(evidence: DateEvidence, text: string): void {
  // Most cells of most columns are none: that costs one look.
  if (!NUMERIC_DATE.test(text)) {
    evidence.others += 1;
    return;
  }
  const dayFirst = isoDate(text, 'day-first');
  const monthFirst = isoDate(text, 'month-first');
  if (dayFirst === undefined && monthFirst === undefined) {
    evidence.others += 1;
    return;
  }
  evidence.dates += 1;
  const tells = dayFirst === undefined || monthFirst === undefined;
  const isFirstThatTells = tells && evidence.dayFirst + evidence.monthFirst === 0;
  const isFirstThatDiffers = dayFirst !== monthFirst && evidence.differing === 0;
  if (isFirstThatTells || isFirstThatDiffers || evidence.example === null) evidence.example = text;
  if (dayFirst !== monthFirst) evidence.differing += 1;
  if (tells && dayFirst !== undefined) evidence.dayFirst += 1;
  if (tells && monthFirst !== undefined) evidence.monthFirst += 1;
}

/**
 * The order of a column's dates, from all of its cells. Nothing where most cells are no such dates, or where some
 * are written one way and some the other: nobody can tell then what the rest means, so all stay as they are.
 */
export function dateFinding({ dates, dayFirst, monthFirst, others }: DateEvidence): DateFinding | undefined {
  if (dates === 0 || others >= dates) return undefined;
  if (dayFirst > 0 && monthFirst > 0) return undefined;
  if (dayFirst > 0) return 'day-first';
  return monthFirst > 0 ? 'month-first' : 'ambiguous';
}

/** The date as ISO text, `2024-04-03`; nothing where the text is no date in this order. */
export function isoDate(text: string, order: DateOrder): string | undefined {
  const parts = NUMERIC_DATE.exec(text);
  if (parts === null) return undefined;
  const first = Number(parts[1]);
  const second = Number(parts[3]);
  const [day, month] = order === 'day-first' ? [first, second] : [second, first];
  const year = fullYear(parts[4] ?? '');
  const date = new Date(Date.UTC(year, month - 1, day));
  // 31 April is 1 May to `Date`, and no date to anybody else.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year <= PIVOT ? 2000 + year : 1900 + year;
}
