import { sql } from 'kysely';
import { z } from 'zod';
import { Correction, RowTwin } from '@shared/contract/imports';
import type { Executor } from '../../database/database';

/** The rows that corrections are about: those of one sheet of a draft's file. */
export interface CorrectedSheet {
  readonly importId: string;
  readonly sheet: string;
}

/** The corrections of a draft's sheet, in the order in which they were made. */
export async function findCorrections(
  db: Executor,
  { importId, sheet }: CorrectedSheet,
): Promise<Correction[]> {
  const rows = await db
    .selectFrom('import_corrections')
    .select('correction')
    .where('import_id', '=', importId)
    .where('sheet', '=', sheet)
    .orderBy('position')
    .execute();
  return rows.map((row) => Correction.parse(row.correction));
}

/** Keeps one more correction; `false` where the import is no draft any more. */
export async function addCorrection(
  db: Executor,
  { importId, sheet }: CorrectedSheet,
  correction: Correction,
): Promise<boolean> {
  const result = await sql`
    INSERT INTO import_corrections (import_id, position, sheet, correction)
    SELECT i.id, coalesce((SELECT max(position) FROM import_corrections WHERE import_id = i.id), 0) + 1,
           ${sheet}, ${JSON.stringify(correction)}::jsonb
      FROM imports AS i WHERE i.id = ${importId} AND i.state = 'draft' FOR UPDATE OF i`.execute(db);
  return result.numAffectedRows === 1n;
}

/** Forgets the newest correction of a draft's sheet. */
export async function removeNewestCorrection(
  db: Executor,
  { importId, sheet }: CorrectedSheet,
): Promise<void> {
  await sql`
    DELETE FROM import_corrections AS c USING imports AS i
     WHERE i.id = ${importId} AND i.state = 'draft' AND c.import_id = i.id
       AND c.position = (SELECT max(position) FROM import_corrections WHERE import_id = i.id AND sheet = ${sheet})`.execute(
    db,
  );
}

/** Which of these phones are contacts already. */
export async function findKnownPhones(
  db: Executor,
  organizationId: string,
  phones: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ phone: string }>`
    SELECT phone FROM contacts
     WHERE organization_id = ${organizationId} AND phone = ANY(${phones}::text[])`.execute(db);
  return rows.map(({ phone }) => phone);
}

const StoredTwin = z.object({ phone: z.string(), twin: RowTwin });

/** The contacts with these phones, as a row is compared with them. */
export async function findTwins(
  db: Executor,
  organizationId: string,
  phones: readonly string[],
): Promise<ReadonlyMap<string, RowTwin>> {
  const { rows } = await sql`
    SELECT phone, jsonb_build_object('kind', 'contact', 'id', id, 'name', name, 'email', email,
                                     'tags', to_jsonb(tags), 'customFields', custom_fields) AS twin
      FROM contacts WHERE organization_id = ${organizationId} AND phone = ANY(${phones}::text[])`.execute(db);
  return new Map(rows.map((row) => StoredTwin.parse(row)).map(({ phone, twin }) => [phone, twin]));
}
