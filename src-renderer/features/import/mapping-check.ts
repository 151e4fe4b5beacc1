import type { Mapping } from '@shared/contract/imports';
import { customKeyProblem, mappingProblems, type MappingProblem } from '@shared/domain/column-mapping';

/** What is wrong with a column, to be shown at it. */
export const problemOfColumn = (problems: readonly MappingProblem[], column: number): string | undefined =>
  problems.find(({ columns }) => columns.includes(column))?.message;

/** What is wrong with the mapping as a whole. */
export const problemOfMapping = (problems: readonly MappingProblem[]): string | undefined =>
  problems.find(({ columns }) => columns.length === 0)?.message;

/** What would be wrong with this name of an own field while it is typed, `column` being the one it is for. */
export function problemOfName(mapping: Mapping, column: number, name: string): string | undefined {
  const key = name.trim();
  const named = mapping.map((target, index) =>
    index === column ? ({ field: 'custom', key } as const) : target,
  );
  return customKeyProblem(key) ?? problemOfColumn(mappingProblems(named), column);
}
