import { ArrowDown, ArrowUp } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { cx } from '../cx';
import { useUiText } from '../texts';
import { SelectBox } from './select-box';
import type { SelectionExtent } from './selection';
import type { Column } from './types';
import type { ColumnTable } from './use-columns';

const KEY_STEP = 16;

interface TableHeaderProps<T> {
  table: ColumnTable;
  columns: readonly Column<T>[];
  height: number;
  extent: SelectionExtent | null;
  onSelectAll: () => void;
}

/** The row of names: sorts on press, resizes on its edges, stays in sight. */
export function TableHeader<T>({ table, columns, height, extent, onSelectAll }: TableHeaderProps<T>) {
  const t = useUiText();
  const headers = table.getHeaderGroups()[0]?.headers ?? [];
  const resizeByKey = (id: string, size: number, event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? KEY_STEP : event.key === 'ArrowLeft' ? -KEY_STEP : 0;
    if (step === 0) return;
    event.preventDefault();
    event.stopPropagation();
    table.setColumnSizing((old) => ({ ...old, [id]: Math.max(40, size + step) }));
  };
  return (
    <div role="rowgroup" className="sticky top-0 z-10">
      <div
        role="row"
        aria-rowindex={1}
        style={{ height }}
        className="grid [grid-template-columns:var(--columns)] border-b border-line bg-canvas text-xs font-medium text-ink-3"
      >
        {extent !== null && (
          <div role="columnheader" className="flex items-center justify-center">
            <SelectBox state={extent} label={t('table.selectAll')} onToggle={onSelectAll} />
          </div>
        )}
        {headers.map((header, index) => {
          const column = columns[index];
          if (!column) return null;
          const sorted = header.column.getIsSorted();
          const Arrow = sorted === 'desc' ? ArrowDown : ArrowUp;
          return (
            <div
              key={header.id}
              role="columnheader"
              aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : undefined}
              className={cx(
                'group relative flex min-w-0 items-center px-3 first:pl-4 last:pr-4',
                column.align === 'end' && 'justify-end',
              )}
            >
              {column.sortable === true ? (
                <button
                  type="button"
                  onClick={header.column.getToggleSortingHandler()}
                  className={cx(
                    'flex min-w-0 items-center gap-1 rounded-xs hover:text-ink',
                    column.align === 'end' && 'flex-row-reverse',
                  )}
                >
                  <span className={cx('truncate', sorted !== false && 'font-semibold text-ink')}>
                    {column.header}
                  </span>
                  <Arrow
                    size={12}
                    className={cx('shrink-0', sorted === false && 'opacity-0 group-hover:opacity-50')}
                    aria-hidden
                  />
                </button>
              ) : (
                <span className="truncate">{column.header}</span>
              )}
              <div
                role="separator"
                tabIndex={0}
                aria-orientation="vertical"
                aria-label={t('table.resizeColumn', { column: column.header })}
                aria-valuenow={Math.round(header.getSize())}
                onMouseDown={header.getResizeHandler()}
                onTouchStart={header.getResizeHandler()}
                onDoubleClick={() => header.column.resetSize()}
                onKeyDown={(event) => resizeByKey(column.id, header.getSize(), event)}
                className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-2 after:left-[3.5px] after:w-px after:bg-line group-hover:after:bg-line-control hover:after:bg-accent focus-visible:outline-none focus-visible:after:w-0.5 focus-visible:after:bg-focus"
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
