/** What a key does in a table. */
export type GridAction =
  | { readonly kind: 'move'; readonly to: number; readonly extend: boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'select' }
  | { readonly kind: 'select-all' }
  | { readonly kind: 'clear' };

export interface GridKey {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** j/k and arrows move, Shift extends the selection, Home/End/PageUp/PageDown jump, Enter opens, x selects. */
export function gridAction(
  press: GridKey,
  active: number,
  count: number,
  pageRows: number,
): GridAction | null {
  if (count === 0 || press.altKey) return null;
  const last = count - 1;
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === 'a' ? { kind: 'select-all' } : null;
  const move = (to: number): GridAction => ({
    kind: 'move',
    to: Math.min(last, Math.max(0, to)),
    extend: press.shiftKey,
  });
  switch (press.key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return move(active + 1);
    case 'ArrowUp':
    case 'k':
    case 'K':
      return move(active < 0 ? 0 : active - 1);
    case 'PageDown':
      return move(Math.max(0, active) + pageRows);
    case 'PageUp':
      return move(active - pageRows);
    case 'Home':
      return move(0);
    case 'End':
      return move(last);
    case 'Enter':
      return { kind: 'open' };
    case 'x':
    case ' ':
      return { kind: 'select' };
    case 'Escape':
      return { kind: 'clear' };
    default:
      return null;
  }
}
