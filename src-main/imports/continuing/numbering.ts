import type { z } from 'zod';
import { cellText, isBlank, type CellValue } from '@shared/domain/cell';
import type { RowReason } from '@shared/contract/imports';
import type { RowNumbering } from '../../background/contract';
import { DUPLICATE_CODE } from '../reader/row-outcomes';
import type { SourceRow } from '../reader/row-source';

type Reason = z.infer<typeof RowReason>;

/** Where a row of a mended file goes: into a row of the import that it goes on with, or nowhere. */
export type Place =
  { readonly type: 'row'; readonly row: SourceRow } | { readonly type: 'refused'; readonly reason: Reason };

/**
 * Gives the rows of a mended file their numbers in the import that is gone on with. A row that is still
 * rejected there is judged anew under its number. One that is not is refused: it was written already, and
 * taking it again would count it twice. A line that somebody added, or made by copying another one, becomes
 * a further row of the import after the last one: it is data like any other, and the totals stay honest.
 */
export class RowNumbers {
  private readonly waiting: Set<number>;
  private readonly taken = new Set<number>();
  private last: number;

  constructor(private readonly numbering: RowNumbering) {
    this.waiting = new Set(numbering.rejected);
    this.last = numbering.last;
  }

  place({ cells }: SourceRow): Place {
    const number = rowNumber(cells[this.numbering.column]);
    if (number === undefined || number > this.numbering.last || this.taken.has(number)) {
      // A blank line counts nowhere, so it needs no number of its own.
      if (!cells.every(isBlank)) this.last += 1;
      return { type: 'row', row: { row: this.last, cells } };
    }
    if (!this.waiting.has(number)) return { type: 'refused', reason: notWaiting(number) };
    this.taken.add(number);
    return { type: 'row', row: { row: number, cells } };
  }
}

/** The number that was written into the rejects file, as spreadsheet programs give it back. */
function rowNumber(cell: CellValue | undefined): number | undefined {
  const text = cell === undefined ? '' : cellText(cell).trim();
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** Why a mended row is passed over whose phone number the import that is gone on with has written already. */
export const importedBefore = (phoneColumn: string | null, row: number): Reason => ({
  column: phoneColumn,
  code: DUPLICATE_CODE,
  message: `Row ${row} has the same phone number and was imported before.`,
});

const notWaiting = (row: number): Reason => ({
  column: null,
  code: 'not-waiting',
  message: `Row ${row} of the original file is not rejected any more, so it is left as it is.`,
});
