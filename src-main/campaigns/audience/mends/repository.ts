import { sql } from 'kysely';
import { z } from 'zod';
import type { Executor } from '../../../database/database';
import { FOR_ALL } from '../judging/repository';

interface DraftOfOrganization {
  readonly organizationId: string;
  readonly draftId: string;
}

export interface Mend {
  readonly recipient: string;
  /** An empty value takes the recipient's own again. */
  readonly values: Readonly<Record<string, string>>;
  readonly leaveOut?: boolean | undefined;
}

/** Changes what one recipient, or all who lack a value, get in one draft. */
export async function saveMend(
  db: Executor,
  { organizationId, draftId }: DraftOfOrganization,
  { recipient, values, leaveOut }: Mend,
): Promise<void> {
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const emptied = Object.keys(values).filter((name) => values[name] === '');
  await sql`
    INSERT INTO recipient_mends AS known (organization_id, draft_id, recipient, given, left_out)
    VALUES (${organizationId}::uuid, ${draftId}::uuid, ${recipient.toLowerCase()}, ${JSON.stringify(filled)}::jsonb,
            ${leaveOut ?? false})
    ON CONFLICT (organization_id, draft_id, recipient) DO UPDATE
      SET given = (known.given - ${emptied}::text[]) || excluded.given,
          left_out = coalesce(${leaveOut ?? null}::boolean, known.left_out), updated_at = now()`.execute(db);
}

export const saveMendForAll = (
  db: Executor,
  draft: DraftOfOrganization,
  variable: string,
  value: string,
): Promise<void> => saveMend(db, draft, { recipient: FOR_ALL, values: { [variable]: value } });

const Values = z.record(z.string(), z.string());

/** The values for all who lack one. */
export async function openMends(
  db: Executor,
  { organizationId, draftId }: { readonly organizationId: string; readonly draftId?: string | undefined },
): Promise<Record<string, string>> {
  if (draftId === undefined) return {};
  const { rows } = await sql<{ given: unknown }>`
    SELECT given FROM recipient_mends
     WHERE organization_id = ${organizationId}::uuid AND draft_id = ${draftId}::uuid AND recipient = ${FOR_ALL}`.execute(
    db,
  );
  return rows[0] === undefined ? {} : Values.parse(rows[0].given);
}

/** Drafts that were given up leave nothing behind for longer than `days`. */
export async function forgetOldMends(db: Executor, days: number): Promise<void> {
  await sql`DELETE FROM recipient_mends WHERE updated_at < now() - ${days}::int * interval '1 day'`.execute(
    db,
  );
}
