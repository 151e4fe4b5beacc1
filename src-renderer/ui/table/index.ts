export { DataTable } from './data-table';
export { TableFrame } from './table-frame';
export { emptySelection, type Selection } from './selection';
export { type Column, type DataTableProps, type RowSource, rowsOf, type Sort } from './types';
