import { sql } from 'kysely';
import { z } from 'zod';
import { RecipientList } from '@shared/contract/audiences';
import type { ListEntry } from '@shared/domain/recipient-list';
import type { Executor } from '../../../database/database';

export interface NewList {
  readonly organizationId: string;
  readonly userId: string;
  readonly source: 'pasted' | 'file';
  readonly name: string;
  readonly fields: readonly string[];
}

export async function createList(db: Executor, list: NewList): Promise<string> {
  const row = await db
    .insertInto('recipient_lists')
    .values({
      organization_id: list.organizationId,
      source: list.source,
      name: list.name,
      fields: [...list.fields],
      created_by: list.userId,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Adds entries behind those that are there; `position` is that of the first. */
export async function addEntries(
  db: Executor,
  listId: string,
  position: number,
  entries: readonly ListEntry[],
): Promise<void> {
  await sql`
    INSERT INTO recipient_list_entries (list_id, position, written, phone, email, name, given, problem)
    SELECT ${listId}::uuid, ${position}::int + ordinal::int - 1, entry ->> 'written', entry ->> 'phone',
           entry ->> 'email', entry ->> 'name', entry -> 'given', entry ->> 'problem'
      FROM jsonb_array_elements(${JSON.stringify(entries)}::jsonb) WITH ORDINALITY AS each (entry, ordinal)`.execute(
    db,
  );
}

const Row = z.object({
  id: z.string(),
  name: z.string(),
  source: z.enum(['pasted', 'file']),
  fields: z.array(z.string()),
  entries: z.number(),
  invalid: z.number(),
  known: z.number(),
});

/** A list with its counts; nothing where there is none in the organization. */
export async function findList(
  db: Executor,
  organizationId: string,
  listId: string,
): Promise<RecipientList | undefined> {
  const { rows } = await sql`
    SELECT list.id, list.name, list.source, list.fields, counts.*
      FROM recipient_lists AS list
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS entries,
              count(*) FILTER (WHERE entry.phone IS NULL AND entry.email IS NULL)::int AS invalid,
              count(*) FILTER (WHERE by_phone.id IS NOT NULL OR by_email.address IS NOT NULL)::int AS known
         FROM recipient_list_entries AS entry
         LEFT JOIN contacts AS by_phone
                ON by_phone.organization_id = list.organization_id AND by_phone.phone = entry.phone
         LEFT JOIN (SELECT DISTINCT lower(email) AS address FROM contacts
                     WHERE organization_id = ${organizationId}::uuid AND email IS NOT NULL) AS by_email
                ON entry.phone IS NULL AND by_email.address = lower(entry.email)
        WHERE entry.list_id = list.id) AS counts
     WHERE list.id = ${listId}::uuid AND list.organization_id = ${organizationId}::uuid`.execute(db);
  return rows[0] === undefined ? undefined : RecipientList.parse(Row.parse(rows[0]));
}

export async function removeList(db: Executor, listId: string): Promise<void> {
  await db.deleteFrom('recipient_lists').where('id', '=', listId).execute();
}

/** Lists that no campaign names, so many days after they were made: drafts that were given up. */
export async function removeForgottenLists(db: Executor, days: number): Promise<void> {
  await sql`
    DELETE FROM recipient_lists AS list
     WHERE list.created_at < now() - ${days}::int * interval '1 day'
       AND NOT EXISTS (SELECT 1 FROM campaigns WHERE campaigns.organization_id = list.organization_id
                          AND campaigns.audience ->> 'listId' = list.id::text)`.execute(db);
}
