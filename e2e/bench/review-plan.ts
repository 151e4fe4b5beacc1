import { z } from 'zod';

/** What the process that measures the review thread's work is told. */
export const ReviewPlan = z.object({ path: z.string(), rows: z.int(), country: z.string() });
export type ReviewPlan = z.infer<typeof ReviewPlan>;

const ms = z.number();

/** What it answers, as one line of JSON on its stdout. */
export const ReviewFigures = z.object({
  /** The sheet, written as lines that any row can be read from. */
  spoolMs: ms,
  openMs: ms,
  /** Every row, by the rules of the import. */
  judgeMs: ms,
  phonesMs: ms,
  /** The first one after a change finds out which rows the filter shows. */
  firstPageMs: ms,
  pageMs: ms,
  rejectedPageMs: ms,
  searchMs: ms,
  /** A row as somebody types into it. */
  checkMs: ms,
  cellMs: ms,
  totalsMs: ms,
  replaceMs: ms,
  undoMs: ms,
  peakMemoryMb: z.number(),
});
export type ReviewFigures = z.infer<typeof ReviewFigures>;
