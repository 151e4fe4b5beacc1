export { DataTable } from './data-table';
export { emptySelection, type Selection } from './selection';
export { type Column, type DataTableProps, type RowSource, rowsOf, type Sort } from './types';
