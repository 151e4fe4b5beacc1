import { z } from 'zod';
import { sql } from 'kysely';
import type { Executor } from '../../database/database';

const KEY = 'job-time-limit';
const Stored = z.object({ seconds: z.number().positive() });

/** The limit that consoles and workers of one organization share, in seconds; null where nobody has set one. */
export async function readTimeLimit(db: Executor, organizationId: string): Promise<number | null> {
  const row = await db
    .selectFrom('settings')
    .select('value')
    .where('organization_id', '=', organizationId)
    .where('key', '=', KEY)
    .executeTakeFirst();
  return row === undefined ? null : Stored.parse(row.value).seconds;
}

/** `seconds` null: the default counts again. */
export async function saveTimeLimit(
  db: Executor,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
  seconds: number | null,
): Promise<void> {
  if (seconds === null) {
    await db
      .deleteFrom('settings')
      .where('organization_id', '=', organizationId)
      .where('key', '=', KEY)
      .execute();
    return;
  }
  await sql`
    INSERT INTO settings (organization_id, key, value, updated_by)
    VALUES (${organizationId}::uuid, ${KEY}, ${JSON.stringify({ seconds })}::jsonb, ${userId}::uuid)
    ON CONFLICT (organization_id, key) DO UPDATE
      SET value = excluded.value, updated_by = excluded.updated_by`.execute(db);
}
