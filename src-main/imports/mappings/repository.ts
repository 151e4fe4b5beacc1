import { sql } from 'kysely';
import { ImportOptions, Mapping } from '@shared/contract/imports';
import type { Executor } from '../../database/database';

export interface SavedMapping {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
}

/** How columns with these headers were mapped the last time; `undefined` where never, or no longer readable. */
export async function findSavedMapping(
  db: Executor,
  organizationId: string,
  fingerprint: string,
): Promise<SavedMapping | undefined> {
  const row = await db
    .selectFrom('saved_mappings')
    .select(['mapping', 'options'])
    .where('organization_id', '=', organizationId)
    .where('header_fingerprint', '=', fingerprint)
    .executeTakeFirst();
  const mapping = Mapping.safeParse(row?.mapping);
  const options = ImportOptions.safeParse(row?.options);
  return mapping.success && options.success ? { mapping: mapping.data, options: options.data } : undefined;
}

/** Remembers a mapping for the next file with the same headers. */
export async function saveMapping(
  db: Executor,
  organizationId: string,
  headers: { readonly fingerprint: string; readonly names: readonly string[] },
  saved: SavedMapping,
): Promise<void> {
  await db
    .insertInto('saved_mappings')
    .values({
      organization_id: organizationId,
      header_fingerprint: headers.fingerprint,
      headers: JSON.stringify(headers.names),
      mapping: JSON.stringify(saved.mapping),
      options: JSON.stringify(saved.options),
    })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'header_fingerprint']).doUpdateSet({
        headers: (row) => row.ref('excluded.headers'),
        mapping: (row) => row.ref('excluded.mapping'),
        options: (row) => row.ref('excluded.options'),
        use_count: sql<number>`saved_mappings.use_count + 1`,
      }),
    )
    .execute();
}
