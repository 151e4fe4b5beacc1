import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { Contact, type ContactFilter, type ContactPatch } from '@shared/contract/contacts';
import { DeliveryState } from '@shared/contract/campaigns';
import type { Executor } from '../database/database';

const StoredContact = z
  .object({
    id: z.string(),
    phone: z.string(),
    name: z.string().nullable(),
    email: z.string().nullable(),
    tags: z.array(z.string()),
    customFields: z.record(z.string(), z.unknown()),
    optedOutAt: z.date().nullable(),
    importId: z.string().nullable(),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .transform((row) => ({
    ...row,
    customFields: asTexts(row.customFields),
    optedOutAt: row.optedOutAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }))
  .pipe(Contact);

const COLUMNS = sql`
  contact.id, contact.phone, contact.name, contact.email, contact.tags,
  contact.custom_fields AS "customFields", contact.opted_out_at AS "optedOutAt",
  contact.import_id AS "importId", contact.created_at AS "createdAt", contact.updated_at AS "updatedAt"`;

/** Where a page of the list begins; `at` is the text of a timestamp, finer than a Date. */
export interface ContactPosition {
  readonly at: string;
  readonly id: string;
}

/** Newest first, `limit` contacts after a position. */
export async function listContacts(
  db: Executor,
  organizationId: string,
  filter: ContactFilter,
  page: { readonly after?: ContactPosition | undefined; readonly limit: number },
): Promise<{ contact: Contact; position: ContactPosition }[]> {
  const after =
    page.after === undefined
      ? sql`TRUE`
      : sql`(contact.created_at, contact.id) < (${page.after.at}::timestamptz, ${page.after.id}::uuid)`;
  const { rows } = await sql<{ position: string; id: string }>`
    SELECT ${COLUMNS}, contact.created_at::text AS position FROM contacts AS contact
     WHERE contact.organization_id = ${organizationId} AND ${matches(filter)} AND ${after}
     ORDER BY contact.created_at DESC, contact.id DESC LIMIT ${page.limit}`.execute(db);
  return rows.map((row) => ({
    contact: StoredContact.parse(row),
    position: { at: row.position, id: row.id },
  }));
}

export async function countContacts(
  db: Executor,
  organizationId: string,
  filter: ContactFilter,
): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    SELECT count(*) AS total FROM contacts AS contact
     WHERE contact.organization_id = ${organizationId} AND ${matches(filter)}`.execute(db);
  return rows[0]?.total ?? 0;
}

export async function findContact(
  db: Executor,
  organizationId: string,
  contactId: string,
): Promise<Contact | undefined> {
  const { rows } = await sql`
    SELECT ${COLUMNS} FROM contacts AS contact
     WHERE contact.organization_id = ${organizationId} AND contact.id = ${contactId}`.execute(db);
  return rows[0] === undefined ? undefined : StoredContact.parse(rows[0]);
}

function matches(filter: ContactFilter): RawBuilder<unknown> {
  const conditions = [
    filter.search === undefined || filter.search.trim() === '' ? undefined : startsWith(filter.search),
    filter.tags === undefined || filter.tags.length === 0
      ? undefined
      : sql`contact.tags @> ${filter.tags}::text[]`,
    filter.importId === undefined
      ? undefined
      : sql`(contact.import_id = ${filter.importId}::uuid OR contact.id IN (
          SELECT contact_id FROM import_rows WHERE import_id = ${filter.importId}::uuid
             AND state IN ('inserted', 'updated', 'skipped') AND contact_id IS NOT NULL))`,
    filter.optedOut === undefined
      ? undefined
      : filter.optedOut
        ? sql`contact.opted_out_at IS NOT NULL`
        : sql`contact.opted_out_at IS NULL`,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? sql`TRUE` : sql.join(conditions, sql` AND `);
}

/** The beginning of a name's words, of a phone or of an email. */
function startsWith(search: string): RawBuilder<unknown> {
  const text = `${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  const digits = search.replace(/[^0-9]/g, '');
  // A letter means that it is no phone: "Team 7" does not find +7….
  const isPhone = digits !== '' && /^[\s0-9+().-]+$/.test(search);
  const phone = isPhone ? sql`contact.phone LIKE ${`+${digits.replace(/^00/, '')}%`}` : sql`FALSE`;
  return sql`(lower(contact.name) LIKE ${text} OR lower(contact.name) LIKE ${`% ${text}`}
    OR lower(contact.email) LIKE ${text} OR ${phone})`;
}

/** Every tag in use with its number of contacts, most used first. */
export async function countTags(
  db: Executor,
  organizationId: string,
): Promise<{ tag: string; contacts: number }[]> {
  const { rows } = await sql<{ tag: string; contacts: number }>`
    SELECT tag, count(*) AS contacts FROM contacts, unnest(tags) AS tag
     WHERE organization_id = ${organizationId} GROUP BY tag ORDER BY contacts DESC, tag`.execute(db);
  return rows;
}

/** The keys of custom fields in use, most used first. */
export async function listFields(db: Executor, organizationId: string): Promise<string[]> {
  const { rows } = await sql<{ field: string }>`
    SELECT field FROM contacts, jsonb_object_keys(custom_fields) AS field
     WHERE organization_id = ${organizationId} GROUP BY field ORDER BY count(*) DESC, field`.execute(db);
  return rows.map(({ field }) => field);
}

/** Whether another contact has this phone. */
export async function hasOther(
  db: Executor,
  organizationId: string,
  contactId: string,
  phone: string,
): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM contacts
     WHERE organization_id = ${organizationId} AND phone = ${phone} AND id <> ${contactId}`.execute(db);
  return rows.length > 0;
}

/** Writes what is named and leaves the rest; an empty custom field is taken away. */
export async function updateContact(
  db: Executor,
  organizationId: string,
  contactId: string,
  { phone, name, email, fields = {} }: ContactPatch,
): Promise<void> {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
  const emptied = Object.keys(fields).filter((key) => fields[key] === '');
  await sql`
    UPDATE contacts
       SET phone = coalesce(${phone ?? null}::text, phone),
           name = CASE WHEN ${name !== undefined}::boolean THEN ${name ?? null}::text ELSE name END,
           email = CASE WHEN ${email !== undefined}::boolean THEN ${email ?? null}::text ELSE email END,
           custom_fields = (custom_fields - ${emptied}::text[]) || ${JSON.stringify(filled)}::jsonb,
           updated_at = now()
     WHERE organization_id = ${organizationId} AND id = ${contactId}`.execute(db);
}

/** Marks a contact as opted out, keeping the first time; or as opted in again. */
export async function setOptOut(
  db: Executor,
  organizationId: string,
  contactId: string,
  optedOut: boolean,
): Promise<boolean> {
  const { rows } = await sql`
    UPDATE contacts SET opted_out_at = CASE WHEN ${optedOut} THEN coalesce(opted_out_at, now()) END, updated_at = now()
     WHERE organization_id = ${organizationId} AND id = ${contactId} RETURNING 1`.execute(db);
  return rows.length > 0;
}

/** The reason under which opting out keeps an address from being written to; others (bounces, blocks) stay. */
const OPTED_OUT = 'opted-out';

/** Keeps a contact's addresses from being written to, also after the contact is deleted and imported again. */
export async function suppressAddresses(
  db: Executor,
  organizationId: string,
  contact: Pick<Contact, 'phone' | 'email'>,
  userId: string,
): Promise<void> {
  for (const { channel, address } of addressesOf(contact)) {
    await sql`
      INSERT INTO suppressions (organization_id, channel, address, reason, created_by)
      VALUES (${organizationId}, ${channel}, ${address}, ${OPTED_OUT}, ${userId})
      ON CONFLICT (organization_id, channel, address)
      DO UPDATE SET reason = excluded.reason, until = NULL WHERE suppressions.until IS NOT NULL`.execute(db);
  }
}

/** Lets a contact's addresses be written to again, where only opting out forbade it. */
export async function releaseAddresses(
  db: Executor,
  organizationId: string,
  contact: Pick<Contact, 'phone' | 'email'>,
): Promise<void> {
  for (const { channel, address } of addressesOf(contact)) {
    await sql`
      DELETE FROM suppressions WHERE organization_id = ${organizationId} AND channel = ${channel}
         AND address = ${address} AND reason = ${OPTED_OUT}`.execute(db);
  }
}

const addressesOf = ({ phone, email }: Pick<Contact, 'phone' | 'email'>) => [
  { channel: 'whatsapp', address: phone },
  ...(email === null ? [] : [{ channel: 'email', address: email.toLowerCase() }]),
];

const ImportMention = z.object({ at: z.date(), what: z.enum(['created', 'updated']), fileName: z.string() });
export type ImportMention = z.infer<typeof ImportMention>;

/** The imports that made or changed a contact. */
export async function importsOf(
  db: Executor,
  organizationId: string,
  contactId: string,
): Promise<ImportMention[]> {
  const { rows } = await sql`
    SELECT contact.created_at AS at, 'created' AS what, i.file_name AS "fileName"
      FROM contacts AS contact JOIN imports AS i ON i.id = contact.import_id
     WHERE contact.organization_id = ${organizationId} AND contact.id = ${contactId}
    UNION ALL
    SELECT coalesce(i.finished_at, i.updated_at), 'updated', i.file_name
      FROM import_rows AS r JOIN imports AS i ON i.id = r.import_id
     WHERE r.contact_id = ${contactId} AND r.state = 'updated' AND r.organization_id = ${organizationId}`.execute(
    db,
  );
  return rows.map((row) => ImportMention.parse(row));
}

const DeliveryMention = z.object({
  at: z.date(),
  campaign: z.string(),
  state: DeliveryState,
  text: z.string().nullable(),
  error: z.string().nullable(),
});
export type DeliveryMention = z.infer<typeof DeliveryMention>;

/** The newest messages to a contact. */
export async function deliveriesTo(
  db: Executor,
  organizationId: string,
  contactId: string,
  limit: number,
): Promise<DeliveryMention[]> {
  const { rows } = await sql`
    SELECT coalesce(d.failed_at, d.read_at, d.delivered_at, d.sent_at, d.accepted_at, d.created_at) AS at,
           c.name AS campaign, d.state, d.rendered AS text, d.error_message AS error
      FROM deliveries AS d JOIN campaigns AS c ON c.id = d.campaign_id
     WHERE d.organization_id = ${organizationId} AND d.contact_id = ${contactId}
     ORDER BY d.created_at DESC LIMIT ${limit}`.execute(db);
  return rows.map((row) => DeliveryMention.parse(row));
}

/** Fields that other programs wrote may hold more than text. */
function asTexts(fields: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}
