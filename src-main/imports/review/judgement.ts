import type { ImportOptions, ImportPreview, RowFate, RowFilter, RowReason } from '@shared/contract/imports';
import type { z } from 'zod';
import { type Assessment, DUPLICATE_CODE, phoneKey } from '../reader/row-outcomes';

type Reason = z.infer<typeof RowReason>;
type Kind = 'blank' | 'valid' | 'duplicate' | 'invalid';

const BLANK = 0;
const VALID = 1;
const INVALID = 2;

const REPAIRED = 1;
const CORRECTED = 2;
const EXCLUDED = 4;

const UNKNOWN = 0;
const NEW = 1;
const KNOWN = 2;
/** Written by the import that is gone on with: the row is a double of one of its rows. */
const OWN = 3;

/** Reasons are kept as bits of a number; the last bit stands for all codes that came later. */
const MAX_CODES = 32;
const NO_WINNER = -1;

interface ReasonCount {
  readonly code: string;
  rows: number;
  /** The position of the first row with this reason. */
  first: number;
}

export type Totals = Omit<ImportPreview, 'corrections' | 'lastCorrection' | 'byReason' | 'dates'> & {
  readonly byReason: readonly Readonly<ReasonCount>[];
};

export interface OwnPhone {
  readonly phone: string;
  readonly row: number;
}

/** What is judged of a row, apart from what is in it. */
export interface Judged {
  readonly assessment: Assessment | undefined;
  readonly corrected: boolean;
  readonly excluded: boolean;
}

/** How every row of a sheet was judged, by its position, in a few bytes a row. */
export class Judgement {
  private readonly kinds: Uint8Array;
  private readonly phones: Float64Array;
  private readonly reasons: Uint32Array;
  private readonly flags: Uint8Array;
  private readonly known: Uint8Array;
  /** The position of the row that counts instead. */
  private readonly winners: Int32Array;
  private readonly codes: string[] = [];
  /** By phone. */
  private readonly writers = new Map<number, number>();
  private winnersAreCurrent = false;
  /** Positions whose phones were asked for last, and where to look for the next. */
  private asked: number[] = [];
  private askFrom = 0;

  constructor(
    private readonly length: number,
    private readonly options: ImportOptions,
  ) {
    this.kinds = new Uint8Array(length);
    this.phones = new Float64Array(length);
    this.reasons = new Uint32Array(length);
    this.flags = new Uint8Array(length);
    this.known = new Uint8Array(length);
    this.winners = new Int32Array(length).fill(NO_WINNER);
  }

  set(position: number, { assessment, corrected, excluded }: Judged): void {
    const isValid = assessment?.kind === 'valid';
    const phone = isValid ? phoneKey(assessment.contact.phone) : 0;
    if (phone !== this.phones[position]) this.known[position] = UNKNOWN;
    this.phones[position] = phone;
    this.kinds[position] = assessment === undefined ? BLANK : isValid ? VALID : INVALID;
    this.reasons[position] = assessment?.kind === 'invalid' ? this.bitsOf(assessment.reasons) : 0;
    this.flags[position] =
      (isValid && assessment.notes.length > 0 ? REPAIRED : 0) |
      (corrected ? CORRECTED : 0) |
      (excluded ? EXCLUDED : 0);
    this.changed();
  }

  setExcluded(position: number, excluded: boolean): void {
    const flags = this.flags[position] ?? 0;
    this.flags[position] = excluded ? flags | EXCLUDED : flags & ~EXCLUDED;
    this.changed();
  }

  isExcluded(position: number): boolean {
    return this.hasFlag(position, EXCLUDED);
  }

  kindOf(position: number): Kind {
    const kind = this.kinds[position];
    if (kind === BLANK) return 'blank';
    if (kind === INVALID) return 'invalid';
    const isDouble = this.winnerOf(position) !== undefined || this.writtenBy(position) !== undefined;
    return isDouble ? 'duplicate' : 'valid';
  }

  /** The row of the import that is gone on with which has written this row's contact. */
  writtenBy(position: number): number | undefined {
    return this.known[position] === OWN ? this.writers.get(this.phones[position] ?? 0) : undefined;
  }

  /** The position of the row that counts instead of this one. */
  winnerOf(position: number): number | undefined {
    this.findWinners();
    const winner = this.winners[position] ?? NO_WINNER;
    return winner === NO_WINNER ? undefined : winner;
  }

  /** The position of the row that would count instead, were the phone of this row another one. */
  winnerAgainst(position: number, phone: number): number | undefined {
    const last = this.options.duplicateWins === 'last';
    const others = last ? this.phones.lastIndexOf(phone) : this.phones.indexOf(phone);
    const step = last ? -1 : 1;
    for (let other = others; other >= 0 && other < this.length && other !== position; other += step) {
      if (this.phones[other] === phone && !this.isExcluded(other)) {
        return (last ? other > position : other < position) ? other : undefined;
      }
    }
    return undefined;
  }

  fateOf(position: number): RowFate {
    return this.fateFor(this.kindOf(position), this.isExcluded(position), this.known[position] === KNOWN);
  }

  /** What the import does with a row, from what is known of it. */
  fateFor(kind: Kind, excluded: boolean, known: boolean): RowFate {
    if (excluded || kind === 'blank') return 'exclude';
    if (kind === 'invalid') return 'reject';
    const { updateExisting, skipDuplicates } = this.options;
    const passedOver = updateExisting || skipDuplicates ? 'skip' : 'reject';
    if (kind === 'duplicate') return passedOver;
    if (!known) return 'create';
    return updateExisting ? 'update' : passedOver;
  }

  /** Phones whose rows count and of which it is not known whether they are contacts; at most `limit`. */
  unknownPhones(limit: number): string[] {
    this.asked = [];
    while (this.askFrom < this.length && this.asked.length < limit) {
      const position = this.askFrom;
      if (this.counts(position) && this.known[position] === UNKNOWN) this.asked.push(position);
      this.askFrom += 1;
    }
    return this.asked.map((position) => `+${this.phones[position] ?? 0}`);
  }

  /** Rows that have been gone through for unknown phones, those just asked for included. */
  get compared(): number {
    return this.askFrom;
  }

  /**
   * Answers what `unknownPhones` has just asked: these are contacts, the others are not. `own` of them were
   * written by the import that is gone on with.
   */
  tellKnown(phones: readonly string[], own: readonly OwnPhone[]): void {
    const known = new Set(phones.map((phone) => Number(phone.slice(1))));
    for (const { phone, row } of own) this.writers.set(Number(phone.slice(1)), row);
    for (const position of this.asked) {
      const phone = this.phones[position] ?? 0;
      this.known[position] = !known.has(phone) ? NEW : this.writers.has(phone) ? OWN : KNOWN;
    }
    this.asked = [];
  }

  /** Whether a row is one that a filter shows; what is in its cells is not looked at. */
  matches(position: number, { show, reason }: RowFilter): boolean {
    if (!this.isListed(position)) return false;
    if (reason !== undefined && !this.hasReason(position, reason)) return false;
    switch (show) {
      case 'all':
        return true;
      case 'duplicates':
        return !this.isExcluded(position) && this.kindOf(position) === 'duplicate';
      case 'existing':
        return this.counts(position) && this.known[position] === KNOWN;
      case 'repaired':
        return this.hasFlag(position, REPAIRED) && !this.isExcluded(position);
      case 'corrected':
        return this.hasFlag(position, CORRECTED);
      default:
        return this.fateOf(position) === show;
    }
  }

  /** The dry run: how the rows would end; a reason is told by the first row that has it. */
  totals(): Totals {
    const fates = { create: 0, update: 0, skip: 0, reject: 0, exclude: 0 };
    const kinds = { blank: 0, valid: 0, duplicate: 0, invalid: 0 };
    const totals = { existing: 0, repaired: 0, corrected: 0 };
    const byCode = this.codes.map((code) => ({ code, rows: 0, first: NO_WINNER }));
    const doubled = { code: DUPLICATE_CODE, rows: 0, first: NO_WINNER };
    for (let position = 0; position < this.length; position += 1) {
      if (this.hasFlag(position, CORRECTED)) totals.corrected += 1;
      if (!this.isListed(position)) continue;
      const kind = this.kindOf(position);
      fates[this.fateOf(position)] += 1;
      if (this.isExcluded(position)) continue;
      kinds[kind] += 1;
      if (this.hasFlag(position, REPAIRED)) totals.repaired += 1;
      if (kind === 'valid' && this.known[position] === KNOWN) totals.existing += 1;
      if (kind === 'duplicate') count(doubled, position);
      eachBit(this.reasons[position] ?? 0, (bit) => count(byCode[bit], position));
    }
    return {
      ...totals,
      read: kinds.valid + kinds.duplicate + kinds.invalid,
      valid: kinds.valid,
      duplicates: kinds.duplicate,
      invalid: kinds.invalid,
      fates,
      byReason: [...byCode, doubled].filter(({ rows }) => rows > 0).sort(mostFirst),
    };
  }

  /** A blank row is none, unless somebody has taken it out or emptied it. */
  isListed(position: number): boolean {
    return this.kinds[position] !== BLANK || this.hasFlag(position, CORRECTED | EXCLUDED);
  }

  private changed(): void {
    this.winnersAreCurrent = false;
    this.asked = [];
    this.askFrom = 0;
  }

  private hasFlag(position: number, flag: number): boolean {
    return ((this.flags[position] ?? 0) & flag) !== 0;
  }

  private hasReason(position: number, code: string): boolean {
    if (this.isExcluded(position)) return false;
    if (code === DUPLICATE_CODE) return this.kindOf(position) === 'duplicate';
    const bit = this.codes.indexOf(code);
    return bit >= 0 && ((this.reasons[position] ?? 0) & (1 << bit)) !== 0;
  }

  /** A row that the import writes, or would, were its phone no contact. */
  private counts(position: number): boolean {
    return (
      this.kinds[position] === VALID && !this.isExcluded(position) && this.winnerOf(position) === undefined
    );
  }

  private bitsOf(reasons: readonly Reason[]): number {
    let bits = 0;
    for (const { code } of reasons) {
      let bit = this.codes.indexOf(code);
      if (bit < 0) bit = Math.min(this.codes.length, MAX_CODES - 1);
      this.codes[bit] ??= code;
      bits |= 1 << bit;
    }
    return bits;
  }

  private findWinners(): void {
    if (this.winnersAreCurrent) return;
    this.winnersAreCurrent = true;
    const winners = new Map<number, number>();
    const last = this.options.duplicateWins === 'last';
    for (let index = 0; index < this.length; index += 1) {
      const position = last ? this.length - 1 - index : index;
      this.winners[position] = NO_WINNER;
      if (this.kinds[position] !== VALID || this.isExcluded(position)) continue;
      const phone = this.phones[position] ?? 0;
      const winner = winners.get(phone);
      if (winner === undefined) winners.set(phone, position);
      else this.winners[position] = winner;
    }
  }
}

const mostFirst = (a: ReasonCount, b: ReasonCount): number =>
  b.rows - a.rows || a.first - b.first || a.code.localeCompare(b.code);

function count(reason: ReasonCount | undefined, position: number): void {
  if (reason === undefined) return;
  if (reason.rows === 0) reason.first = position;
  reason.rows += 1;
}

function eachBit(bits: number, take: (bit: number) => void): void {
  for (let bit = 0, rest = bits; rest !== 0; bit += 1, rest >>>= 1) if ((rest & 1) === 1) take(bit);
}
