import type { MappedColumn } from '../repository';
import { isRejectsColumn } from './mark';

/** No sheet has so many columns: such a cell is never there. */
const NOWHERE = 1_000_000;

/**
 * The columns of an import that a mended file was put into: its own, mapped as the file's are where the file
 * has them, then those that were added to the file and mapped. `order` says for each in which column of the
 * file its cells are.
 */
export function mergedColumns(
  target: readonly MappedColumn[],
  draft: readonly MappedColumn[],
): { columns: MappedColumn[]; order: number[] } {
  const place = new Map(draft.map(({ header }, index) => [header, index]));
  const own = target.map(({ header, target: known }) => ({
    header,
    target: draft[place.get(header) ?? NOWHERE]?.target ?? known,
  }));
  const headers = new Set(target.map(({ header }) => header));
  const added = draft.filter(
    ({ header, target: { field } }) => !headers.has(header) && !isRejectsColumn(header) && field !== 'ignore',
  );
  const columns = [...own, ...added];
  return { columns, order: columns.map(({ header }) => place.get(header) ?? NOWHERE) };
}
