import { type HTMLAttributes, type KeyboardEvent, type ReactElement, type ReactNode, useState } from 'react';
import { ContextMenu, type MenuGroups } from './menu';
import { isMenuKey, openMenuAt } from './menu-key';
import { gridAction } from './table/grid-keys';
import type { ActiveRow } from './table/types';
import { useActiveRow } from './table/use-active-row';

interface RovingRowsProps<T> {
  readonly rows: readonly T[];
  /** Draws the list around its rows: `<ul>`, `<tbody>`. */
  readonly frame: (props: FrameProps) => ReactElement;
  /** Draws one row. `row` goes on its element, `focus` on the one link or button that opens it. */
  readonly children: (row: T, props: RowProps) => ReactNode;
  readonly activeRow?: ActiveRow<T> | undefined;
  readonly contextMenu?: ((row: T) => MenuGroups) | undefined;
}

interface FrameProps extends Pick<HTMLAttributes<HTMLElement>, 'onKeyDown' | 'onContextMenu' | 'onFocus'> {
  readonly 'data-list': '';
  readonly children: ReactNode;
}

export interface RowProps {
  readonly row: { readonly 'data-row-index': number };
  readonly focus: { readonly tabIndex: 0 | -1; readonly 'data-row-focus': '' };
}

/**
 * A short list or table with the keys of the large ones: one tab stop, j/k and arrows move, Enter opens by pressing
 * what has the focus, the menu key and a right click show what can be done with a row.
 */
export function RovingRows<T>({ rows, frame, children, activeRow, contextMenu }: RovingRowsProps<T>) {
  const [at, setAt] = useState(-1);
  const [menu, setMenu] = useState<MenuGroups>([]);
  const current = Math.min(at, rows.length - 1);
  useActiveRow(activeRow, current, (index) => rows[index]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const { target, currentTarget } = event;
    if (!(target instanceof HTMLElement) || !('rowFocus' in target.dataset)) return;
    if (contextMenu && isMenuKey(event)) {
      event.preventDefault();
      openMenuAt(target);
      return;
    }
    const action = gridAction(event, current, rows.length, PAGE);
    if (action?.kind !== 'move') return;
    event.preventDefault();
    event.stopPropagation();
    const next = currentTarget.querySelector<HTMLElement>(
      `[data-row-index="${action.to}"] [data-row-focus], [data-row-index="${action.to}"][data-row-focus]`,
    );
    next?.focus();
  };

  const list = frame({
    'data-list': '',
    onKeyDown,
    onFocus: (event) => {
      const index = indexOf(event.target);
      if (index !== null) setAt(index);
    },
    onContextMenu: (event) => {
      const index = indexOf(event.target);
      const row = index === null ? undefined : rows[index];
      if (index !== null) setAt(index);
      setMenu(row === undefined ? [] : (contextMenu?.(row) ?? []));
    },
    children: rows.map((row, index) =>
      children(row, {
        row: { 'data-row-index': index },
        focus: { tabIndex: index === Math.max(0, current) ? 0 : -1, 'data-row-focus': '' },
      }),
    ),
  });
  return contextMenu ? <ContextMenu groups={menu}>{list}</ContextMenu> : list;
}

const PAGE = 10;

function indexOf(target: EventTarget): number | null {
  if (!(target instanceof Element)) return null;
  const index = target.closest('[data-row-index]')?.getAttribute('data-row-index');
  return index === null || index === undefined ? null : Number(index);
}
