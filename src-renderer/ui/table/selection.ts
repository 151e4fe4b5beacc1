/** The ids of the selected rows. */
export type Selection = ReadonlySet<string>;

export const emptySelection: Selection = new Set();

/** Adds what is not in it, removes what is. */
export function toggled(selection: Selection, id: string): Selection {
  const next = new Set(selection);
  if (!next.delete(id)) next.add(id);
  return next;
}

/**
 * Selects every loaded row between two places, both included, and keeps what was selected before.
 * Rows that are not loaded have no id yet and stay out.
 */
export function withRange(
  selection: Selection,
  from: number,
  to: number,
  idAt: (index: number) => string | undefined,
): Selection {
  const next = new Set(selection);
  for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
    const id = idAt(index);
    if (id !== undefined) next.add(id);
  }
  return next;
}

export type SelectionExtent = 'none' | 'some' | 'all';

/** How much of some rows is selected: for the box in the header. */
export function extentOf(selection: Selection, ids: readonly string[]): SelectionExtent {
  const chosen = ids.filter((id) => selection.has(id)).length;
  if (chosen === 0) return selection.size > 0 ? 'some' : 'none';
  return chosen === ids.length ? 'all' : 'some';
}
