import type { TextFormat } from '@shared/contract/imports';
import type { CellValue } from '@shared/domain/cell';

/** One row as it stands in the file: numbers as numbers, dates as ISO text, formulas as their cached value. */
export interface SourceRow {
  /** 1-based, as Excel shows it; for text files the number of the record. */
  readonly row: number;
  readonly cells: readonly CellValue[];
}

export interface SheetInfo {
  readonly name: string;
  /** Rows up to the last used one, where the file says so. */
  readonly rows: number | null;
  readonly hidden: boolean;
}

export interface ReadOptions {
  /** Reading may stop after this many rows; more may be handed out. */
  readonly limit?: number;
}

/**
 * An opened spreadsheet of any format. Every reader (SheetJS, the .xlsx scanner, CSV) stands behind it,
 * so that what follows does not know where rows come from.
 */
export interface SpreadsheetFile {
  /** In words for people: "xlsx", "csv, Windows-1252, semicolon". */
  readonly format: string;
  /** Only of a file of text. */
  readonly text?: TextFormat;
  /** Never empty. */
  readonly sheets: readonly SheetInfo[];
  /**
   * The rows of a sheet from top to bottom in batches; memory stays bounded while the caller is slow.
   * Rows without any cell may be left out. Throws an AppFailure (`file_rejected`) where the file is damaged.
   */
  rows(sheet: string, options?: ReadOptions): AsyncIterable<readonly SourceRow[]>;
  /** How much of the file's bytes `rows` has read, 0 to 1, where the file does not say how many rows it has. */
  readonly shareRead?: () => number;
  close(): Promise<void>;
}

/** Excel's widest sheet has 16,384 columns; a contact list with over 1,000 is a mistake. */
export const MAX_COLUMNS = 1_000;
export const BATCH_ROWS = 1_000;
