import { cellText } from '@shared/domain/cell';
import type { CorrectedRow, Correction } from '@shared/domain/corrections';
import { addEvidence, dateFinding, type DateEvidence, noEvidence } from '@shared/domain/date-order';
import type { ImportPreview, Mapping } from '@shared/contract/imports';

interface RowAdded {
  readonly excluded?: boolean;
  readonly only?: number | undefined;
}

/** Gathers, for each column that becomes a custom field, how its dates are written. */
export class DateColumns {
  private readonly columns: readonly {
    readonly column: number;
    readonly key: string;
    readonly evidence: DateEvidence;
    /** Of rows that are left out, and may be taken in again. */
    readonly leftOut: DateEvidence;
  }[];

  constructor(mapping: Mapping) {
    this.columns = mapping.flatMap((target, column) =>
      target.field === 'custom'
        ? [{ column, key: target.key, evidence: noEvidence(), leftOut: noEvidence() }]
        : [],
    );
  }

  /** Adds the cells of a row; of one that was added before, `only` the cell of the column that was corrected. */
  add(cells: CorrectedRow['cells'], { excluded = false, only }: RowAdded = {}): void {
    for (const { column, evidence, leftOut } of this.columns) {
      if (only !== undefined && column !== only) continue;
      const cell = cells[column];
      if (typeof cell !== 'string') continue;
      const text = cellText(cell);
      if (text !== '') addEvidence(excluded ? leftOut : evidence, text);
    }
  }

  /** Whether a correction, whose rows were added again, may change what was found: where there is no date, nothing is. */
  concernedBy(correction: Correction): boolean {
    switch (correction.kind) {
      case 'cell':
        return this.columns.some(
          ({ column, evidence }) => column === correction.column && evidence.dates > 0,
        );
      case 'replace':
        return this.columns.some(({ column }) => column === correction.column);
      case 'exclude':
        return this.columns.some(({ evidence }) => evidence.dates > 0);
      case 'include':
        return this.columns.some(({ evidence, leftOut }) => evidence.dates + leftOut.dates > 0);
    }
  }

  /** Whether a correction may change what will have been found, while only some rows were added. */
  mayConcern(correction: Correction): boolean {
    return correction.kind === 'cell' || correction.kind === 'replace'
      ? this.columns.some(({ column }) => column === correction.column)
      : this.columns.length > 0;
  }

  found(): ImportPreview['dates'] {
    return this.columns.flatMap(({ key, evidence }) => {
      const finding = dateFinding(evidence);
      return finding === undefined || evidence.example === null
        ? []
        : [{ key, finding, example: evidence.example }];
    });
  }
}
