import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { ContextMenu, type MenuGroups } from '../menu';
import { isMenuKey, openMenuAt } from '../menu-key';
import { gridAction } from './grid-keys';
import { emptySelection, extentOf, toggled, withRange } from './selection';
import { TableHeader } from './table-header';
import { TableRows } from './table-rows';
import type { DataTableProps } from './types';
import { useActiveRow } from './use-active-row';
import { useColumns } from './use-columns';
import { useRowWindow } from './use-row-window';
import { useToldRange } from './use-told-range';

const HEADER_HEIGHT = 32;
const SELECT_WIDTH = 36;
const LOADING_ROWS = 12;

/**
 * The table of the console: any number of rows, one tab stop, all of it by keyboard. The focus stays on
 * the grid and `aria-activedescendant` names the row, so that it survives rows scrolling out of the page.
 * Fills its parent; give the parent a height.
 */
export function DataTable<T>(props: DataTableProps<T>) {
  const { id, label, columns, source, rowId, sort, onSortChange, selection, onSelectionChange } = props;
  const { openId, onOpen, contextMenu, activeRow, rowHeight = 34, loading = false, empty } = props;
  const gridId = useId();
  const count = loading && source.count === 0 ? LOADING_ROWS : source.count;
  const table = useColumns(id, columns, sort, onSortChange);
  const rows = useRowWindow(count, rowHeight, HEADER_HEIGHT);
  const [active, setActive] = useState(-1);
  const [menu, setMenu] = useState<MenuGroups>([]);
  const anchor = useRef<number | null>(null);
  const current = Math.min(active, count - 1);
  const selectable = selection !== undefined && onSelectionChange !== undefined;

  const { first, end, scroller } = rows;
  useToldRange(first, end, source.onRange);

  const idAt = (index: number): string | undefined => {
    const row = source.row(index);
    return row === undefined ? undefined : rowId(row);
  };

  const toggle = (index: number, range: boolean): void => {
    const rowKey = idAt(index);
    if (!selection || !onSelectionChange || rowKey === undefined) return;
    if (range && anchor.current !== null)
      onSelectionChange(withRange(selection, anchor.current, index, idAt));
    else onSelectionChange(toggled(selection, rowKey));
    anchor.current = index;
  };

  const open = (index: number): void => {
    const row = source.row(index);
    if (row !== undefined) onOpen?.(row, index);
  };

  const moveTo = (index: number, extend: boolean): void => {
    if (extend && selection && onSelectionChange) {
      anchor.current ??= current;
      onSelectionChange(withRange(selection, Math.max(0, anchor.current), index, idAt));
    } else {
      anchor.current = null;
    }
    setActive(index);
    rows.showRow(index);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    if (contextMenu && isMenuKey(event)) {
      event.preventDefault();
      const row = document.getElementById(`${gridId}-${current}`);
      if (row !== null) openMenuAt(row);
      return;
    }
    const action = gridAction(event, current, source.count, rows.pageRows);
    if (!action) return;
    if (action.kind === 'clear' && (selection === undefined || selection.size === 0)) return;
    if (action.kind === 'open' && (current < 0 || !onOpen)) return;
    if (action.kind === 'select' && !selectable) return;
    event.preventDefault();
    // A handled key must not also run a page's shortcut.
    event.stopPropagation();
    switch (action.kind) {
      case 'move':
        return moveTo(action.to, action.extend);
      case 'open':
        return open(current);
      case 'select':
        return toggle(current, false);
      case 'select-all':
        if (selection) onSelectionChange?.(withRange(selection, 0, source.count - 1, idAt));
        return;
      case 'clear':
        onSelectionChange?.(emptySelection);
    }
  };

  useActiveRow(activeRow, current, source.row);

  // Rows are memoised: they get handlers that stay the same and reach the latest state through this.
  const latest = useRef({ toggle, open });
  useEffect(() => {
    latest.current = { toggle, open };
  });
  const onPress = useCallback((index: number, event: MouseEvent) => {
    setActive(index);
    if (event.target instanceof Element && event.target.closest('a,button,input') !== null) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) latest.current.toggle(index, event.shiftKey);
    else latest.current.open(index);
  }, []);
  const onToggle = useCallback((index: number, event: MouseEvent) => {
    setActive(index);
    latest.current.toggle(index, event.shiftKey);
  }, []);

  const visibleIds = (): string[] =>
    Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset).flatMap(
      (index) => idAt(index) ?? [],
    );
  const extent = selectable ? extentOf(selection, visibleIds()) : null;
  const sizes = columns.map((column) => table.getColumn(column.id)?.getSize() ?? column.width);
  const tracks = columns.map((column, index) => {
    const width = sizes[index] ?? column.width;
    return column.grow === true ? `minmax(${width}px, 1fr)` : `${width}px`;
  });
  const template = [...(selectable ? [`${SELECT_WIDTH}px`] : []), ...tracks].join(' ');
  const minWidth = sizes.reduce((sum, size) => sum + size, selectable ? SELECT_WIDTH : 0);

  const grid = (
    <div
      ref={scroller}
      id={gridId}
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={loading ? -1 : count + 1}
      aria-colcount={columns.length + (selectable ? 1 : 0)}
      aria-multiselectable={selectable || undefined}
      aria-busy={loading || undefined}
      aria-activedescendant={current >= first && current < end ? `${gridId}-${current}` : undefined}
      data-list=""
      onKeyDown={onKeyDown}
      onFocus={(event) => {
        if (event.target === event.currentTarget && active < 0 && count > 0) setActive(first);
      }}
      onContextMenu={(event) => {
        if (!contextMenu || !(event.target instanceof Element)) return;
        const pointed = event.target.closest('[data-row-index]')?.getAttribute('data-row-index');
        const index = pointed === null || pointed === undefined ? current : Number(pointed);
        setActive(index);
        const row = source.row(index);
        setMenu(row === undefined ? [] : contextMenu(row));
      }}
      className="group/grid relative min-h-0 flex-1 overflow-auto bg-surface [contain:strict] [overflow-anchor:none] focus-visible:outline-none"
    >
      <div style={{ minWidth, '--columns': template }}>
        <TableHeader
          table={table}
          columns={columns}
          height={HEADER_HEIGHT}
          extent={extent}
          onSelectAll={() => {
            if (!selection) return;
            onSelectionChange?.(
              extent === 'all' ? emptySelection : withRange(selection, 0, source.count - 1, idAt),
            );
          }}
        />
        {count === 0 ? (
          // A grid has rows only: what stands in an empty one is its one row.
          <div role="rowgroup" className="sticky left-0">
            <div role="row" aria-rowindex={2}>
              <div role="gridcell" aria-colspan={columns.length + (selectable ? 1 : 0)}>
                {empty}
              </div>
            </div>
          </div>
        ) : (
          <TableRows
            {...{ gridId, columns, source, rowId, rowHeight, current, openId, onPress, onToggle }}
            window={rows}
            selection={selectable ? selection : undefined}
          />
        )}
      </div>
    </div>
  );
  return contextMenu ? <ContextMenu groups={menu}>{grid}</ContextMenu> : grid;
}
