import { type MouseEvent, useEffect, useLayoutEffect, useReducer, useState } from 'react';
import { RowFill } from './row-fill';
import type { Selection } from './selection';
import { PlaceRow, TableRow } from './table-row';
import type { Column, RowSource } from './types';
import type { RowWindow } from './use-row-window';

interface TableRowsProps<T> {
  readonly gridId: string;
  readonly columns: readonly Column<T>[];
  readonly source: RowSource<T>;
  readonly rowId: (row: T) => string;
  readonly window: Pick<RowWindow, 'first' | 'end' | 'shift' | 'canvasHeight'>;
  readonly rowHeight: number;
  /** The row that the keys stand on. */
  readonly current: number;
  readonly openId: string | null | undefined;
  /** Undefined where rows cannot be selected. */
  readonly selection: Selection | undefined;
  readonly onPress: (index: number, event: MouseEvent) => void;
  readonly onToggle: (index: number, event: MouseEvent) => void;
}

/** The rows in sight, and place holders for those that are still to be read or to be drawn. */
export function TableRows<T>(props: TableRowsProps<T>) {
  const { gridId, columns, source, rowId, window, rowHeight, current, openId, selection } = props;
  const { first, end, shift, canvasHeight } = window;
  const length = Math.max(0, end - first);
  const visible = Array.from({ length }, (_, offset) => {
    const row = source.row(first + offset);
    return { index: first + offset, row, id: row === undefined ? undefined : rowId(row) };
  });
  const cells = columns.length + (selection === undefined ? 0 : 1);
  const whole = useFill(
    visible.flatMap(({ id }) => id ?? []),
    cells,
  );
  return (
    <div role="rowgroup" className="relative" style={{ height: canvasHeight }}>
      {visible.map(({ index, row, id }) => {
        const shared = {
          domId: `${gridId}-${index}`,
          index,
          offset: index * rowHeight + shift,
          height: rowHeight,
          active: index === current,
        };
        if (row === undefined || id === undefined || !whole.has(id)) {
          // Nothing is in them: those that leave at one end come back at the other.
          return <PlaceRow key={`place-${index % length}`} {...shared} cells={cells} />;
        }
        return (
          <TableRow
            key={id}
            {...shared}
            row={row}
            columns={columns}
            open={id === openId}
            selected={selection === undefined ? null : selection.has(id)}
            onPress={props.onPress}
            onToggle={props.onToggle}
          />
        );
      })}
    </div>
  );
}

/** The rows that are drawn whole now; the others follow, some with every picture. */
function useFill(ids: readonly string[], cells: number): ReadonlySet<string> {
  const [fill] = useState(() => new RowFill());
  const [, goOn] = useReducer((turn: number) => turn + 1, 0);
  const next = fill.next(ids, cells);
  useLayoutEffect(() => fill.done(next));
  useEffect(() => {
    if (!next.isPartial) return;
    const frame = requestAnimationFrame(goOn);
    return () => cancelAnimationFrame(frame);
  }, [next]);
  return next.ids;
}
