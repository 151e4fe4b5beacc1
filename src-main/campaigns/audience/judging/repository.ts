import { sql, type RawBuilder } from 'kysely';
import type { Channel } from '@shared/contract/templates';
import type { TemplatePart } from '@shared/domain/template';
import { PARAMETER_FAULT, SEAM_FAULT } from '@shared/domain/whatsapp-parameters';
import type { MessageVariable, PreparedMessage } from '../../message';
import { selected, type AudienceScope } from '../selection/repository';

/** Where the values for all who lack one are kept among a draft's mends. */
export const FOR_ALL = '';

/** Whether an address of an organization must not be written to now. */
export const isSuppressed = (
  channel: RawBuilder<unknown> | Channel,
  recipient: RawBuilder<unknown>,
  organizationId: RawBuilder<unknown>,
): RawBuilder<unknown> => sql`
  EXISTS (SELECT 1 FROM suppressions AS suppressed
           WHERE suppressed.organization_id = ${organizationId} AND suppressed.channel = ${channel}
             AND suppressed.address IN (${recipient}, lower(${recipient}))
             AND (suppressed.until IS NULL OR suppressed.until > now()))`;

/** What PostgreSQL and the gateway take for a phone number. */
const E164 = '^\\+[1-9][0-9]{4,14}$';

/**
 * Everyone an audience names, with the address of the channel and a verdict: `sendable`, or why nothing is sent.
 * The same address twice is sendable once.
 */
export function judged(scope: AudienceScope): RawBuilder<unknown> {
  const { channel } = scope;
  const address = channel === 'whatsapp' ? sql`contact.phone` : sql`nullif(trim(contact.email), '')`;
  const notAnAddress = channel === 'whatsapp' ? sql`${address} !~ ${E164}` : sql`FALSE`;
  const each = sql`
    SELECT contact.*, ${address} AS recipient, coalesce(mend.given, '{}') AS mended,
           CASE WHEN ${address} IS NULL THEN CASE WHEN contact.problem IS NULL THEN 'no_address' ELSE 'invalid' END
                WHEN ${notAnAddress} THEN 'invalid'
                WHEN contact.opted_out_at IS NOT NULL THEN 'opted_out'
                WHEN ${isSuppressed(channel, address, sql`contact.organization_id`)} THEN 'suppressed'
                WHEN mend.left_out THEN 'left_out'
                ELSE 'sendable' END AS verdict
      FROM (${selected(scope)}) AS contact ${mends(scope, address)}`;
  return hasDoubles(scope) ? withoutDoubles(each) : each;
}

/** A contact's phone is unique; an email address, or a line of a list, is not. */
const hasDoubles = ({ channel, audience }: AudienceScope): boolean =>
  channel === 'email' || audience.kind === 'list';

const withoutDoubles = (each: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  SELECT organization_id, contact_id, name, phone, email, custom_fields, opted_out_at, last_inbound_at, created_at,
         position, given, written, problem, recipient, mended,
         CASE WHEN verdict = 'sendable' AND row_number() OVER (
                PARTITION BY lower(recipient) COLLATE "C", verdict ORDER BY position, created_at, contact_id) > 1
              THEN 'duplicate' ELSE verdict END AS verdict
    FROM (${each}) AS each`;

function mends(
  { organizationId, draftId }: AudienceScope,
  address: RawBuilder<unknown>,
): RawBuilder<unknown> {
  if (draftId === undefined) return sql`CROSS JOIN (SELECT '{}'::jsonb AS given, FALSE AS left_out) AS mend`;
  return sql`LEFT JOIN recipient_mends AS mend ON mend.organization_id = ${organizationId}::uuid
    AND mend.draft_id = ${draftId}::uuid AND mend.recipient = lower(${address}) AND mend.recipient <> ${FOR_ALL}`;
}

const column = (index: number): RawBuilder<unknown> => sql.ref(`value_${index}`);

/**
 * Who may be sent to, with the values of the message's variables, which of them lack or break a rule of templates,
 * and the length; `from` are rows of `judged`. OFFSET 0 has each value worked out once. One expression a variable: a call for every variable of every row would be several times as slow.
 */
export function filled(
  scope: AudienceScope,
  prepared: PreparedMessage,
  from: RawBuilder<unknown> = sql`(${judged(scope)})`,
): RawBuilder<unknown> {
  const { variables, literalLength, maxLength } = prepared;
  const values = variables.map(({ name }, index) => sql`${valueOf(name, scope)} AS ${column(index)}`);
  const valued = sql`
    SELECT contact.contact_id, contact.recipient, contact.phone, contact.name, contact.created_at, contact.position, contact.given,
           contact.last_inbound_at, contact.mended <> '{}' AS is_mended
           ${values.length === 0 ? sql`` : sql`, ${sql.join(values)}`}
      FROM ${from} AS contact ${forAll(scope)}
     WHERE contact.verdict = 'sendable' OFFSET 0`;
  return sql`
    SELECT *, cardinality(missing) = 0 AND cardinality(bad) = 0 AND length <= ${maxLength}::int AS reached
      FROM (SELECT contact_id, recipient, phone, name, created_at, position, last_inbound_at, is_mended,
                   ${parametersOf(variables)} AS parameters,
                   ${namesWhere(variables, (variable, index) =>
                     variable.hasFallback ? null : sql`${column(index)} IS NULL`,
                   )} AS missing,
                   ${namesWhere(variables, (variable, index) => refused(prepared, variable, index))} AS bad,
                   ${namesWhere(variables, (variable, index) =>
                     variable.hasFallback ? sql`${column(index)} IS NULL` : null,
                   )} AS blank,
                   ${lengthOf(variables, literalLength)} AS length
              FROM (${valued}) AS valued OFFSET 0) AS filled`;
}

/**
 * Where WhatsApp refuses a value: by itself, or together with what stands beside it in its parameter. Of those that
 * make too many spaces together, each that begins or ends with one is named, or that lacks and leaves them alone.
 */
function refused(
  prepared: PreparedMessage,
  { name, inParameter, hasFallback }: MessageVariable,
  index: number,
): RawBuilder<unknown> | null {
  if (inParameter !== true) return null;
  const value = column(index);
  const byItself = sql`${value} ~ ${PARAMETER_FAULT}`;
  const parameters = prepared.channel === 'whatsapp' ? prepared.parameters : [];
  const around = parameters
    .map(({ text }) => text.parts)
    .filter((parts) => parts.some((part) => typeof part !== 'string' && part.name === name))
    .map((parts) => sql`(${whole(parts, prepared.variables)}) ~ ${SEAM_FAULT}`);
  if (around.length === 0) return byItself;
  const atItsEdges = sql`${value} ~ '^ | $'`;
  const touches = hasFallback ? sql`(${value} IS NULL OR ${atItsEdges})` : atItsEdges;
  return sql`${byItself} OR ${touches} AND (${sql.join(around, sql` OR `)})`;
}

/** A parameter as it is sent. */
const whole = (parts: readonly TemplatePart[], variables: readonly MessageVariable[]): RawBuilder<unknown> =>
  sql.join(
    parts.map((part) => {
      if (typeof part === 'string') return sql`${part}::text`;
      const index = variables.findIndex(({ name }) => name === part.name);
      return sql`coalesce(${column(index)}, ${part.fallback}::text)`;
    }),
    sql` || `,
  );

/** A value for this campaign, the list's, the contact's own fields, its custom fields, then the one for all. */
function valueOf(name: string, { draftId, audience }: AudienceScope): RawBuilder<unknown> {
  const key = sql`${name}::text`;
  const own =
    name === 'name'
      ? sql`nullif(contact.name, '')`
      : name === 'phone'
        ? sql`contact.phone`
        : name === 'email'
          ? sql`nullif(contact.email, '')`
          : null;
  const sources = [
    draftId === undefined ? null : sql`nullif(contact.mended ->> ${key}, '')`,
    audience.kind === 'list' ? sql`nullif(contact.given ->> ${key}, '')` : null,
    own,
    // Objects and lists are no value.
    sql`CASE WHEN jsonb_typeof(contact.custom_fields -> ${key}) IN ('string', 'number', 'boolean')
             THEN nullif(contact.custom_fields ->> ${key}, '') END`,
    draftId === undefined ? null : sql`nullif(for_all.given ->> ${key}, '')`,
  ].filter((source) => source !== null);
  return sql`coalesce(${sql.join(sources)})`;
}

function forAll({ organizationId, draftId }: AudienceScope): RawBuilder<unknown> {
  if (draftId === undefined) return sql``;
  return sql`LEFT JOIN recipient_mends AS for_all ON for_all.organization_id = ${organizationId}::uuid
    AND for_all.draft_id = ${draftId}::uuid AND for_all.recipient = ${FOR_ALL}`;
}

/** PostgreSQL takes 100 arguments of a function. */
const PAIRS = 50;

function parametersOf(variables: readonly MessageVariable[]): RawBuilder<unknown> {
  if (variables.length === 0) return sql`'{}'::jsonb`;
  const pairs = variables.map(({ name }, index) => sql`${name}::text, ${column(index)}`);
  const objects = Array.from({ length: Math.ceil(pairs.length / PAIRS) }, (_, part) => {
    const some = pairs.slice(part * PAIRS, (part + 1) * PAIRS);
    return sql`jsonb_strip_nulls(jsonb_build_object(${sql.join(some)}))`;
  });
  return sql.join(objects, sql` || `);
}

/** The names of the variables for which a condition holds; null where it cannot hold. */
function namesWhere(
  variables: readonly MessageVariable[],
  condition: (variable: MessageVariable, index: number) => RawBuilder<unknown> | null,
): RawBuilder<unknown> {
  const names = variables.flatMap((variable, index) => {
    const holds = condition(variable, index);
    return holds === null ? [] : [sql`CASE WHEN ${holds} THEN ${variable.name}::text END`];
  });
  return names.length === 0 ? sql`'{}'::text[]` : sql`array_remove(ARRAY[${sql.join(names)}], NULL)`;
}

function lengthOf(variables: readonly MessageVariable[], literalLength: number): RawBuilder<unknown> {
  const lengths = variables.map(
    ({ occurrences, fallbackLength }, index) =>
      sql`coalesce(${occurrences}::int * length(${column(index)}), ${fallbackLength}::int)`,
  );
  return sql.join([sql`${literalLength}::int`, ...lengths], sql` + `);
}
