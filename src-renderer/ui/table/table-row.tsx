import { memo, type MouseEvent, type ReactNode } from 'react';
import { cx } from '../cx';
import { Skeleton } from '../skeleton';
import { useUiText } from '../texts';
import { SelectBox } from './select-box';
import type { Column } from './types';

interface TableRowProps<T> {
  domId: string;
  index: number;
  row: T | undefined;
  columns: readonly Column<T>[];
  /** Place on the canvas, px. */
  offset: number;
  height: number;
  active: boolean;
  open: boolean;
  /** Null where rows cannot be selected. */
  selected: boolean | null;
  onPress: (index: number, event: MouseEvent) => void;
  onToggle: (index: number, event: MouseEvent) => void;
}

function cellsOf<T>(row: T | undefined, columns: readonly Column<T>[]): ReactNode {
  return columns.map((column) => (
    <div
      key={column.id}
      role="gridcell"
      className={cx(
        'flex min-w-0 items-center overflow-hidden px-3 first:pl-4 last:pr-4',
        column.align === 'end' && 'tabular justify-end text-right',
      )}
    >
      {row === undefined ? (
        <Skeleton width="60%" height={10} />
      ) : (
        <div className="w-full min-w-0 truncate">{column.cell(row)}</div>
      )}
    </div>
  ));
}

function PlainTableRow<T>(props: TableRowProps<T>) {
  const { domId, index, row, columns, offset, height, active, open, selected, onPress, onToggle } = props;
  const t = useUiText();
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected ?? undefined}
      aria-label={row === undefined ? t('table.rowLoading') : undefined}
      data-row-index={index}
      onClick={(event) => onPress(index, event)}
      style={{ height, transform: `translateY(${offset}px)` }}
      className={cx(
        'absolute inset-x-0 top-0 grid [grid-template-columns:var(--columns)] border-b border-line text-sm',
        open || selected === true ? 'bg-selected' : 'bg-surface hover:bg-hover',
        active &&
          'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-focus',
      )}
    >
      {selected !== null && (
        <div role="gridcell" className="flex items-center justify-center">
          <SelectBox
            state={selected ? 'all' : 'none'}
            label={t('table.selectRow', { row: index + 1 })}
            onToggle={(event) => onToggle(index, event)}
          />
        </div>
      )}
      {cellsOf(row, columns)}
    </div>
  );
}

/** One row; drawn again only when something about it changed. (`memo` forgets the type parameter.) */
export const TableRow = memo(PlainTableRow) as typeof PlainTableRow;
