import { sql, type RawBuilder } from 'kysely';

/** How the recipients of one launch are divided among campaigns. */
export interface Division {
  /** Selects the addresses that count as written to already: they use nothing of the budget. */
  readonly written: RawBuilder<unknown>;
  /** New people of the first part, and of each part after it. */
  readonly left: number;
  readonly limit: number;
  /** The campaigns of the parts after the first; none: who does not fit is left out, and the ledger says so. */
  readonly laterIds: readonly string[];
}

/**
 * The common table `parted`: the rows of `judged` with the `part` that each is in, 0 being the first. Who is not reached
 * or uses nothing of the limit is in the first; the rest fill the parts in their order.
 */
export function partedBy(division: Division | null, order: RawBuilder<unknown>): RawBuilder<unknown> {
  if (division === null) return sql`parted AS (SELECT *, 0 AS part FROM judged)`;
  const { written, left, limit, laterIds } = division;
  return sql`
    known AS (SELECT *, NOT reached OR recipient IN (${written}) AS is_known FROM judged),
    parted AS (
      SELECT *, CASE WHEN is_known OR new_place <= ${left}::int THEN 0
                     ELSE least(1 + (new_place - ${left}::int - 1) / ${limit}::int, ${Math.max(1, laterIds.length)}::int)
                END AS part
        FROM (SELECT *, (row_number() OVER (PARTITION BY is_known ORDER BY ${order}))::int AS new_place FROM known) AS ranked
    )`;
}
