import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { ImportOptions, Mapping, SavedMapping } from '@shared/contract/imports';
import type { MappingId } from '@shared/domain/ids';
import type { Executor } from '../../database/database';

/** More are not listed: whoever has so many headers looks for none of them by hand. */
const MAX_LISTED = 500;

export interface UsedMapping {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
}

interface Headers {
  readonly fingerprint: string;
  readonly names: readonly string[];
}

const Stored = z
  .object({
    id: z.string(),
    headers: z.array(z.string()),
    mapping: Mapping,
    options: ImportOptions,
    use_count: z.int(),
    used_at: z.date().nullable(),
  })
  .transform(({ use_count, used_at, options, ...row }) => ({
    ...row,
    defaultCountry: options.defaultCountry,
    uses: use_count,
    usedAt: used_at?.toISOString() ?? null,
  }))
  .pipe(SavedMapping);

const COLUMNS = ['id', 'headers', 'mapping', 'options', 'use_count', 'used_at'] as const;

const mappingsOf = (db: Executor, organizationId: string) =>
  db.selectFrom('saved_mappings').select(COLUMNS).where('organization_id', '=', organizationId);

/** How columns with these headers are mapped; `undefined` where nothing is saved, or it is no longer readable. */
export async function findSavedMapping(
  db: Executor,
  organizationId: string,
  fingerprint: string,
): Promise<SavedMapping | undefined> {
  const row = await mappingsOf(db, organizationId)
    .where('header_fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return Stored.safeParse(row).data;
}

/** The last used first, those that were never used at the end. */
export async function listSavedMappings(db: Executor, organizationId: string): Promise<SavedMapping[]> {
  const rows = await mappingsOf(db, organizationId)
    .orderBy(sql`used_at DESC NULLS LAST`)
    .orderBy('id')
    .limit(MAX_LISTED)
    .execute();
  return rows.flatMap((row) => Stored.safeParse(row).data ?? []);
}

/** Remembers the mapping that an import was started with for the next file with the same headers. */
export async function rememberMapping(
  db: Executor,
  organizationId: string,
  headers: Headers,
  used: UsedMapping,
): Promise<void> {
  await insertMapping(db, organizationId, headers, used, { used_at: sql<string>`now()` })
    .onConflict((conflict) =>
      conflict.columns(UNIQUE).doUpdateSet({
        headers: (row) => row.ref('excluded.headers'),
        mapping: (row) => row.ref('excluded.mapping'),
        options: (row) => row.ref('excluded.options'),
        use_count: sql<number>`saved_mappings.use_count + 1`,
        used_at: sql<string>`now()`,
      }),
    )
    .execute();
}

/** Saves a mapping that somebody made or edited, without using it; `options` replace those that are kept. */
export async function saveMapping(
  db: Executor,
  organizationId: string,
  headers: Headers,
  made: { readonly mapping: Mapping; readonly options: Partial<ImportOptions> },
): Promise<void> {
  await insertMapping(db, organizationId, headers, made, { use_count: 0 })
    .onConflict((conflict) =>
      conflict.columns(UNIQUE).doUpdateSet({
        mapping: (row) => row.ref('excluded.mapping'),
        options: sql<string>`saved_mappings.options || excluded.options`,
      }),
    )
    .execute();
}

const UNIQUE = ['organization_id', 'header_fingerprint'] as const;

const insertMapping = (
  db: Executor,
  organizationId: string,
  { fingerprint, names }: Headers,
  { mapping, options }: { readonly mapping: Mapping; readonly options: Partial<ImportOptions> },
  use: { readonly used_at: RawBuilder<string> } | { readonly use_count: number },
) =>
  db.insertInto('saved_mappings').values({
    organization_id: organizationId,
    header_fingerprint: fingerprint,
    headers: JSON.stringify(names),
    mapping: JSON.stringify(mapping),
    options: JSON.stringify(options),
    ...use,
  });

/** The headers of a mapping that is forgotten now; `undefined` where there was none. */
export async function forgetMapping(
  db: Executor,
  organizationId: string,
  id: MappingId,
): Promise<string[] | undefined> {
  const row = await db
    .deleteFrom('saved_mappings')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .returning('headers')
    .executeTakeFirst();
  return row === undefined ? undefined : (z.array(z.string()).safeParse(row.headers).data ?? []);
}
