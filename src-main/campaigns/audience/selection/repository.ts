import { sql, type RawBuilder } from 'kysely';
import type { Audience, ContactConditions } from '@shared/contract/audiences';
import type { Channel } from '@shared/contract/templates';

/** Whom a campaign would reach, worked out by the database: an audience is never loaded to be counted. */
export interface AudienceScope {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly audience: Audience;
  /** Whose mended values and left out recipients count; undefined: nobody's. */
  readonly draftId?: string | undefined;
}

/**
 * Everyone an audience names, one row each: a contact, or an entry of a list with the contact that it is of, if any.
 * `given` are the values that the list has for it, `written` and `problem` what a list says that cannot be read.
 */
export function selected(scope: AudienceScope): RawBuilder<unknown> {
  const { organizationId, audience } = scope;
  if (audience.kind === 'list') return listed(scope, audience.listId, audience.excludeTags);
  return sql`
    SELECT contact.organization_id, contact.id AS contact_id, contact.name, contact.phone, contact.email,
           contact.custom_fields, contact.opted_out_at, spoken.last_inbound_at, contact.created_at,
           0 AS position, '{}'::jsonb AS given, NULL::text AS written, NULL::text AS problem
      FROM contacts AS contact ${lastSpoken(organizationId)}
     WHERE contact.organization_id = ${organizationId}::uuid AND ${matches(audience)}
       AND ${withoutTags(audience.excludeTags ?? [])}`;
}

/** When a contact last wrote to any of our numbers: until 24 hours later they may be sent free text. */
const lastSpoken = (organizationId: string): RawBuilder<unknown> => sql`
  LEFT JOIN (SELECT phone, max(last_inbound_at) AS last_inbound_at FROM conversations
              WHERE organization_id = ${organizationId}::uuid GROUP BY phone) AS spoken
         ON spoken.phone = contact.phone`;

const withoutTags = (tags: readonly string[]): RawBuilder<unknown> =>
  tags.length === 0 ? sql`TRUE` : sql`NOT coalesce(contact.tags && ${tags}::text[], FALSE)`;

/** An entry is the contact's with its phone, else the oldest one's with its email. */
function listed(
  { organizationId, channel }: AudienceScope,
  listId: string,
  excludeTags: readonly string[],
): RawBuilder<unknown> {
  const email =
    channel === 'email'
      ? sql`coalesce(entry.email, contact.email)`
      : sql`coalesce(contact.email, entry.email)`;
  return sql`
    SELECT ${organizationId}::uuid AS organization_id, contact.id AS contact_id,
           coalesce(entry.name, contact.name) AS name, coalesce(entry.phone, contact.phone) AS phone, ${email} AS email,
           coalesce(contact.custom_fields, '{}') AS custom_fields, contact.opted_out_at, spoken.last_inbound_at,
           coalesce(contact.created_at, 'epoch') AS created_at, entry.position, entry.given, entry.written, entry.problem
      FROM recipient_list_entries AS entry
      JOIN recipient_lists AS list ON list.id = entry.list_id AND list.organization_id = ${organizationId}::uuid
      LEFT JOIN contacts AS by_phone
             ON by_phone.organization_id = ${organizationId}::uuid AND by_phone.phone = entry.phone
      LEFT JOIN (SELECT DISTINCT ON (lower(email)) lower(email) AS address, id FROM contacts
                  WHERE organization_id = ${organizationId}::uuid AND email IS NOT NULL
                    AND lower(email) IN (SELECT lower(email) FROM recipient_list_entries
                                          WHERE list_id = ${listId}::uuid AND phone IS NULL AND email IS NOT NULL)
                  ORDER BY lower(email), created_at, id) AS by_email
             ON entry.phone IS NULL AND by_email.address = lower(entry.email)
      LEFT JOIN contacts AS contact ON contact.id = coalesce(by_phone.id, by_email.id)
      ${lastSpoken(organizationId)}
     WHERE entry.list_id = ${listId}::uuid AND ${withoutTags(excludeTags)}`;
}

/** Whether a contact (`contact`) belongs to an audience. Who stands in a list and is no contact does not count. */
export function matchesContact(audience: Audience): RawBuilder<unknown> {
  const without = withoutTags(audience.excludeTags ?? []);
  if (audience.kind !== 'list') return sql`${matches(audience)} AND ${without}`;
  const entries = sql`recipient_list_entries WHERE list_id = ${audience.listId}::uuid`;
  return sql`(contact.phone IN (SELECT phone FROM ${entries})
              OR lower(contact.email) IN (SELECT lower(email) FROM ${entries} AND phone IS NULL)) AND ${without}`;
}

function matches(audience: Exclude<Audience, { kind: 'list' }>): RawBuilder<unknown> {
  switch (audience.kind) {
    case 'all':
      return sql`TRUE`;
    case 'tags':
      return sql`contact.tags @> ${audience.tags}::text[]`;
    case 'search':
      return startsWith(audience.search);
    case 'import':
      // Contacts that the import made, and those that it found there already and updated or left.
      return sql`(contact.import_id = ${audience.importId}::uuid OR contact.id IN (
        SELECT contact_id FROM import_rows WHERE import_id = ${audience.importId}::uuid
           AND state IN ('inserted', 'updated', 'skipped') AND contact_id IS NOT NULL))`;
    case 'contacts':
      return sql`contact.id = ANY(${audience.contactIds}::uuid[])`;
    case 'filter':
      return meets(audience.where);
  }
}

/** All of the conditions that are set. */
function meets(where: ContactConditions): RawBuilder<unknown> {
  const conditions = [
    where.tagsAny.length > 0 && sql`contact.tags && ${where.tagsAny}::text[]`,
    where.tagsAll.length > 0 && sql`contact.tags @> ${where.tagsAll}::text[]`,
    where.tagsNone.length > 0 && sql`NOT contact.tags && ${where.tagsNone}::text[]`,
    ...where.fields.map(fieldCondition),
    where.createdSince !== null && sql`contact.created_at >= ${where.createdSince}::timestamptz`,
    where.importedSince !== null && importedSince(where.importedSince),
    where.hasEmail === true && sql`nullif(trim(contact.email), '') IS NOT NULL`,
    where.hasEmail === false && sql`nullif(trim(contact.email), '') IS NULL`,
    where.phonePrefixes.length > 0 &&
      sql`contact.phone LIKE ANY(${where.phonePrefixes.map((prefix) => `${prefix}%`)}::text[])`,
    where.notWrittenDays !== null &&
      sql`NOT EXISTS (SELECT 1 FROM deliveries AS earlier WHERE earlier.contact_id = contact.id
            AND coalesce(earlier.accepted_at, CASE WHEN earlier.state = 'unknown' THEN earlier.sending_at END)
                >= now() - ${where.notWrittenDays}::int * interval '1 day')`,
  ].filter((condition) => condition !== false);
  return conditions.length === 0 ? sql`TRUE` : sql.join(conditions, sql` AND `);
}

function fieldCondition({ field, is, value }: ContactConditions['fields'][number]): RawBuilder<unknown> {
  const text =
    field === 'name'
      ? sql`coalesce(contact.name, '')`
      : sql`coalesce(contact.custom_fields ->> ${field}::text, '')`;
  switch (is) {
    case 'equals':
      return sql`lower(trim(${text})) = lower(trim(${value}))`;
    case 'contains':
      return sql`position(lower(trim(${value})) IN lower(${text})) > 0`;
    case 'empty':
      return sql`trim(${text}) = ''`;
    case 'filled':
      return sql`trim(${text}) <> ''`;
  }
}

const importedSince = (since: string): RawBuilder<unknown> => sql`
  contact.id IN (
    SELECT made.id FROM contacts AS made JOIN imports ON imports.id = made.import_id
     WHERE imports.organization_id = contact.organization_id AND imports.finished_at >= ${since}::timestamptz
    UNION ALL
    SELECT row.contact_id FROM import_rows AS row JOIN imports ON imports.id = row.import_id
     WHERE imports.organization_id = contact.organization_id AND imports.finished_at >= ${since}::timestamptz
       AND row.state IN ('inserted', 'updated', 'skipped') AND row.contact_id IS NOT NULL)`;

/** The beginning of a name's words, of a phone or of an email. */
function startsWith(search: string): RawBuilder<unknown> {
  const text = `${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  const digits = search.replace(/[^0-9]/g, '');
  const phone = digits === '' ? sql`FALSE` : sql`contact.phone LIKE ${`+${digits}%`}`;
  return sql`(lower(contact.name) LIKE ${text} OR lower(contact.name) LIKE ${`% ${text}`}
    OR lower(contact.email) LIKE ${text} OR ${phone})`;
}
