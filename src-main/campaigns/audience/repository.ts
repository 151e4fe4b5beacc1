import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { Audience } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import type { Executor } from '../../database/database';
import type { PreparedMessage } from '../message';

/** Whom a campaign would reach, worked out by the database: an audience is never loaded to be counted. */
export interface AudienceScope {
  readonly organizationId: string;
  readonly channel: Channel;
  readonly audience: Audience;
}

export interface AudienceCounts {
  readonly matched: number;
  readonly sendable: number;
  readonly optedOut: number;
  readonly suppressed: number;
  readonly noAddress: number;
}

export interface AudienceRecipient {
  readonly contactId: string;
  readonly recipient: string;
  readonly name: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly length: number;
  readonly pick: 'missing' | 'longest' | 'sample';
}

export interface AudienceCheck {
  readonly sendable: number;
  readonly missing: readonly { readonly variable: string; readonly recipients: number }[];
  readonly tooLong: number;
  /** Neither lacking a value nor too long. */
  readonly reach: number;
  /** Worst cases first: most missing values, then the longest (one of each length), then the oldest contacts. May name one twice. */
  readonly recipients: readonly AudienceRecipient[];
}

export interface FrozenAudience {
  readonly recipients: number;
  readonly skipped: number;
  readonly batches: readonly { readonly batchNo: number; readonly recipients: number }[];
  readonly hash: string;
}

/** Where recipients stand who are kept in the ledger but will not be sent to. */
export const SKIPPED_BATCH = -1;

const CheckRow = z.object({
  sendable: z.number(),
  too_long: z.number(),
  reach: z.number(),
  missing: z.array(z.object({ variable: z.string(), recipients: z.number() })),
  recipients: z.array(
    z.object({
      contact_id: z.string(),
      recipient: z.string(),
      name: z.string().nullable(),
      parameters: z.record(z.string(), z.string()),
      missing: z.array(z.string()),
      length: z.number(),
      pick: z.enum(['missing', 'longest', 'sample']),
    }),
  ),
});

export const createAudienceRepository = (db: Executor) => ({
  /** Sorts everyone matched into one of four; the same address twice counts once as sendable. */
  async count(scope: AudienceScope): Promise<AudienceCounts> {
    const { rows } = await sql<AudienceCounts>`
      SELECT count(*)::int AS matched,
             count(DISTINCT lower(recipient)) FILTER (WHERE verdict = 'sendable')::int AS sendable,
             count(*) FILTER (WHERE verdict = 'opted_out')::int AS "optedOut",
             count(*) FILTER (WHERE verdict = 'suppressed')::int AS suppressed,
             count(*) FILTER (WHERE verdict = 'no_address')::int AS "noAddress"
        FROM (${judged(scope)}) AS judged`.execute(db);
    return rows[0] ?? { matched: 0, sendable: 0, optedOut: 0, suppressed: 0, noAddress: 0 };
  },

  /** Fills the message in for everyone, inside the database, and brings back the totals and `limit` cases. */
  async check(scope: AudienceScope, prepared: PreparedMessage, limit: number): Promise<AudienceCheck> {
    const share = Math.max(1, Math.ceil(limit / 3));
    const one = sql`contact_id, recipient, name, parameters, missing, length`;
    const { rows } = await sql`
      WITH filled AS MATERIALIZED (${filled(scope, prepared)})
      SELECT (SELECT count(*)::int FROM filled) AS sendable,
             (SELECT count(*)::int FROM filled WHERE length > ${prepared.maxLength}) AS too_long,
             (SELECT count(*)::int FROM filled
               WHERE cardinality(missing) = 0 AND length <= ${prepared.maxLength}) AS reach,
             (SELECT coalesce(jsonb_agg(lacking ORDER BY lacking.recipients DESC, lacking.variable), '[]')
                FROM (SELECT variable, count(*)::int AS recipients
                        FROM filled CROSS JOIN LATERAL unnest(missing) AS variable
                       GROUP BY variable) AS lacking) AS missing,
             (SELECT coalesce(jsonb_agg(picked), '[]') FROM (
                (SELECT ${one}, 'missing' AS pick FROM filled WHERE cardinality(missing) > 0
                  ORDER BY cardinality(missing) DESC, created_at, contact_id LIMIT ${share})
                UNION ALL
                (SELECT ${one}, 'longest' FROM (
                  SELECT DISTINCT ON (length) * FROM filled ORDER BY length DESC, created_at, contact_id
                ) AS each_length ORDER BY length DESC LIMIT ${share})
                UNION ALL
                (SELECT ${one}, 'sample' FROM filled ORDER BY created_at, contact_id LIMIT ${limit})
              ) AS picked) AS recipients`.execute(db);
    const row = CheckRow.parse(rows[0]);
    return {
      sendable: row.sendable,
      missing: row.missing,
      tooLong: row.too_long,
      reach: row.reach,
      recipients: row.recipients.map(({ contact_id, ...rest }) => ({ ...rest, contactId: contact_id })),
    };
  },

  /**
   * Writes the audience into the ledger in one statement: the values of the message's variables and nothing
   * else, in batches of at most `batchSize`. Who lacks a value or gets too long a text is kept as `skipped`.
   */
  async freeze(
    scope: AudienceScope,
    prepared: PreparedMessage,
    { campaignId, batchSize }: { readonly campaignId: string; readonly batchSize: number },
  ): Promise<FrozenAudience> {
    await sql`
      WITH filled AS MATERIALIZED (
        SELECT *, cardinality(missing) = 0 AND length <= ${prepared.maxLength} AS sendable
          FROM (${filled(scope, prepared)}) AS filled
      )
      INSERT INTO deliveries
             (organization_id, campaign_id, contact_id, recipient, parameters, batch_no, state, error_code, error_message)
      SELECT ${scope.organizationId}::uuid, ${campaignId}::uuid, contact_id, recipient, parameters,
             CASE WHEN sendable
               THEN (row_number() OVER (PARTITION BY sendable ORDER BY created_at, contact_id) - 1) / ${batchSize}::int
               ELSE ${SKIPPED_BATCH}::int END,
             CASE WHEN sendable THEN 'pending' ELSE 'skipped' END,
             CASE WHEN sendable THEN NULL WHEN cardinality(missing) > 0 THEN 'missing_value' ELSE 'too_long' END,
             CASE WHEN cardinality(missing) > 0 THEN 'No value for ' || array_to_string(missing, ', ') || '.' END
        FROM filled`.execute(db);
    const { rows: batches } = await sql<{ batchNo: number; recipients: number }>`
      SELECT batch_no AS "batchNo", count(*)::int AS recipients FROM deliveries
       WHERE campaign_id = ${campaignId}::uuid GROUP BY batch_no ORDER BY batch_no`.execute(db);
    const { rows: hashes } = await sql<{ hash: string }>`
      SELECT encode(sha256(convert_to(coalesce(
               string_agg(recipient || parameters::text, E'\\n' ORDER BY recipient), ''), 'UTF8')), 'hex') AS hash
        FROM deliveries WHERE campaign_id = ${campaignId}::uuid AND state = 'pending'`.execute(db);
    const sent = batches.filter(({ batchNo }) => batchNo !== SKIPPED_BATCH);
    return {
      recipients: sent.reduce((sum, { recipients }) => sum + recipients, 0),
      skipped: batches.find(({ batchNo }) => batchNo === SKIPPED_BATCH)?.recipients ?? 0,
      batches: sent,
      hash: hashes[0]?.hash ?? '',
    };
  },
});
export type AudienceRepository = ReturnType<typeof createAudienceRepository>;

/** Everyone matched, with the address of the channel and whether it may be written to. */
function judged({ organizationId, channel, audience }: AudienceScope): RawBuilder<unknown> {
  const recipient = channel === 'whatsapp' ? sql`contact.phone` : sql`nullif(trim(contact.email), '')`;
  return sql`
    SELECT contact.id AS contact_id, contact.name, contact.phone, contact.email, contact.custom_fields,
           contact.created_at, ${recipient} AS recipient,
           CASE WHEN ${recipient} IS NULL THEN 'no_address'
                WHEN contact.opted_out_at IS NOT NULL THEN 'opted_out'
                WHEN ${isSuppressed(channel, recipient)} THEN 'suppressed'
                ELSE 'sendable' END AS verdict
      FROM contacts AS contact
     WHERE contact.organization_id = ${organizationId}::uuid AND ${matches(audience)}`;
}

/** Whether an address of a contact's organization must not be written to now. */
export const isSuppressed = (
  channel: RawBuilder<unknown> | Channel,
  recipient: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  EXISTS (SELECT 1 FROM suppressions AS suppressed
           WHERE suppressed.organization_id = contact.organization_id AND suppressed.channel = ${channel}
             AND suppressed.address IN (${recipient}, lower(${recipient}))
             AND (suppressed.until IS NULL OR suppressed.until > now()))`;

function matches(audience: Audience): RawBuilder<unknown> {
  if (audience.kind === 'contacts') return sql`contact.id = ANY(${audience.contactIds}::uuid[])`;
  return sql`${selected(audience)} AND NOT contact.tags && ${audience.excludeTags}::text[]`;
}

function selected(audience: Exclude<Audience, { kind: 'contacts' }>): RawBuilder<unknown> {
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
  }
}

/** The beginning of a name's words, of a phone or of an e-mail, as the contact list searches. */
function startsWith(search: string): RawBuilder<unknown> {
  const text = `${search
    .trim()
    .toLowerCase()
    .replace(/[\\%_]/g, '\\$&')}%`;
  const digits = search.replace(/\D/g, '');
  const phone = digits === '' ? sql`FALSE` : sql`contact.phone LIKE ${`+${digits}%`}`;
  return sql`(lower(contact.name) LIKE ${text} OR lower(contact.name) LIKE ${`% ${text}`}
    OR lower(contact.email) LIKE ${text} OR ${phone})`;
}

/** Who may be sent to, once an address, with the values of the message's variables, what lacks and the length. */
function filled(scope: AudienceScope, { variables, literalLength }: PreparedMessage): RawBuilder<unknown> {
  return sql`
    SELECT contact.contact_id, contact.recipient, contact.name, contact.created_at,
           merged.parameters, merged.missing, ${literalLength}::int + merged.length AS length
      FROM (SELECT DISTINCT ON (lower(recipient)) * FROM (${judged(scope)}) AS judged
             WHERE verdict = 'sendable' ORDER BY lower(recipient), created_at, contact_id) AS contact
     CROSS JOIN LATERAL (
       SELECT coalesce(jsonb_object_agg(variable.key, given.value) FILTER (WHERE given.value IS NOT NULL), '{}')
                AS parameters,
              coalesce(array_agg(variable.key ORDER BY variable.key)
                FILTER (WHERE given.value IS NULL AND NOT variable.fallback), '{}') AS missing,
              coalesce(sum(CASE WHEN given.value IS NULL THEN variable.fallback_length
                                ELSE variable.occurrences * length(given.value) END), 0)::int AS length
         FROM unnest(${variables.map(({ name }) => name)}::text[],
                     ${variables.map(({ hasFallback }) => hasFallback)}::boolean[],
                     ${variables.map(({ occurrences }) => occurrences)}::int[],
                     ${variables.map(({ fallbackLength }) => fallbackLength)}::int[])
                AS variable (key, fallback, occurrences, fallback_length)
        CROSS JOIN LATERAL (SELECT ${valueOf(sql`variable.key`)} AS value) AS given
     ) AS merged`;
}

/** A contact's value for a variable: its own fields first, then its custom fields; objects and '' are no value. */
const valueOf = (key: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  coalesce(
    CASE ${key} WHEN 'name' THEN nullif(contact.name, '') WHEN 'phone' THEN contact.phone
                WHEN 'email' THEN nullif(contact.email, '') END,
    CASE WHEN jsonb_typeof(contact.custom_fields -> ${key}) IN ('string', 'number', 'boolean')
         THEN nullif(contact.custom_fields ->> ${key}, '') END)`;
