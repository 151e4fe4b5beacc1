import {
  columnResizingFeature,
  columnSizingFeature,
  createColumnHelper,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useEffect, useMemo, useState } from 'react';
import { usePreferences } from '@renderer/platform/preferences';
import type { Column, Sort } from './types';

const features = tableFeatures({ columnSizingFeature, columnResizingFeature, rowSortingFeature });
const helper = createColumnHelper<typeof features, object>();
const noRows: object[] = [];
const SAVE_AFTER_MS = 300;
const DEFAULT_MIN_WIDTH = 56;

/**
 * Columns, their widths and the order, kept by @tanstack/react-table. Rows stay outside it: they come
 * by window and are never all here.
 */
export function useColumns<T>(
  tableId: string,
  columns: readonly Column<T>[],
  sort: Sort | undefined,
  onSortChange: ((sort: Sort | undefined) => void) | undefined,
) {
  const stored = usePreferences((state) => state.columnWidths[tableId]);
  const setColumnWidths = usePreferences((state) => state.setColumnWidths);
  const [columnSizing, setColumnSizing] = useState<Record<string, number>>(() => ({ ...stored }));

  // Dragging changes widths with every move of the pointer; they are written down once it rests.
  useEffect(() => {
    const timer = setTimeout(() => setColumnWidths(tableId, columnSizing), SAVE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [tableId, columnSizing, setColumnWidths]);

  const definitions = useMemo(
    () =>
      helper.columns(
        columns.map((column) =>
          helper.accessor(() => null, {
            id: column.id,
            header: column.header,
            size: column.width,
            minSize: column.minWidth ?? DEFAULT_MIN_WIDTH,
            enableSorting: column.sortable ?? false,
            sortDescFirst: column.align === 'end',
          }),
        ),
      ),
    [columns],
  );
  const sorting = useMemo(() => (sort ? [{ id: sort.columnId, desc: sort.descending }] : []), [sort]);

  return useTable({
    features,
    columns: definitions,
    data: noRows,
    columnResizeMode: 'onChange',
    manualSorting: true,
    enableMultiSort: false,
    state: { columnSizing, sorting },
    onColumnSizingChange: setColumnSizing,
    onSortingChange: (update) => {
      const [next] = typeof update === 'function' ? update(sorting) : update;
      onSortChange?.(next && { columnId: next.id, descending: next.desc });
    },
  });
}

export type ColumnTable = ReturnType<typeof useColumns>;
