import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { ImportOptions } from '@shared/contract/imports';
import type { Executor } from '../../../database/database';
import { type ImportRecord, MappedColumn } from '../../repository';
import { type Updating, updatingOf } from '../../rows/updating/repository';

/** Rows `r` of `import_rows` that were put into an import at one time, and how they were written to contacts. */
export interface Round {
  readonly rows: RawBuilder<boolean>;
  readonly updating: Updating;
}

const StoredRounds = z.array(
  z.object({
    /** As the database writes it, to the microsecond; null for the rows of the file itself. */
    at: z.string().nullable(),
    columns: z.array(MappedColumn),
    options: ImportOptions,
  }),
);

/**
 * The rounds of an import: its file, then each of the mended ones. They may have been started with other options,
 * and what a row has written is known only by its own. Each row belongs to just one round.
 */
export async function roundsOf(db: Executor, record: ImportRecord): Promise<Round[]> {
  const { rows } = await sql<{ rounds: unknown }>`
    SELECT earlier_rounds AS rounds FROM imports WHERE id = ${record.id}`.execute(db);
  const earlier = StoredRounds.parse(rows[0]?.rounds ?? []).map(({ at, ...settings }) => ({
    rows: sql<boolean>`r.continued_at IS NOT DISTINCT FROM ${at}::timestamptz`,
    updating: updatingOf(settings),
  }));
  const others = earlier.map((round) => sql<boolean>`NOT (${round.rows})`);
  const last = others.length === 0 ? sql<boolean>`TRUE` : sql<boolean>`(${sql.join(others, sql` AND `)})`;
  return [...earlier, { rows: last, updating: updatingOf(record) }];
}
