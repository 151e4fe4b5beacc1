/**
 * Cells of new rows in one picture. What a list leaps to is drawn in slices: laying out and painting a screen of
 * cells at once keeps the window from answering for longer than anybody should notice.
 */
const CELLS_AT_ONCE = 48;
/** However wide they are, so that a screen of rows is there within a few pictures. */
const MIN_ROWS_AT_ONCE = 2;

export interface Fill {
  /** The rows that are drawn whole now; the others have their turn later. */
  readonly ids: ReadonlySet<string>;
  /** Some that are here are not drawn yet. */
  readonly isPartial: boolean;
}

/** Which of the rows in sight are drawn whole: those that were, and as many new ones as one picture bears. */
export class RowFill {
  private drawn: ReadonlySet<string> = new Set();

  /** `ids`: the rows in sight that are here, from the top. */
  next(ids: readonly string[], cells: number): Fill {
    let left = Math.max(MIN_ROWS_AT_ONCE, Math.floor(CELLS_AT_ONCE / Math.max(1, cells)));
    const whole = new Set<string>();
    for (const id of ids) {
      const isNew = !this.drawn.has(id);
      if (isNew && left === 0) continue;
      if (isNew) left -= 1;
      whole.add(id);
    }
    return { ids: whole, isPartial: whole.size < new Set(ids).size };
  }

  /** Tells what was drawn. */
  done({ ids }: Fill): void {
    this.drawn = ids;
  }
}
