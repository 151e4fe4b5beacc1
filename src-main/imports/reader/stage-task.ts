import { Corrections } from '@shared/domain/corrections';
import type { Correction, ImportOptions } from '@shared/contract/imports';
import type { ReadPlan } from '../../background/contract';
import { RowNumbers } from '../continuing/numbering';
import { CopyBuffer } from '../rows/copy-buffer';
import type { StagedRow } from '../rows/staged-row';
import type { StagedBatch } from './protocol';
import { phoneKey, RowAssessor, RowJudge, type RowOutcome, shownCells } from './row-outcomes';
import type { SourceRow, SpreadsheetFile } from './row-source';
import { dataRows, readHeaders } from './sheet-rows';
import { expectedRows } from './sheet-size';

/** Rows a batch: one COPY each. PGlite answers nobody else meanwhile, so not more. */
const BATCH_ROWS = 5_000;
/** The first is small, each further one twice as large: until it has one, the database has nothing to do. */
const FIRST_BATCH_ROWS = 1_000;

export interface StageTotals {
  readonly read: number;
  readonly staged: number;
  readonly rejected: number;
  readonly excluded: number;
}

/** What is to be read, what somebody has corrected in it, and what of it is written already. */
export type StagePlan = ReadPlan & {
  readonly importId: string;
  readonly corrections: readonly Correction[];
  readonly writtenUpTo: number;
};

/** Judges a whole sheet and hands its rows out in batches, ready for the database. */
export async function stageSheet(
  file: SpreadsheetFile,
  plan: StagePlan,
  send: (batch: StagedBatch & { readonly copy: Uint8Array<ArrayBuffer> }) => Promise<void>,
): Promise<StageTotals> {
  const headers = await readHeaders(file, plan);
  const winners = plan.options.duplicateWins === 'last' ? await lastRows(file, plan, headers) : undefined;
  const judge = new RowJudge(plan.mapping, plan.options, headers, winners);
  const totals = { read: 0, staged: 0, rejected: 0, excluded: 0 };
  const lines = new CopyBuffer(plan);
  let rows = 0;
  let batchRows = FIRST_BATCH_ROWS;
  let seen = plan.headerRow;
  let expected: number | null = null;
  const flush = async (): Promise<void> => {
    if (rows === 0) return;
    const batch = { read: totals.read, expected, rows, copy: lines.take() };
    rows = 0;
    batchRows = Math.min(BATCH_ROWS, 2 * batchRows);
    await send(batch);
  };
  for await (const batch of correctedRows(file, plan)) {
    seen += batch.length;
    const inSheet = expectedRows(file, plan.sheet, seen);
    expected = inSheet === null ? null : inSheet - plan.headerRow;
    for (const row of batch) {
      const outcome = row.excluded === true ? undefined : judge.judge(row.row, row.cells);
      if (outcome === undefined && (row.excluded === true || row.changed === true)) totals.excluded += 1;
      if (outcome === undefined) continue;
      const staged = stagedRow(row, outcome, plan.options);
      totals.read += 1;
      totals[staged.state === 'rejected' ? 'rejected' : 'staged'] += 1;
      if (row.row <= plan.writtenUpTo) continue;
      lines.add(staged);
      rows += 1;
      if (rows >= batchRows) await flush();
    }
  }
  await flush();
  return totals;
}

interface RowToJudge extends SourceRow {
  readonly changed?: boolean;
  readonly excluded?: boolean;
}

/** The rows below the header, as somebody has corrected them, under the numbers that they are staged with. */
async function* correctedRows(
  file: SpreadsheetFile,
  plan: StagePlan,
): AsyncGenerator<readonly RowToJudge[], void, undefined> {
  const corrections = new Corrections(plan.corrections);
  const numbers = plan.numbering === undefined ? undefined : new RowNumbers(plan.numbering);
  if (plan.corrections.length === 0 && numbers === undefined) {
    for await (const batch of dataRows(file, plan)) yield batch;
    return;
  }
  const correct = ({ row, cells: original }: SourceRow): RowToJudge[] => {
    const { cells, changed, excluded } = corrections.apply(row, original);
    const corrected = { row, cells, changed: changed.length > 0, excluded };
    const place = excluded ? undefined : numbers?.place(corrected);
    if (place?.type === 'refused') return [];
    return [place === undefined ? corrected : { ...corrected, row: place.row.row }];
  };
  for await (const batch of dataRows(file, plan)) yield batch.flatMap(correct);
}

/** The last valid row of each phone: where the last one wins, all rows are to be seen before the first is written. */
async function lastRows(
  file: SpreadsheetFile,
  plan: StagePlan,
  headers: readonly string[],
): Promise<Map<number, number>> {
  const assessor = new RowAssessor(plan.mapping, plan.options, headers);
  const last = new Map<number, number>();
  for await (const batch of correctedRows(file, plan)) {
    for (const { row, cells, excluded } of batch) {
      const assessment = excluded === true ? undefined : assessor.assess(cells);
      if (assessment?.kind === 'valid') last.set(phoneKey(assessment.contact.phone), row);
    }
  }
  return last;
}

/**
 * A judged row as it is staged. A double within the file is passed over where known phones are (skipping or
 * updating), else it is an error of the row, as a phone that is in the database already would be.
 */
export function stagedRow({ row, cells }: SourceRow, outcome: RowOutcome, options: ImportOptions): StagedRow {
  if (outcome.kind === 'invalid') {
    return { ...BLANK, row, state: 'rejected', cells: shownCells(cells), reasons: outcome.reasons };
  }
  const knownIsError = !options.skipDuplicates && !options.updateExisting;
  const { contact } = outcome;
  const staged: StagedRow = {
    row,
    state: 'staged',
    phone: contact.phone,
    name: contact.name ?? null,
    email: contact.email ?? null,
    tags: contact.tags,
    onlyImportTags: contact.onlyImportTags === true,
    custom: contact.customFields,
    optOut: contact.optOut === true,
    cells: knownIsError ? shownCells(cells) : null,
    reasons: null,
    duplicateOf: null,
  };
  if (outcome.kind === 'valid') return staged;
  const doubled = { ...staged, reasons: [outcome.reason], duplicateOf: outcome.of };
  return knownIsError ? { ...doubled, state: 'rejected' } : { ...doubled, state: 'skipped' };
}

const BLANK = {
  phone: null,
  name: null,
  email: null,
  tags: [],
  onlyImportTags: false,
  custom: {},
  optOut: false,
  duplicateOf: null,
} as const;
