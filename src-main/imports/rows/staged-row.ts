import type { z } from 'zod';
import type { RowReason } from '@shared/contract/imports';

/** A row on its way into `import_rows`; the names are those of the JSON that `insertStagedRows` reads. */
export interface StagedRow {
  readonly row: number;
  readonly state: 'staged' | 'skipped' | 'rejected';
  readonly phone: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly tags: readonly string[];
  /** The tags are those of the import; the row has none of its own. */
  readonly onlyImportTags: boolean;
  readonly custom: Readonly<Record<string, string>>;
  readonly optOut: boolean;
  /** The original cells, where the row is or may still be rejected. */
  readonly cells: readonly string[] | null;
  readonly reasons: readonly z.infer<typeof RowReason>[] | null;
  /** The row of the file that has the same phone and won. */
  readonly duplicateOf: number | null;
}
