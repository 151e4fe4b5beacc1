import type { CellValue } from '@shared/domain/cell';
import { cellText, cutText } from '@shared/domain/cell';
import { createRowValidator, type RowValidator, type ValidContact } from '@shared/domain/contact-row';
import { parseCountryCode, type E164, type PhoneNote } from '@shared/domain/phone';
import type { ImportOptions, Mapping, RowReason } from '@shared/contract/imports';
import type { z } from 'zod';
import { PhoneRows } from './phone-rows';

type Reason = z.infer<typeof RowReason>;

/** What a row is by itself, whatever other rows say. */
export type Assessment =
  | { readonly kind: 'valid'; readonly contact: ValidContact; readonly notes: readonly PhoneNote[] }
  | { readonly kind: 'invalid'; readonly reasons: readonly Reason[] };

export type RowOutcome =
  | Assessment
  /** Valid, but another row of the file with the same phone counts instead. */
  | {
      readonly kind: 'duplicate';
      readonly contact: ValidContact;
      readonly notes: readonly PhoneNote[];
      readonly of: number;
      readonly reason: Reason;
    };

/** Validates the rows of one sheet, each by itself. `headers` name the columns in reasons. */
export class RowAssessor {
  private readonly validate: RowValidator;
  /** The column of the phone number, as reasons name it. */
  readonly phoneHeader: string | null;

  constructor(
    mapping: Mapping,
    private readonly options: ImportOptions,
    private readonly headers: readonly string[],
  ) {
    const defaultCountry =
      options.defaultCountry === null ? undefined : parseCountryCode(options.defaultCountry);
    this.validate = createRowValidator(mapping, {
      ...(defaultCountry === undefined ? {} : { defaultCountry }),
      validatePhone: options.validatePhone,
      tags: options.tags,
      dateOrders: options.dateOrders,
    });
    this.phoneHeader = this.headerOf(mapping.findIndex(({ field }) => field === 'phone'));
  }

  /** What the row is; nothing where it is blank and does not count. */
  assess(cells: readonly CellValue[]): Assessment | undefined {
    const result = this.validate(cells);
    switch (result.kind) {
      case 'blank':
        return undefined;
      case 'valid':
        return result;
      case 'rejected':
        return {
          kind: 'invalid',
          reasons: result.reasons.map(({ column, code, field, message }) => ({
            column: this.headerOf(column),
            code: `${field}-${code}`,
            message,
          })),
        };
    }
  }

  /** Why a row is passed over for the row `winner`. */
  duplicateOf(winner: number): Reason {
    const order = this.options.duplicateWins === 'first' ? 'comes first' : 'comes last';
    const message = `Row ${winner} has the same phone number and ${order}.`;
    return { column: this.phoneHeader, code: DUPLICATE_CODE, message };
  }

  private headerOf(column: number): string | null {
    return column < 0 ? null : (this.headers[column] ?? null);
  }
}

export const DUPLICATE_CODE = 'duplicate-in-file';

/** At most 15 digits fit a number exactly; half a million strings would not stay alive. */
export function phoneKey(phone: E164): number {
  let key = 0;
  for (let at = 1; at < phone.length; at += 1) key = key * 10 + phone.charCodeAt(at) - ZERO;
  return key;
}

const ZERO = 48;

/**
 * Judges the rows of one sheet in order: validates each and finds doubles within the sheet. A row counts as seen
 * only once all of it is valid: a rejected row must not win over a good one.
 */
export class RowJudge {
  private readonly assessor: RowAssessor;
  private readonly winners = new PhoneRows();

  /** `winners` name the row that counts for each phone, where that is not the first one. */
  constructor(
    mapping: Mapping,
    options: ImportOptions,
    headers: readonly string[],
    winners: ReadonlyMap<number, number> = new Map(),
  ) {
    this.assessor = new RowAssessor(mapping, options, headers);
    for (const [phone, row] of winners) this.winners.set(phone, row);
  }

  /** The outcome of a row; nothing where it is blank and does not count. */
  judge(row: number, cells: readonly CellValue[]): RowOutcome | undefined {
    const assessment = this.assessor.assess(cells);
    if (assessment?.kind !== 'valid') return assessment;
    const key = phoneKey(assessment.contact.phone);
    const winner = this.winners.get(key);
    if (winner === undefined) this.winners.set(key, row);
    if (winner === undefined || winner === row) return assessment;
    return { ...assessment, kind: 'duplicate', of: winner, reason: this.assessor.duplicateOf(winner) };
  }
}

const MAX_SHOWN_CELL = 32_767;

/** Cells as text, as they are shown and kept with a rejected row; no longer than Excel's longest cell. */
export const shownCells = (cells: readonly CellValue[]): string[] =>
  cells.map((cell) => cutText(cellText(cell), MAX_SHOWN_CELL));
