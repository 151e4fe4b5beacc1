import { cellText, type CellValue } from '@shared/domain/cell';
import { type Correction, Corrections, type CorrectedRow, rangesOf } from '@shared/domain/corrections';
import { AppFailure } from '@shared/errors';
import type { z } from 'zod';
import type {
  ImportPreview,
  PreviewRow,
  RowFate,
  RowFilter,
  RowReason,
  RowSoFar,
  RowsSoFar,
} from '@shared/contract/imports';
import type { RowNumbering } from '../../background/contract';
import { importedBefore, RowNumbers } from '../continuing/numbering';
import { PHONE_NOTES } from '../reader/phone-notes';
import { type Assessment, phoneKey, RowAssessor, shownCells } from '../reader/row-outcomes';
import type { SourceRow } from '../reader/row-source';
import type { ReviewSettings, ReviewTask } from './contract';
import { DateColumns } from './date-columns';
import { Judgement, type OwnPhone } from './judgement';
import { openRows } from './open-rows';
import type { SpooledRows } from '../reader/spooled-rows';

type Replacement = Extract<Correction, { kind: 'replace' }>;
type CellCorrection = Extract<Correction, { kind: 'cell' }>;

type Reason = z.infer<typeof RowReason>;

/** Judged at once, in a few milliseconds; somebody may be answered between two batches. */
const JUDGED_BYTES = 128 * 1024;

interface Judged {
  readonly key: string;
  readonly assessor: RowAssessor;
  readonly judgement: Judgement;
  /** Where the rows go in the import that they go on with; the rows that it refuses, by their position. */
  readonly numbers: RowNumbers | undefined;
  readonly refused: Map<number, Reason>;
  readonly dates: DateColumns;
  /** The position of the first row that is still to be judged. */
  upTo: number;
}

/** What counts instead of a row: another one at a position, or a row of the import that is gone on with. */
interface Doubled {
  readonly winner: number | undefined;
  readonly writer: number | undefined;
}

/** Nothing counts instead of a row, as far as is known. */
const NO_DOUBLE: Doubled = { winner: undefined, writer: undefined };

interface Listed {
  readonly key: string;
  readonly positions: readonly number[];
}

/**
 * The rows of a file while somebody looks through them and corrects them before the import: judged by the very
 * rules of the import, so that what is shown is what comes of it. One call after the other.
 */
export class Review {
  private judged: Judged | undefined;
  private listed: Listed | undefined;
  private corrections: Corrections;

  private constructor(
    private readonly rows: SpooledRows,
    private readonly headers: readonly string[],
    private readonly list: Correction[],
    private readonly told: Int32Array,
    /** Whether all rows of the sheet are there. */
    private isWhole: boolean,
  ) {
    this.corrections = new Corrections(list);
  }

  static async open({ headers, corrections, judged, ...place }: ReviewTask): Promise<Review> {
    const told = new Int32Array(judged);
    return new Review(await openRows(place), headers, [...corrections], told, place.written === undefined);
  }

  /** Takes in the rows that were written up to a byte; all of them where there is none. Before rows are judged. */
  async grow(upTo: number | null): Promise<void> {
    await this.rows.grow(upTo ?? undefined);
    this.isWhole = upTo === null;
  }

  isJudged(settings: ReviewSettings): boolean {
    return this.judged?.key === JSON.stringify(settings);
  }

  /**
   * Judges all rows; `numbering` is that of the import that they go on with. Given up when the signal aborts. Between
   * two batches `pause` may show and correct them; what the rows judged before depend on has them judged anew.
   */
  async judge(
    settings: ReviewSettings,
    numbering: RowNumbering | null,
    signal: AbortSignal,
    pause: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> {
    let isDone = false;
    while (!isDone) isDone = await this.judgeAll(settings, numbering, signal, pause);
  }

  /** Tells whether it was gone through with. */
  private async judgeAll(
    settings: ReviewSettings,
    numbering: RowNumbering | null,
    signal: AbortSignal,
    pause: () => Promise<void>,
  ): Promise<boolean> {
    const { mapping, options } = settings;
    const key = JSON.stringify(settings);
    const assessor = new RowAssessor(mapping, options, this.headers);
    const judgement = new Judgement(this.rows.length, options);
    this.listed = undefined;
    const numbers = numbering === null ? undefined : new RowNumbers(numbering);
    const dates = new DateColumns(mapping);
    const judged: Judged = { key, assessor, judgement, numbers, refused: new Map(), dates, upTo: 0 };
    this.judged = judged;
    Atomics.store(this.told, 1, this.rows.length);
    for await (const { first, rows } of this.rows.batches(JUDGED_BYTES)) {
      Atomics.store(this.told, 0, first);
      if (signal.aborted) {
        this.judged = undefined;
        throw new AppFailure({ code: 'cancelled', message: 'Judging the rows was given up.' });
      }
      rows.forEach((source, index) => this.judgeOne(first + index, source));
      judged.upTo = first + rows.length;
      await pause();
      if (this.judged !== judged) return false;
    }
    return true;
  }

  unknownPhones(limit: number): string[] {
    return this.current.judgement.unknownPhones(limit);
  }

  /** How far the rows have been gone through for unknown phones. */
  compared(): { row: number; total: number } {
    return { row: this.current.judgement.compared, total: this.rows.length };
  }

  tellKnown(phones: readonly string[], own: readonly OwnPhone[] = []): void {
    this.listed = undefined;
    this.current.judgement.tellKnown(phones, own);
  }

  async preview(): Promise<ImportPreview> {
    const { byReason, ...totals } = this.current.judgement.totals();
    const told: ImportPreview['byReason'] = [];
    for (const { code, rows, first } of byReason) {
      const { reasons } = await this.rowAt(first);
      told.push({ code, rows, message: reasons.find((reason) => reason.code === code)?.message ?? code });
    }
    return {
      ...totals,
      byReason: told,
      dates: this.current.dates.found(),
      corrections: this.list.length,
      lastCorrection: this.list.at(-1) ?? null,
    };
  }

  async page(
    filter: RowFilter,
    start: number,
    count: number,
  ): Promise<{ total: number; rows: PreviewRow[] }> {
    const positions = await this.positionsOf(filter);
    const shown = positions.slice(start, start + count);
    const rows: PreviewRow[] = [];
    for (const [index, source] of (await this.rows.many(shown)).entries())
      rows.push(await this.rowOf(shown[index] ?? 0, source));
    return { total: positions.length, rows };
  }

  /** Rows as far as they were read, and judged by these settings. */
  async soFar(settings: ReviewSettings, start: number, count: number): Promise<RowsSoFar> {
    const judged = this.isJudged(settings) ? this.judged : undefined;
    const { upTo, ...listed } = this.listedSoFar(judged, start, count);
    const rows: RowSoFar[] = [];
    for (const [index, source] of (await this.rows.many(listed.positions)).entries())
      rows.push(await this.rowSoFar(listed.positions[index] ?? 0, source, judged));
    return { total: listed.total, complete: this.isWhole, judged: upTo, rows };
  }

  /** How a row would be judged with other cells, and its fate were its phone a contact, or one of its import. */
  async check(
    row: number,
    changes: Readonly<Record<string, string>>,
  ): Promise<{ row: PreviewRow; fateIfKnown: RowFate; fateIfOwn: RowFate } | undefined> {
    const { judgement } = this.current;
    const position = this.rows.positionOf(row);
    if (position === undefined) return undefined;
    const corrected = await this.typedAt(position, changes);
    const assessment = this.assess(position, corrected.cells);
    const winner =
      assessment?.kind === 'valid'
        ? judgement.winnerAgainst(position, phoneKey(assessment.contact.phone))
        : undefined;
    const kind = winner === undefined ? (assessment?.kind ?? 'blank') : 'duplicate';
    const fate = judgement.fateFor(kind, corrected.excluded, false);
    const fateIfKnown = judgement.fateFor(kind, corrected.excluded, true);
    const fateIfOwn = judgement.fateFor(kind === 'valid' ? 'duplicate' : kind, corrected.excluded, true);
    const twin = { winner, writer: undefined };
    return { row: await this.present(row, corrected, assessment, twin, fate), fateIfKnown, fateIfOwn };
  }

  /**
   * How a row would be judged with other cells, as far as that can be said while rows are read or judged by these
   * settings. Nothing where it has to be asked for in its turn.
   */
  async checkSoFar(
    settings: ReviewSettings,
    row: number,
    changes: Readonly<Record<string, string>>,
  ): Promise<RowSoFar | undefined> {
    const isUnderWay = !this.isWhole || (this.isJudged(settings) && !this.areAllJudged);
    const position = this.rows.positionOf(row);
    // In an import that is gone on with, it matters where the row goes in it.
    if (!isUnderWay || position === undefined || settings.continues !== null) return undefined;
    const corrected = await this.typedAt(position, changes);
    const { mapping, options } = settings;
    const assessment = new RowAssessor(mapping, options, this.headers).assess(corrected.cells);
    return this.present(row, corrected, assessment, NO_DOUBLE, fateSoFar(corrected, assessment));
  }

  /** Tells in how many rows something changed; a correction that changes nothing is not kept. */
  async correct(correction: Correction): Promise<number> {
    this.list.push(correction);
    const next = new Corrections(this.list);
    const before = this.corrections;
    this.corrections = next;
    const changed = await this.apply(correction, before);
    if (changed > 0) return changed;
    this.list.pop();
    this.corrections = before;
    return 0;
  }

  /** As `correct`, before all rows have been judged; nothing where they have, or where it needs all of them. */
  async correctSoFar(correction: Correction): Promise<number | undefined> {
    if (this.areAllJudged || correction.kind === 'replace') return undefined;
    const last = correction.kind === 'cell' ? correction.row : (correction.rows.at(-1)?.[1] ?? 0);
    if (!this.isWhole && last > this.rows.numberAt(this.rows.length - 1)) return undefined;
    return this.correct(correction);
  }

  async undo(): Promise<void> {
    const correction = this.list.pop();
    if (correction === undefined) return;
    const before = this.corrections;
    this.corrections = new Corrections(this.list);
    await this.apply(correction, before);
  }

  async exclusionOf(filter: RowFilter, exclude: boolean): Promise<Correction> {
    const positions = await this.positionsOf(filter);
    const rows = rangesOf(positions.map((position) => this.rows.numberAt(position)));
    return { kind: exclude ? 'exclude' : 'include', rows };
  }

  private get areAllJudged(): boolean {
    return this.judged?.upTo === this.rows.length;
  }

  /** A row with its corrections and with what somebody types into it. */
  private async typedAt(position: number, changes: Readonly<Record<string, string>>): Promise<CorrectedRow> {
    const { row, cells } = await this.rows.at(position);
    const typed = Object.entries(changes).map(([column, value]): Correction => ({
      kind: 'cell',
      row,
      column: Number(column),
      value,
    }));
    return new Corrections([...this.list, ...typed]).apply(row, cells);
  }

  private get current(): Judged {
    if (this.judged === undefined) throw new Error('The rows are not judged yet.');
    return this.judged;
  }

  /** `only` is the column that has changed, where the row was judged before. */
  private judgeOne(position: number, { row, cells }: SourceRow, only?: number): void {
    if (this.judged === undefined) return;
    const corrected = this.corrections.apply(row, cells);
    const { judgement, numbers, refused, dates } = this.judged;
    const place = corrected.excluded ? undefined : numbers?.place({ row, cells: corrected.cells });
    if (place?.type === 'refused') refused.set(position, place.reason);
    dates.add(corrected.cells, { excluded: corrected.excluded, only });
    judgement.set(position, {
      assessment: this.assess(position, corrected.cells),
      corrected: corrected.changed.length > 0,
      excluded: corrected.excluded,
    });
  }

  private assess(position: number, cells: readonly CellValue[]): Assessment | undefined {
    const refusal = this.current.refused.get(position);
    if (refusal !== undefined) return { kind: 'invalid', reasons: [refusal] };
    return this.current.assessor.assess(cells);
  }

  /** Judges again what a correction, just made or just taken back, concerns; tells how many rows that are. */
  private async apply(correction: Correction, before: Corrections): Promise<number> {
    this.listed = undefined;
    const changed = await this.judgeChanged(correction, before);
    if (changed > 0 && this.judged !== undefined && this.needsAll(correction, this.judged))
      this.judged = undefined;
    return changed;
  }

  /** The numbers that rows get depend on the rows before them, and what a date is on its column: all anew. */
  private needsAll(correction: Correction, { numbers, dates, upTo }: Judged): boolean {
    if (numbers !== undefined) return true;
    if (upTo === this.rows.length) return dates.concernedBy(correction);
    return !this.isAhead(correction, upTo) && dates.mayConcern(correction);
  }

  /** Whether a correction is about rows only that are still to be judged. */
  private isAhead(correction: Correction, upTo: number): boolean {
    if (correction.kind === 'replace') return false;
    const first = correction.kind === 'cell' ? correction.row : (correction.rows[0]?.[0] ?? 0);
    return first >= this.rows.numberAt(upTo);
  }

  private async judgeChanged(correction: Correction, before: Corrections): Promise<number> {
    switch (correction.kind) {
      case 'cell':
        return this.applyCell(correction, before);
      case 'replace':
        return this.applyReplacement(correction, before);
      case 'exclude':
      case 'include':
        return this.applyExclusion(correction.rows, before);
    }
  }

  private async applyCell({ row, column }: CellCorrection, before: Corrections): Promise<number> {
    const position = this.rows.positionOf(row);
    if (position === undefined) return 0;
    const source = await this.rows.at(position);
    if (isSame(before.apply(row, source.cells).cells, this.corrections.apply(row, source.cells).cells))
      return 0;
    this.judgeAgain(position, source, column);
    return 1;
  }

  private async applyReplacement({ column }: Replacement, before: Corrections): Promise<number> {
    let changed = 0;
    for await (const { first, rows } of this.rows.batches()) {
      for (const [index, source] of rows.entries()) {
        const was = before.apply(source.row, source.cells).cells[column];
        const is = this.corrections.apply(source.row, source.cells).cells[column];
        if (cellText(was) === cellText(is)) continue;
        this.judgeAgain(first + index, source, column);
        changed += 1;
      }
    }
    return changed;
  }

  private applyExclusion(ranges: readonly (readonly [number, number])[], before: Corrections): number {
    let changed = 0;
    for (const [firstRow, lastRow] of ranges) {
      for (let position = this.positionFrom(firstRow); position < this.rows.length; position += 1) {
        const row = this.rows.numberAt(position);
        if (row > lastRow) break;
        const excluded = this.corrections.apply(row, []).excluded;
        if (before.apply(row, []).excluded === excluded) continue;
        if (this.wasJudged(position)) this.judged?.judgement.setExcluded(position, excluded);
        changed += 1;
      }
    }
    return changed;
  }

  /** Judges a row anew of which one cell has changed; one that is still to be judged is so in its turn. */
  private judgeAgain(position: number, source: SourceRow, column: number): void {
    if (this.wasJudged(position)) this.judgeOne(position, source, column);
  }

  private wasJudged(position: number): boolean {
    return position < (this.judged?.upTo ?? 0);
  }

  /** The first position whose row has this number or a later one. */
  private positionFrom(row: number): number {
    let low = 0;
    let high = this.rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows.numberAt(middle) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private async positionsOf(filter: RowFilter): Promise<readonly number[]> {
    const key = JSON.stringify(filter);
    if (this.listed?.key === key) return this.listed.positions;
    const { judgement } = this.current;
    const positions: number[] = [];
    for (let position = 0; position < this.rows.length; position += 1) {
      if (judgement.matches(position, filter)) positions.push(position);
    }
    const found = await this.searched(positions, filter.search?.trim().toLowerCase() ?? '');
    this.listed = { key, positions: found };
    return found;
  }

  private async searched(positions: readonly number[], text: string): Promise<readonly number[]> {
    if (text === '') return positions;
    const wanted = new Set(positions);
    const found: number[] = [];
    for await (const { first, rows } of this.rows.batches()) {
      rows.forEach(({ row, cells }, index) => {
        if (!wanted.has(first + index)) return;
        const corrected = this.corrections.apply(row, cells).cells;
        if (corrected.some((cell) => cellText(cell).toLowerCase().includes(text))) found.push(first + index);
      });
    }
    return found;
  }

  /** The positions of some of the rows; how many there are, and how many of these are judged. */
  private listedSoFar(
    judged: Judged | undefined,
    start: number,
    count: number,
  ): { total: number; upTo: number; positions: number[] } {
    const end = judged?.upTo ?? 0;
    const positions: number[] = [];
    let upTo = 0;
    let total = 0;
    for (let position = 0; position < this.rows.length; position += 1) {
      if (position < end && judged?.judgement.isListed(position) === false) continue;
      if (total >= start && total < start + count) positions.push(position);
      total += 1;
      if (position < end) upTo = total;
    }
    return { total, upTo, positions };
  }

  private async rowSoFar(
    position: number,
    { row, cells }: SourceRow,
    judged: Judged | undefined,
  ): Promise<RowSoFar> {
    const corrected = this.corrections.apply(row, cells);
    if (judged !== undefined && position < judged.upTo) {
      const assessment = this.assess(position, corrected.cells);
      return this.present(row, corrected, assessment, NO_DOUBLE, fateSoFar(corrected, assessment));
    }
    const fate = corrected.excluded ? ('exclude' as const) : null;
    return { ...(await this.present(row, corrected, undefined, NO_DOUBLE, fate)), outcome: null };
  }

  private async rowAt(position: number): Promise<PreviewRow> {
    return this.rowOf(position, await this.rows.at(position));
  }

  private rowOf(position: number, { row, cells }: SourceRow): Promise<PreviewRow> {
    const { judgement } = this.current;
    const corrected = this.corrections.apply(row, cells);
    const assessment = this.assess(position, corrected.cells);
    const twin = { winner: judgement.winnerOf(position), writer: judgement.writtenBy(position) };
    return this.present(row, corrected, assessment, twin, judgement.fateOf(position));
  }

  private async present<Fate extends RowFate | null>(
    row: number,
    { cells, changed, excluded }: CorrectedRow,
    assessment: Assessment | undefined,
    { winner, writer }: Doubled,
    fate: Fate,
  ): Promise<Omit<PreviewRow, 'fate'> & { fate: Fate }> {
    const isDuplicate = (winner ?? writer) !== undefined && !excluded;
    return {
      row,
      outcome: assessment === undefined ? 'blank' : isDuplicate ? 'duplicate' : assessment.kind,
      fate,
      ...contactOf(assessment),
      cells: shownCells(cells),
      corrected: [...changed],
      notes: assessment?.kind === 'valid' ? assessment.notes.map((note) => PHONE_NOTES[note]) : [],
      reasons: excluded ? reasonsOf(assessment) : this.reasonsOf(assessment, { winner, writer }),
      twin: winner !== undefined && !excluded ? await this.twinAt(winner) : null,
    };
  }

  private reasonsOf(assessment: Assessment | undefined, { winner, writer }: Doubled): PreviewRow['reasons'] {
    if (winner !== undefined) return [this.current.assessor.duplicateOf(this.rows.numberAt(winner))];
    if (writer !== undefined) return [importedBefore(this.current.assessor.phoneHeader, writer)];
    return reasonsOf(assessment);
  }

  private async twinAt(position: number): Promise<PreviewRow['twin']> {
    const { row, cells } = await this.rows.at(position);
    const assessment = this.assess(position, this.corrections.apply(row, cells).cells);
    const { name, email, tags, customFields } = contactOf(assessment);
    return { kind: 'row', row, name, email, tags, customFields };
  }

  async close(): Promise<void> {
    await this.rows.close();
  }
}

/** Whether it is new to the contacts, or comes twice, is known only when all rows are. */
function fateSoFar({ excluded }: CorrectedRow, assessment: Assessment | undefined): RowFate | null {
  if (excluded || assessment === undefined) return 'exclude';
  return assessment.kind === 'invalid' ? 'reject' : null;
}

const reasonsOf = (assessment: Assessment | undefined): PreviewRow['reasons'] =>
  assessment?.kind === 'invalid' ? [...assessment.reasons] : [];

function contactOf(
  assessment: Assessment | undefined,
): Pick<PreviewRow, 'phone' | 'name' | 'email' | 'tags' | 'customFields'> {
  const contact = assessment?.kind === 'valid' ? assessment.contact : undefined;
  return {
    phone: contact?.phone ?? null,
    name: contact?.name ?? null,
    email: contact?.email ?? null,
    tags: [...(contact?.tags ?? [])],
    customFields: { ...contact?.customFields },
  };
}

const isSame = (a: readonly CellValue[], b: readonly CellValue[]): boolean =>
  a.length === b.length && a.every((cell, index) => cellText(cell) === cellText(b[index]));
