import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { JudgedRecipient, type RecipientFilter } from '@shared/contract/audiences';
import { ContactId } from '@shared/domain/ids';
import type { Executor } from '../../../database/database';
import type { PreparedMessage } from '../../message';
import { filled, judged } from '../judging/repository';
import type { AudienceScope } from '../selection/repository';

/** The order in which an audience is sent to. */
export const IN_ORDER = sql`position, created_at, contact_id, recipient`;

/** The recipients that a filter shows, in that order. */
export async function listRecipients(
  db: Executor,
  scope: AudienceScope,
  prepared: PreparedMessage,
  filter: RecipientFilter,
  page: { readonly start: number; readonly count: number },
): Promise<{ total: number; rows: JudgedRecipient[] }> {
  const { rows } = await sql<{ total: number; row: unknown }>`
      WITH shown AS MATERIALIZED (${shown(scope, prepared, filter)})
      SELECT (SELECT count(*)::int FROM shown) AS total, to_jsonb(page) AS row
        FROM (SELECT 1) AS always
        LEFT JOIN LATERAL (SELECT * FROM shown ORDER BY ${IN_ORDER}
                            LIMIT ${page.count} OFFSET ${page.start}) AS page ON TRUE`.execute(db);
  return {
    total: rows[0]?.total ?? 0,
    rows: rows.flatMap(({ row }) => (row === null ? [] : [judgedRow(ListRow.parse(row), prepared)])),
  };
}

/** Dropped ones come from the verdicts, the others from the filled in message; `all` is both. */
function shown(
  scope: AudienceScope,
  prepared: PreparedMessage,
  filter: RecipientFilter,
): RawBuilder<unknown> {
  const { show, variable } = filter;
  const dropped = sql`
    SELECT contact_id, coalesce(recipient, written, phone) AS recipient, name, created_at, position, verdict AS drop,
           '{}'::jsonb AS parameters, '{}'::text[] AS missing, '{}'::text[] AS bad, 0 AS length, problem
      FROM (${judged(scope)}) AS judged`;
  const kept = sql`
    SELECT contact_id, recipient, name, created_at, position, NULL::text AS drop, parameters, missing, bad, length,
           NULL::text AS problem
      FROM (${filled(scope, prepared)}) AS filled`;
  switch (show) {
    case 'problems':
      return sql`${kept} WHERE NOT reached`;
    case 'reached':
      return sql`${kept} WHERE reached`;
    case 'missing_value':
      return sql`${kept} WHERE ${named('missing', variable)}`;
    case 'bad_parameter':
      return sql`${kept} WHERE ${named('bad', variable)}`;
    case 'too_long':
      return sql`${kept} WHERE length > ${prepared.maxLength}::int`;
    case 'all':
      return sql`${dropped} WHERE verdict <> 'sendable' UNION ALL ${kept}`;
    case 'invalid':
    case 'no_address':
    case 'opted_out':
    case 'suppressed':
    case 'duplicate':
    case 'left_out':
      return sql`${dropped} WHERE verdict = ${show}`;
  }
}

const named = (names: 'missing' | 'bad', variable: string | undefined): RawBuilder<unknown> =>
  variable === undefined
    ? sql`cardinality(${sql.ref(names)}) > 0`
    : sql`${variable}::text = ANY(${sql.ref(names)})`;

const ListRow = z.object({
  contact_id: z.string().nullable(),
  recipient: z.string().nullable(),
  name: z.string().nullable(),
  drop: JudgedRecipient.shape.drop,
  parameters: z.record(z.string(), z.string()),
  missing: z.array(z.string()),
  bad: z.array(z.string()),
  length: z.number(),
  problem: z.string().nullable(),
});

function judgedRow(row: z.infer<typeof ListRow>, { maxLength }: PreparedMessage): JudgedRecipient {
  const problems: JudgedRecipient['problems'] = [
    ...(row.missing.length > 0 ? (['missing_value'] as const) : []),
    ...(row.bad.length > 0 ? (['bad_parameter'] as const) : []),
    ...(row.length > maxLength ? (['too_long'] as const) : []),
  ];
  return {
    contactId: row.contact_id === null ? null : ContactId.parse(row.contact_id),
    recipient: row.recipient ?? '',
    name: row.name,
    drop: row.drop,
    problems,
    why: row.problem,
    values: row.parameters,
    missing: row.missing,
    bad: row.bad,
    length: row.length,
  };
}
