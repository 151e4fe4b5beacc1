import type { ReactNode } from 'react';
import type { MenuGroups } from '../menu';
import type { Selection } from './selection';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  /** Pixels at the start; the user's own width is remembered by table id. */
  readonly width: number;
  readonly minWidth?: number;
  /** `end` for numbers and times; also sets tabular figures. */
  readonly align?: 'start' | 'end';
  readonly sortable?: boolean;
  /** Takes the width that is left. One column a table. */
  readonly grow?: boolean;
}

/**
 * Rows by place, loaded or not. The table asks for what it is about to show and draws place holders
 * until `row` knows it, so that a million rows cost what thirty do.
 */
export interface RowSource<T> {
  readonly count: number;
  readonly row: (index: number) => T | undefined;
  /** The places from `first` to before `end` are or will soon be in sight. */
  readonly onRange?: ((first: number, end: number) => void) | undefined;
}

export interface Sort {
  readonly columnId: string;
  readonly descending: boolean;
}

/** Who wants to know which row the keys stand on. */
export interface ActiveRow<T> {
  /** Given the way to read it, for as long as the list is shown; returns how to end that. */
  readonly attach: (read: () => T | undefined) => () => void;
  /** Called when it is another one. */
  readonly moved: () => void;
}

export interface DataTableProps<T> {
  /** Names the remembered column widths. */
  id: string;
  /** What the rows are, for assistive technology. */
  label: string;
  columns: readonly Column<T>[];
  source: RowSource<T>;
  rowId: (row: T) => string;
  sort?: Sort | undefined;
  onSortChange?: ((sort: Sort | undefined) => void) | undefined;
  /** Give both to make rows selectable. */
  selection?: Selection | undefined;
  onSelectionChange?: ((selection: Selection) => void) | undefined;
  /** The row whose details are shown beside the table. */
  openId?: string | null | undefined;
  onOpen?: ((row: T, index: number) => void) | undefined;
  contextMenu?: ((row: T) => MenuGroups) | undefined;
  activeRow?: ActiveRow<T> | undefined;
  /** Pixels: 34 unless told. */
  rowHeight?: number | undefined;
  /** First load: place holders for rows whose number is not known yet. */
  loading?: boolean | undefined;
  /** Shown in place of rows when there are none. */
  empty?: ReactNode;
}

/** A source of rows that are all here. */
export function rowsOf<T>(rows: readonly T[]): RowSource<T> {
  return { count: rows.length, row: (index) => rows[index] };
}
