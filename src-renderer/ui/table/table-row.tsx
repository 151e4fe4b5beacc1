import { memo, type MouseEvent, type ReactNode } from 'react';
import { cx } from '../cx';
import { useUiText } from '../texts';
import { SelectBox } from './select-box';
import type { Column } from './types';

interface TableRowProps<T> {
  domId: string;
  index: number;
  row: T;
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

const CELL = 'flex min-w-0 items-center px-3 first:pl-4 last:pr-4';
// Contained: what changes in a row does not lay out the others.
const ROW =
  'absolute inset-x-0 top-0 grid [contain:strict] [grid-template-columns:var(--columns)] border-b border-line';
const ACTIVE =
  'before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent group-focus-visible/grid:outline-2 group-focus-visible/grid:-outline-offset-2 group-focus-visible/grid:outline-focus';

function cellsOf<T>(row: T, columns: readonly Column<T>[]): ReactNode {
  return columns.map((column) => (
    <div
      key={column.id}
      role="gridcell"
      className={cx(CELL, column.align === 'end' && 'tabular justify-end text-right')}
    >
      <div className="w-full min-w-0 truncate">{column.cell(row)}</div>
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
      data-row-index={index}
      onClick={(event) => onPress(index, event)}
      style={{ height, transform: `translateY(${offset}px)` }}
      className={cx(
        ROW,
        'text-sm',
        open || selected === true ? 'bg-selected' : 'bg-surface hover:bg-hover',
        active && ACTIVE,
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

/** Bars as wide as cells usually are: one element, since a leap draws a screen of them. */
const PLACE =
  'col-span-full my-auto h-2.5 bg-[repeating-linear-gradient(to_right,transparent_0_1rem,var(--pressed)_1rem_6rem,transparent_6rem_9rem)]';

interface PlaceRowProps {
  domId: string;
  index: number;
  /** Number of cells. */
  cells: number;
  offset: number;
  height: number;
  active: boolean;
}

/**
 * Where a row will be once it is here. It stands still: dozens of pulsing bars, each painted by itself, were most
 * of what a frame cost while somebody dragged through a long list.
 */
export const PlaceRow = memo(function PlaceRow(props: PlaceRowProps) {
  const { domId, index, cells, offset, height, active } = props;
  const t = useUiText();
  return (
    <div
      id={domId}
      role="row"
      aria-rowindex={index + 2}
      aria-label={t('table.rowLoading')}
      data-row-index={index}
      style={{ height, transform: `translateY(${offset}px)` }}
      className={cx(ROW, 'bg-surface', active && ACTIVE)}
    >
      <div role="gridcell" aria-colspan={cells} className={PLACE} />
    </div>
  );
});
