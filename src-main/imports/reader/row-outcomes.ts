import type { CellValue } from '@shared/domain/cell';
import { cellText } from '@shared/domain/cell';
import { createRowValidator, type RowValidator, type ValidContact } from '@shared/domain/contact-row';
import { createDeduplicator, type Deduplicator } from '@shared/domain/deduplicator';
import { parseCountryCode, type PhoneNote } from '@shared/domain/phone';
import type { ImportOptions, Mapping, RowReason } from '@shared/contract/imports';
import type { z } from 'zod';

type Reason = z.infer<typeof RowReason>;

export type RowOutcome =
  | { readonly kind: 'valid'; readonly contact: ValidContact; readonly notes: readonly PhoneNote[] }
  /** Valid, but the phone is that of an earlier row of the file, which has won. */
  | {
      readonly kind: 'duplicate';
      readonly contact: ValidContact;
      readonly notes: readonly PhoneNote[];
      readonly of: number;
      readonly reason: Reason;
    }
  | { readonly kind: 'invalid'; readonly reasons: readonly Reason[] };

/** Judges the rows of one sheet in order: validates each and finds doubles within the sheet. */
export class RowJudge {
  private readonly validate: RowValidator;
  private readonly deduplicator: Deduplicator = createDeduplicator('first');
  private readonly phoneHeader: string | null;

  /** `headers` name the columns in reasons; `mapping` has one target a column. */
  constructor(
    mapping: Mapping,
    options: ImportOptions,
    private readonly headers: readonly string[],
  ) {
    const defaultCountry =
      options.defaultCountry === null ? undefined : parseCountryCode(options.defaultCountry);
    this.validate = createRowValidator(mapping, {
      ...(defaultCountry === undefined ? {} : { defaultCountry }),
      validatePhone: options.validatePhone,
      tags: options.tags,
    });
    this.phoneHeader = this.headerOf(mapping.findIndex(({ field }) => field === 'phone'));
  }

  /** The outcome of a row; nothing where it is blank and does not count. */
  judge(row: number, cells: readonly CellValue[]): RowOutcome | undefined {
    const result = this.validate(cells);
    switch (result.kind) {
      case 'blank':
        return undefined;
      case 'rejected':
        return {
          kind: 'invalid',
          reasons: result.reasons.map(({ column, code, field, message }) => ({
            column: this.headerOf(column),
            code: `${field}-${code}`,
            message,
          })),
        };
      case 'valid': {
        const winner = this.deduplicator.claim(result.contact.phone, row);
        if (winner === undefined) return result;
        return { ...result, kind: 'duplicate', of: winner, reason: this.doubleOf(winner) };
      }
    }
  }

  private doubleOf(winner: number): Reason {
    const message = `Row ${winner} has the same phone number and comes first.`;
    return { column: this.phoneHeader, code: 'duplicate-in-file', message };
  }

  private headerOf(column: number): string | null {
    return column < 0 ? null : (this.headers[column] ?? null);
  }
}

const MAX_SHOWN_CELL = 32_767;

/** Cells as text, as they are shown and kept with a rejected row; no longer than Excel's longest cell. */
export const shownCells = (cells: readonly CellValue[]): string[] =>
  cells.map((cell) => cellText(cell).slice(0, MAX_SHOWN_CELL));
