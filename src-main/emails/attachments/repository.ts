import { sql } from 'kysely';
import type { Executor } from '../../database/database';

/** The files of emails, each content once for an organization. */
export const createAttachmentRepository = (db: Executor) => ({
  /** True where the content was not known yet: its parts have to be written in the same transaction. */
  async insert(organizationId: string, sha256: string, sizeBytes: number): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('email_attachments')
      .values({ organization_id: organizationId, sha256, size_bytes: sizeBytes })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  },

  async insertPart(organizationId: string, sha256: string, partNo: number, content: Buffer): Promise<void> {
    await db
      .insertInto('email_attachment_parts')
      .values({ organization_id: organizationId, sha256, part_no: partNo, content })
      .execute();
  },

  /** One part, or null after the last one. */
  async part(organizationId: string, sha256: string, partNo: number): Promise<Buffer | null> {
    const row = await db
      .selectFrom('email_attachment_parts')
      .select('content')
      .where('organization_id', '=', organizationId)
      .where('sha256', '=', sha256)
      .where('part_no', '=', partNo)
      .executeTakeFirst();
    return row?.content ?? null;
  },

  /** Keeps it for another `unused` period, as if it had just been added. */
  async touch(organizationId: string, sha256: string): Promise<void> {
    await db
      .updateTable('email_attachments')
      .set({ created_at: sql<Date>`now()` })
      .where('organization_id', '=', organizationId)
      .where('sha256', '=', sha256)
      .execute();
  },

  /** Which of these the organization does not have. */
  async missing(organizationId: string, hashes: readonly string[]): Promise<string[]> {
    if (hashes.length === 0) return [];
    const rows = await db
      .selectFrom('email_attachments')
      .select('sha256')
      .where('organization_id', '=', organizationId)
      .where('sha256', 'in', hashes)
      .execute();
    const known = new Set(rows.map(({ sha256 }) => sha256));
    return hashes.filter((hash) => !known.has(hash));
  },

  /** Removes what was added `days` ago or earlier and stands in no campaign and no template. */
  async removeUnused(organizationId: string, days: number): Promise<void> {
    await sql`
      DELETE FROM email_attachments AS attachment
       WHERE attachment.organization_id = ${organizationId}::uuid
         AND attachment.created_at < now() - ${days}::int * interval '1 day'
         AND NOT EXISTS (
           SELECT 1 FROM campaigns AS campaign
            WHERE campaign.organization_id = attachment.organization_id
              AND campaign.message @> jsonb_build_object('attachments',
                    jsonb_build_array(jsonb_build_object('sha256', attachment.sha256))))
         AND NOT EXISTS (
           SELECT 1 FROM template_versions AS version
            WHERE version.organization_id = attachment.organization_id
              AND version.content::text LIKE '%' || attachment.sha256 || '%')`.execute(db);
  },
});
export type AttachmentRepository = ReturnType<typeof createAttachmentRepository>;
