import { z } from 'zod';
import { cellText, type CellValue } from './cell';

/** Excel's longest cell. */
const MAX_CELL = 32_767;
const MAX_FIND = 1_000;
/** Ranges of one correction: every second row of 500,000 fits. */
const MAX_RANGES = 250_000;

const rowNumber = z.int().min(1);

/** Row numbers as `[first, last]`, both included, in ascending order. */
export const rowRangesSchema = z.array(z.tuple([rowNumber, rowNumber])).max(MAX_RANGES);
export type RowRanges = z.infer<typeof rowRangesSchema>;

/** A change that somebody makes to the rows of a file before they are imported; the file stays as it is. */
export const correctionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('cell'),
    row: rowNumber,
    column: z.int().min(0),
    value: z.string().max(MAX_CELL),
  }),
  z.object({
    kind: z.literal('replace'),
    column: z.int().min(0),
    /** Blank together with `whole`: the blank cells. */
    find: z.string().max(MAX_FIND),
    replacement: z.string().max(MAX_FIND),
    /** Only cells that are nothing else. */
    whole: z.boolean(),
    matchCase: z.boolean(),
  }),
  z.object({ kind: z.literal('exclude'), rows: rowRangesSchema }),
  z.object({ kind: z.literal('include'), rows: rowRangesSchema }),
]);
export type Correction = z.infer<typeof correctionSchema>;

export interface CorrectedRow {
  readonly cells: readonly CellValue[];
  /** Columns whose cell is another one than in the file, ascending. */
  readonly changed: readonly number[];
  readonly excluded: boolean;
}

type Cells = readonly CellValue[];
type Step = (cells: Cells) => Cells;

interface RowStep {
  readonly order: number;
  readonly step: Step;
}

interface Exclusion {
  readonly excludes: boolean;
  readonly rows: RowRanges;
}

const NOTHING: readonly number[] = [];

/**
 * The corrections of one file, in the order in which they were made: later ones work on what earlier ones left.
 * A row costs nothing where no correction concerns it.
 */
export class Corrections {
  private readonly forAll: RowStep[] = [];
  private readonly forRow = new Map<number, RowStep[]>();
  private readonly exclusions: Exclusion[] = [];
  private count = 0;

  constructor(list: readonly Correction[] = []) {
    for (const correction of list) this.add(correction);
  }

  add(correction: Correction): void {
    const order = this.count;
    this.count += 1;
    switch (correction.kind) {
      case 'cell': {
        const { row, column, value } = correction;
        const steps = this.forRow.get(row) ?? [];
        steps.push({ order, step: (cells) => withCell(cells, column, value) });
        this.forRow.set(row, steps);
        return;
      }
      case 'replace':
        this.forAll.push({ order, step: replacing(correction) });
        return;
      case 'exclude':
      case 'include':
        this.exclusions.push({ excludes: correction.kind === 'exclude', rows: correction.rows });
    }
  }

  apply(row: number, cells: Cells): CorrectedRow {
    const corrected = this.correct(row, cells);
    return {
      cells: corrected,
      changed: corrected === cells ? NOTHING : changedColumns(cells, corrected),
      excluded: this.isExcluded(row),
    };
  }

  private correct(row: number, cells: Cells): Cells {
    const own = this.forRow.get(row);
    if (own === undefined && this.forAll.length === 0) return cells;
    const steps =
      own === undefined ? this.forAll : [...this.forAll, ...own].sort((a, b) => a.order - b.order);
    return steps.reduce((current, { step }) => step(current), cells);
  }

  private isExcluded(row: number): boolean {
    for (let index = this.exclusions.length - 1; index >= 0; index -= 1) {
      const exclusion = this.exclusions[index];
      if (exclusion !== undefined && isWithin(exclusion.rows, row)) return exclusion.excludes;
    }
    return false;
  }
}

function withCell(cells: Cells, column: number, value: string): Cells {
  const next = [...cells];
  while (next.length < column) next.push(null);
  next[column] = value;
  return next;
}

/** What a replacement makes of one cell; the very cell where it does not concern it. */
export function replacer(
  rule: Omit<Extract<Correction, { kind: 'replace' }>, 'kind' | 'column'>,
): (cell: CellValue | undefined) => CellValue | undefined {
  const { find, replacement, whole, matchCase } = rule;
  if (whole) {
    const wanted = fold(find.trim(), matchCase);
    return (cell) => (fold(cellText(cell), matchCase) === wanted ? replacement : cell);
  }
  if (find === '') return (cell) => cell;
  const pattern = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), matchCase ? 'gu' : 'giu');
  return (cell) => {
    const text = cellText(cell);
    const replaced = text.replace(pattern, () => replacement);
    return replaced === text ? cell : replaced;
  };
}

function replacing(correction: Extract<Correction, { kind: 'replace' }>): Step {
  const replace = replacer(correction);
  return (cells) => {
    const before = cells[correction.column];
    const after = replace(before);
    return after === before || typeof after !== 'string' ? cells : withCell(cells, correction.column, after);
  };
}

const fold = (text: string, matchCase: boolean): string => (matchCase ? text : text.toLowerCase());

function changedColumns(before: Cells, after: Cells): number[] {
  return after.flatMap((cell, column) => (cellText(cell) === cellText(before[column]) ? [] : [column]));
}

function isWithin(ranges: RowRanges, row: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] ?? [0, 0];
    if (row < first) high = middle - 1;
    else if (row > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** Ascending row numbers as ranges. */
export function rangesOf(rows: Iterable<number>): RowRanges {
  const ranges: [number, number][] = [];
  for (const row of rows) {
    const last = ranges.at(-1);
    if (last?.[1] === row - 1) last[1] = row;
    else ranges.push([row, row]);
  }
  return ranges;
}
