import { describe, expect, it } from 'vitest';
import { RowFill } from './row-fill';

const ids = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, row) => `row-${from + row}`);

/** The pictures until every row is drawn: how many rows of each are new. */
function pictures(fill: RowFill, wanted: readonly string[], cells: number): number[] {
  const sizes: number[] = [];
  for (let drawn = 0, isPartial = true; isPartial;) {
    const next = fill.next(wanted, cells);
    fill.done(next);
    sizes.push(next.ids.size - drawn);
    ({ isPartial } = next);
    drawn = next.ids.size;
  }
  return sizes;
}

describe('rows that a list leaps to', () => {
  it('are drawn some with every picture, from the top', () => {
    const fill = new RowFill();
    expect([...fill.next(ids(0, 18), 12).ids]).toEqual(ids(0, 4));
    expect(pictures(fill, ids(0, 18), 12)).toEqual([4, 4, 4, 4, 2]);
    // A leap: all of them are others.
    expect(pictures(fill, ids(5_000, 18), 12)).toEqual([4, 4, 4, 4, 2]);
  });

  it('are there within a few pictures, however wide they are', () => {
    expect(pictures(new RowFill(), ids(0, 18), 300)).toHaveLength(9);
  });

  it('stay as they are where the list only moves on, or its rows are put in another order', () => {
    const fill = new RowFill();
    pictures(fill, ids(0, 18), 12);
    const moved = fill.next(ids(3, 18), 12);
    expect(moved.ids).toEqual(new Set(ids(3, 18)));
    expect(moved.isPartial).toBe(false);
    fill.done(moved);
    expect(fill.next(ids(3, 18).reverse(), 12).isPartial).toBe(false);
  });

  it('count once where two are the same', () => {
    const next = new RowFill().next(['a', 'a', 'b'], 12);
    expect(next).toEqual({ ids: new Set(['a', 'b']), isPartial: false });
  });
});
