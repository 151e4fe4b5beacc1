import { describe, expect, it } from 'vitest';
import type { CellValue } from '@shared/domain/cell';
import { mergedColumns } from './columns';
import { ROW_HEADER } from './mark';
import { RowNumbers } from './numbering';

const place = (cells: CellValue[][]): (number | string)[] => {
  const numbers = new RowNumbers({ column: 1, rejected: [3, 5, 8], last: 9 });
  return cells.map((row, index) => {
    const found = numbers.place({ row: index + 2, cells: row });
    return found.type === 'row' ? found.row.row : found.reason.message;
  });
};

describe('rows of a mended file', () => {
  it('keep the numbers of the rows that are still rejected', () => {
    expect(
      place([
        ['a', 5],
        ['b', '3'],
        ['c', ' 8 '],
      ]),
    ).toEqual([5, 3, 8]);
  });

  it('are refused where that row is not rejected, whatever it has become', () => {
    const refused = (n: number): string =>
      `Row ${n} of the original file is not rejected any more, so it is left as it is.`;
    expect(
      place([
        ['a', 4],
        ['b', 1],
        ['c', 9],
      ]),
    ).toEqual([refused(4), refused(1), refused(9)]);
  });

  it('are further rows where they were added or copied by hand', () => {
    expect(
      place([
        ['added', null],
        ['mended', 3],
        ['copied', 3],
        ['nonsense', 'x'],
        ['of no import', 4_000],
        ['no cell'],
      ]),
    ).toEqual([10, 3, 11, 12, 13, 14]);
  });

  it('need no number where they are blank', () => {
    expect(place([['a', null], ['', null], [], ['b', null]])).toEqual([10, 10, 10, 11]);
  });
});

describe('the columns of an import that mended rows were put into', () => {
  const name = { field: 'name' } as const;
  const phone = { field: 'phone' } as const;
  const ignore = { field: 'ignore' } as const;

  it('are its own, mapped anew, and those that were added; cells are found wherever they were moved', () => {
    expect(
      mergedColumns(
        [
          { header: 'Phone', target: phone },
          { header: 'Gone', target: { field: 'tags' } },
          { header: 'Name', target: ignore },
        ],
        [
          { header: 'Name', target: name },
          { header: 'New', target: { field: 'custom', key: 'new' } },
          { header: 'Left out', target: ignore },
          { header: ROW_HEADER, target: ignore },
          { header: 'Phone', target: phone },
        ],
      ),
    ).toEqual({
      columns: [
        { header: 'Phone', target: phone },
        { header: 'Gone', target: { field: 'tags' } },
        { header: 'Name', target: name },
        { header: 'New', target: { field: 'custom', key: 'new' } },
      ],
      order: [4, 1_000_000, 0, 1],
    });
  });
});
