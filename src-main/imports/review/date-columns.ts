import { cellText, type CellValue } from '@shared/domain/cell';
import type { Correction } from '@shared/domain/corrections';
import { addEvidence, dateFinding, type DateEvidence, noEvidence } from '@shared/domain/date-order';
import type { ImportPreview, Mapping } from '@shared/contract/imports';

/** Gathers, for each column that becomes a custom field, how its dates are written. */
export class DateColumns {
  private readonly columns: readonly {
    readonly column: number;
    readonly key: string;
    readonly evidence: DateEvidence;
  }[];

  constructor(mapping: Mapping) {
    this.columns = mapping.flatMap((target, column) =>
      target.field === 'custom' ? [{ column, key: target.key, evidence: noEvidence() }] : [],
    );
  }

  add(cells: readonly CellValue[]): void {
    for (const { column, evidence } of this.columns) {
      const cell = cells[column];
      if (typeof cell !== 'string') continue;
      const text = cellText(cell);
      if (text !== '') addEvidence(evidence, text);
    }
  }

  /** Whether a correction may change what was found. */
  concernedBy(correction: Correction): boolean {
    switch (correction.kind) {
      case 'cell':
        // One cell among others that are no dates decides nothing.
        return this.columns.some(
          ({ column, evidence }) =>
            column === correction.column && (evidence.dates > 0 || evidence.others <= 1),
        );
      case 'replace':
        return this.columns.some(({ column }) => column === correction.column);
      case 'exclude':
      case 'include':
        return this.columns.some(({ evidence }) => evidence.dates > 0);
    }
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
