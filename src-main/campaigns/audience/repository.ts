import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { JudgedRecipient, Preflight, RecipientFilter } from '@shared/contract/audiences';
import { byCallingCode, PLACE_CODE_LENGTH } from '@shared/domain/quiet-hours';
import type { Executor } from '../../database/database';
import type { PreparedMessage } from '../message';
import { partedBy, type Division } from '../portfolio/repository';
import { OWN_CODES } from '../reasons';
import { filled, judged } from './judging/repository';
import { IN_ORDER, listRecipients } from './listing/repository';
import { openMends } from './mends/repository';
import type { AudienceScope } from './selection/repository';

export interface AudienceCounts {
  readonly matched: number;
  readonly sendable: number;
  readonly optedOut: number;
  readonly suppressed: number;
  readonly noAddress: number;
  readonly duplicates: number;
  readonly invalid: number;
  readonly leftOut: number;
}

const Pick = z.enum(['missing', 'bad', 'longest', 'blank', 'emoji', 'rtl', 'sample']);

export interface AudienceRecipient {
  /** Null where the address is no contact's. */
  readonly contactId: string | null;
  readonly recipient: string;
  readonly name: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly missing: readonly string[];
  readonly length: number;
  /** Why it was picked. */
  readonly pick: z.infer<typeof Pick>;
}

export interface AudienceCheck {
  readonly sendable: number;
  readonly missing: readonly { readonly variable: string; readonly recipients: number }[];
  readonly tooLong: number;
  /** Who gets the message: neither lacking a value nor too long, nor with one that a template refuses. */
  readonly reach: number;
  /** Who is reached and was not among `written`, see `check`. */
  readonly newPeople: number;
  readonly preflight: Preflight;
  /** Worst cases first, then the oldest contacts. May name one twice. */
  readonly recipients: readonly AudienceRecipient[];
}

export interface FrozenAudience {
  readonly recipients: number;
  readonly skipped: number;
  readonly batches: readonly { readonly batchNo: number; readonly recipients: number }[];
  /** The first batches, which go before all others. */
  readonly canary: { readonly recipients: number; readonly batches: number } | null;
}

export interface Freezing {
  readonly campaignId: string;
  readonly batchSize: number;
  /** Recipients of the first part who go before its others. */
  readonly canary: number | null;
  /** Null: all of them are the campaign's. */
  readonly division: Division | null;
}

/** What became of an audience: the campaign, and those after it among which it was divided. */
export interface Frozen {
  /** Who gets the message, or would if WhatsApp's limit left room. */
  readonly reach: number;
  /** As `Preflight` has it, of what was written. */
  readonly fingerprint: string;
  readonly first: FrozenAudience;
  readonly later: readonly FrozenAudience[];
}

const LEFT_OUT = 'Left out: more people than WhatsApp’s limit of 24 hours leaves.';
/** Where recipients stand who are kept in the ledger but will not be sent to. */
export const SKIPPED_BATCH = -1;

const ValuesRow = z.object({ recipient: z.string(), parameters: z.record(z.string(), z.string()) });
const Counted = z.array(z.object({ variable: z.string(), recipients: z.number() }));
const CheckRow = z.object({
  matched: z.number(),
  dropped: z.record(z.string(), z.number()),
  sendable: z.number(),
  too_long: z.number(),
  reach: z.number(),
  outside_window: z.number(),
  new_people: z.number(),
  mended: z.number(),
  fingerprint: z.string(),
  missing: Counted,
  bad: Counted,
  places: z.array(z.object({ start: z.string(), recipients: z.number() })),
  recipients: z.array(
    z.object({
      contact_id: z.string().nullable(),
      recipient: z.string(),
      name: z.string().nullable(),
      parameters: z.record(z.string(), z.string()),
      missing: z.array(z.string()),
      length: z.number(),
      pick: Pick,
    }),
  ),
});

const EMOJI = '[\\u2600-\\u27bf\\U0001f300-\\U0001faff]';
const RIGHT_TO_LEFT = '[\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc]';
/** Quicker than a pattern: more bytes than characters. */
const NOT_LATIN = sql`octet_length(parameters::text) > length(parameters::text)`;

export const createAudienceRepository = (db: Executor) => ({
  /** Everyone matched, each counted once. */
  async count(scope: AudienceScope): Promise<AudienceCounts> {
    const of = (verdict: string) => sql`count(*) FILTER (WHERE verdict = ${verdict})::int`;
    const { rows } = await sql<AudienceCounts>`
      SELECT count(*)::int AS matched, ${of('sendable')} AS sendable, ${of('opted_out')} AS "optedOut",
             ${of('suppressed')} AS suppressed, ${of('no_address')} AS "noAddress",
             ${of('duplicate')} AS duplicates, ${of('invalid')} AS invalid, ${of('left_out')} AS "leftOut"
        FROM (${judged(scope)}) AS judged`.execute(db);
    if (rows[0] === undefined) throw new Error('a count has a row');
    return rows[0];
  },

  /**
   * Fills the message in for everyone, inside the database, and brings back the totals and `limit` cases.
   * `written` selects the addresses that count as written to already.
   */
  async check(
    scope: AudienceScope,
    prepared: PreparedMessage,
    { limit, written }: { readonly limit: number; readonly written?: RawBuilder<unknown> | null | undefined },
  ): Promise<AudienceCheck> {
    const windowCounts = scope.channel === 'whatsapp' && prepared.freeText !== false;
    const { rows } = await sql`
      WITH judged AS MATERIALIZED (${judged(scope)}),
      verdicts AS (SELECT verdict, count(*)::int AS n FROM judged GROUP BY verdict),
      filled AS MATERIALIZED (${filled(scope, prepared, sql`judged`)})
      SELECT (SELECT coalesce(sum(n), 0)::int FROM verdicts) AS matched,
             (SELECT coalesce(jsonb_object_agg(verdict, n) FILTER (WHERE verdict <> 'sendable'), '{}')
                FROM verdicts) AS dropped,
             totals.*, ${counted('missing')} AS missing, ${counted('bad')} AS bad, ${placesOf(scope)} AS places,
             (SELECT coalesce(jsonb_agg(picked), '[]') FROM (${picks(limit)}) AS picked) AS recipients
        FROM (SELECT count(*)::int AS sendable,
                     count(*) FILTER (WHERE length > ${prepared.maxLength}::int)::int AS too_long,
                     count(*) FILTER (WHERE reached)::int AS reach,
                     count(*) FILTER (WHERE reached AND ${windowCounts}::boolean
                       AND coalesce(last_inbound_at < now() - interval '24 hours', TRUE))::int AS outside_window,
                     count(*) FILTER (WHERE reached ${unwritten(written)})::int AS new_people,
                     count(*) FILTER (WHERE is_mended)::int AS mended,
                     (SELECT ${fingerprint} FROM filled WHERE reached) AS fingerprint
                FROM filled) AS totals`.execute(db);
    return checkOf(CheckRow.parse(rows[0]), await openMends(db, scope));
  },

  /** The recipients that a filter shows, in the order in which they would be sent to. */
  list: (
    scope: AudienceScope,
    prepared: PreparedMessage,
    filter: RecipientFilter,
    page: { readonly start: number; readonly count: number },
  ): Promise<{ total: number; rows: JudgedRecipient[] }> => listRecipients(db, scope, prepared, filter, page),

  /** The values that one recipient would be sent, by address; the first recipient's where none is named. */
  async valuesOf(
    scope: AudienceScope,
    prepared: PreparedMessage,
    recipient: string | undefined,
  ): Promise<{ recipient: string; parameters: Record<string, string> } | null> {
    const wanted = recipient === undefined ? sql`TRUE` : sql`lower(recipient) = ${recipient.toLowerCase()}`;
    const { rows } = await sql`
      SELECT recipient, parameters FROM (${filled(scope, prepared)}) AS filled
       WHERE ${wanted} ORDER BY reached DESC, ${IN_ORDER} LIMIT 1`.execute(db);
    return rows[0] === undefined ? null : ValuesRow.parse(rows[0]);
  },

  /**
   * Writes the audience into the ledger in one statement: the values of the message's variables and nothing
   * else, in batches of at most `batchSize`. Who has a problem is kept as `skipped`. A `canary` of so many is drawn
   * by lot and fills the first batches. With a `division` each recipient is in exactly one of the campaigns.
   */
  async freeze(
    scope: AudienceScope,
    prepared: PreparedMessage,
    { campaignId, batchSize, canary, division }: Freezing,
  ): Promise<Frozen> {
    const campaignIds = [campaignId, ...(division?.laterIds ?? [])];
    const first = canary ?? 0;
    const firstBatches = Math.ceil(first / batchSize);
    const order = canary === null ? IN_ORDER : sql`md5(recipient || ${campaignId}), recipient`;
    const isLeftOut = division?.laterIds.length === 0 ? sql`part > 0` : sql`FALSE`;
    await sql`
      WITH judged AS MATERIALIZED (${filled(scope, prepared)}),
      ${partedBy(division, order)},
      filled AS (
        SELECT *, (row_number() OVER (PARTITION BY reached, part ORDER BY ${order}) - 1)::int AS place,
               reached AND ${isLeftOut} AS is_left_out
          FROM parted
      )
      INSERT INTO deliveries
             (organization_id, campaign_id, contact_id, recipient, parameters, batch_no, state, error_code, error_message)
      SELECT ${scope.organizationId}::uuid,
             (${campaignIds}::uuid[])[CASE WHEN is_left_out THEN 1 ELSE part + 1 END], contact_id, recipient, parameters,
             CASE WHEN NOT reached OR is_left_out THEN ${SKIPPED_BATCH}::int
                  WHEN part > 0 OR place < ${first}::int THEN place / ${batchSize}::int
                  ELSE ${firstBatches}::int + (place - ${first}::int) / ${batchSize}::int END,
             CASE WHEN reached AND NOT is_left_out THEN 'pending' ELSE 'skipped' END,
             CASE WHEN is_left_out THEN ${OWN_CODES.overBudget} WHEN reached THEN NULL
                  WHEN cardinality(missing) > 0 THEN 'missing_value'
                  WHEN cardinality(bad) > 0 THEN 'bad_parameter' ELSE 'too_long' END,
             CASE WHEN is_left_out THEN ${LEFT_OUT}
                  WHEN cardinality(missing) > 0 THEN 'No value for ' || array_to_string(missing, ', ') || '.'
                  WHEN cardinality(bad) > 0 THEN 'WhatsApp refuses the value of ' || array_to_string(bad, ', ') || '.' END
        FROM filled`.execute(db);
    const { rows: sums } = await sql<{ sum: string; reach: number }>`
      SELECT ${fingerprint} AS sum, count(*)::int AS reach FROM deliveries
       WHERE campaign_id = ANY (${campaignIds}::uuid[])
         AND (state = 'pending' OR error_code = ${OWN_CODES.overBudget})`.execute(db);
    const { sum = '', reach = 0 } = sums[0] ?? {};
    const parts = await batchesOf(db, campaignIds);
    return {
      ...{ reach, fingerprint: `${reach}:${sum}` },
      first: {
        ...countsOf(parts.get(campaignId) ?? []),
        canary: canary === null ? null : { recipients: canary, batches: firstBatches },
      },
      later: campaignIds.slice(1).map((id) => ({ ...countsOf(parts.get(id) ?? []), canary: null })),
    };
  },

  /** Writes one recipient into the ledger. */
  async freezeOne(
    organizationId: string,
    campaignId: string,
    { recipient, parameters }: { readonly recipient: string; readonly parameters: Record<string, string> },
  ): Promise<void> {
    await sql`
      INSERT INTO deliveries (organization_id, campaign_id, recipient, parameters, batch_no)
      VALUES (${organizationId}::uuid, ${campaignId}::uuid, ${recipient}, ${JSON.stringify(parameters)}::jsonb, 0)`.execute(
      db,
    );
  },
});
interface Batch {
  readonly batchNo: number;
  readonly recipients: number;
}

async function batchesOf(db: Executor, campaignIds: readonly string[]): Promise<Map<string, Batch[]>> {
  const { rows } = await sql<Batch & { readonly campaignId: string }>`
    SELECT campaign_id AS "campaignId", batch_no AS "batchNo", count(*)::int AS recipients FROM deliveries
     WHERE campaign_id = ANY (${campaignIds}::uuid[]) GROUP BY 1, 2 ORDER BY 1, 2`.execute(db);
  const parts = new Map<string, Batch[]>();
  for (const { campaignId, ...batch } of rows) {
    const part = parts.get(campaignId);
    if (part === undefined) parts.set(campaignId, [batch]);
    else part.push(batch);
  }
  return parts;
}

function countsOf(all: readonly Batch[]): Pick<FrozenAudience, 'recipients' | 'skipped' | 'batches'> {
  const batches = all.filter(({ batchNo }) => batchNo !== SKIPPED_BATCH);
  return {
    batches,
    recipients: batches.reduce((sum, batch) => sum + batch.recipients, 0),
    skipped: all.find(({ batchNo }) => batchNo === SKIPPED_BATCH)?.recipients ?? 0,
  };
}

export type AudienceRepository = ReturnType<typeof createAudienceRepository>;

/** The same for the same recipients with the same values, in whatever order; the sum may be long. */
const fingerprint = sql`
  coalesce(sum(hashtextextended(lower(recipient) || parameters::text, 0)::numeric), 0)::text`;

const unwritten = (written: RawBuilder<unknown> | null | undefined): RawBuilder<unknown> =>
  written === null || written === undefined ? sql`` : sql`AND recipient NOT IN (${written})`;

const counted = (names: 'missing' | 'bad'): RawBuilder<unknown> => sql`
  (SELECT coalesce(jsonb_agg(each ORDER BY each.recipients DESC, each.variable), '[]')
     FROM (SELECT variable, count(*)::int AS recipients
             FROM filled CROSS JOIN LATERAL unnest(${sql.ref(names)}) AS variable GROUP BY variable) AS each)`;

/** By the phone: an email's recipient may have one, too. */
const placesOf = ({ channel }: AudienceScope): RawBuilder<unknown> => sql`
  (SELECT coalesce(jsonb_agg(each), '[]')
     FROM (SELECT left(${channel === 'email' ? sql`coalesce(phone, '')` : sql`recipient`}, ${PLACE_CODE_LENGTH}::int)
                    AS start, count(*)::int AS recipients
             FROM filled WHERE reached GROUP BY 1) AS each)`;

/** Cases that show what can go wrong, a share of each kind, and ordinary ones. */
function picks(limit: number): RawBuilder<unknown> {
  const share = Math.max(1, Math.ceil(limit / 6));
  const one = sql`contact_id, recipient, name, parameters, missing, length`;
  return sql`
    (SELECT ${one}, 'missing' AS pick FROM filled WHERE cardinality(missing) > 0
      ORDER BY cardinality(missing) DESC, ${IN_ORDER} LIMIT ${share})
    UNION ALL
    (SELECT ${one}, 'bad' FROM filled WHERE cardinality(bad) > 0 ORDER BY ${IN_ORDER} LIMIT ${share})
    UNION ALL
    (SELECT ${one}, 'longest' FROM filled ORDER BY length DESC, ${IN_ORDER} LIMIT 1)
    UNION ALL
    (SELECT ${one}, 'blank' FROM filled WHERE cardinality(blank) > 0
      ORDER BY cardinality(blank) DESC, ${IN_ORDER} LIMIT ${share})
    UNION ALL
    (SELECT ${one}, 'emoji' FROM filled WHERE ${NOT_LATIN} AND parameters::text ~ ${EMOJI} ORDER BY ${IN_ORDER} LIMIT ${share})
    UNION ALL
    (SELECT ${one}, 'rtl' FROM filled WHERE ${NOT_LATIN} AND parameters::text ~ ${RIGHT_TO_LEFT} ORDER BY ${IN_ORDER} LIMIT ${share})
    UNION ALL
    (SELECT ${one}, 'sample' FROM filled ORDER BY ${IN_ORDER} LIMIT ${limit})`;
}

function checkOf(row: z.infer<typeof CheckRow>, forAll: Readonly<Record<string, string>>): AudienceCheck {
  const of = (name: string): number => row.dropped[name] ?? 0;
  const preflight: Preflight = {
    matched: row.matched,
    reach: row.reach,
    dropped: {
      invalid: of('invalid'),
      no_address: of('no_address'),
      opted_out: of('opted_out'),
      suppressed: of('suppressed'),
      duplicate: of('duplicate'),
      left_out: of('left_out'),
    },
    problems: [
      ...row.missing.map((each) => ({ problem: 'missing_value' as const, ...each })),
      ...row.bad.map((each) => ({ problem: 'bad_parameter' as const, ...each })),
      ...(row.too_long === 0
        ? []
        : [{ problem: 'too_long' as const, variable: null, recipients: row.too_long }]),
    ],
    fingerprint: `${row.reach}:${row.fingerprint}`,
    outsideWindow: row.outside_window,
    places: byCallingCode(row.places),
    mended: { recipients: row.mended, forAll },
  };
  return {
    sendable: row.sendable,
    missing: row.missing,
    tooLong: row.too_long,
    reach: row.reach,
    newPeople: row.new_people,
    preflight,
    recipients: row.recipients.map(({ contact_id, ...rest }) => ({ ...rest, contactId: contact_id })),
  };
}
