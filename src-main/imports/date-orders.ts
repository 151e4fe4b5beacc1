import type { ImportOptions, ImportPreview, Mapping, SuggestedColumn } from '@shared/contract/imports';
import { addEvidence, dateFinding, noEvidence } from '@shared/domain/date-order';
import { ok, type Result } from '@shared/errors';

interface Columns {
  readonly mapping: Mapping;
  readonly columns: readonly SuggestedColumn[];
}

/**
 * How the dates of custom fields are written: as somebody has answered, else as the whole column says. The rows
 * are judged for that only where the first cells of a column are such dates. A column that cannot tell stays as
 * it is: a guess would swap days and months.
 */
export async function dateOrdersOf(
  draft: Columns,
  { dateOrders }: ImportOptions,
  preview: () => Promise<Result<ImportPreview>>,
): Promise<Result<ImportOptions['dateOrders']>> {
  const open = unanswered(draft, dateOrders);
  if (open.size === 0) return ok(dateOrders);
  const judged = await preview();
  if (!judged.ok) return judged;
  return ok(
    withFoundOrders(
      dateOrders,
      judged.value.dates.filter(({ key }) => open.has(key)),
    ),
  );
}

/** What whole columns say of their dates, where nobody has answered. */
export function withFoundOrders(
  answered: ImportOptions['dateOrders'],
  dates: ImportPreview['dates'],
): ImportOptions['dateOrders'] {
  const found = dates.flatMap(({ key, finding }) =>
    finding === 'ambiguous' || Object.hasOwn(answered, key) ? [] : [[key, finding] as const],
  );
  return { ...answered, ...Object.fromEntries(found) };
}

function unanswered(
  { mapping, columns }: Columns,
  dateOrders: ImportOptions['dateOrders'],
): ReadonlySet<string> {
  const keys = mapping.flatMap((target, index) =>
    target.field === 'custom' && !Object.hasOwn(dateOrders, target.key) && showsDates(columns[index])
      ? [target.key]
      : [],
  );
  return new Set(keys);
}

/** Whether the first cells of a column are dates in numbers. */
export function showsDates(column: SuggestedColumn | undefined): boolean {
  const evidence = noEvidence();
  for (const sample of column?.samples ?? []) addEvidence(evidence, sample);
  return evidence.dates > 0 && dateFinding({ ...evidence, dayFirst: 0, monthFirst: 0 }) !== undefined;
}
