import { sql } from 'kysely';
import type { z } from 'zod';
import type { ImportId } from '@shared/domain/ids';
import type { RowReason } from '@shared/contract/imports';
import type { RowNumbering } from '../../background/contract';
import type { Executor } from '../../database/database';
import { findImport, type ImportRecord } from '../repository';
import { countRows } from '../rows/repository';
import { mergedColumns } from './columns';

/** The newest import with exactly these headers that has rejected rows and can be gone on with. */
export async function newestWithHeaders(
  db: Executor,
  organizationId: string,
  headers: readonly string[],
): Promise<ImportRecord | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT i.id FROM imports AS i
     WHERE i.organization_id = ${organizationId} AND i.state = 'completed' AND i.undo_started_at IS NULL
       AND i.rows_rejected > 0
       AND (SELECT jsonb_agg(c.mapped -> 'header' ORDER BY c.place)
              FROM jsonb_array_elements(i.mapping) WITH ORDINALITY AS c (mapped, place))
           = ${JSON.stringify(headers)}::jsonb
     ORDER BY i.created_at DESC LIMIT 1`.execute(db);
  return rows[0] === undefined ? undefined : findImport(db, organizationId, rows[0].id);
}

/** The rows of an import that can be replaced now, and where further ones begin. */
export async function numberingOf(db: Executor, importId: string, column: number): Promise<RowNumbering> {
  const rejected = await sql<{ row: number }>`
    SELECT row_no AS row FROM import_rows WHERE import_id = ${importId} AND state = 'rejected'`.execute(db);
  const last = await sql<{ last: number | null }>`
    SELECT max(row_no) AS last FROM import_rows WHERE import_id = ${importId}`.execute(db);
  return { column, rejected: rejected.rows.map(({ row }) => row), last: last.rows[0]?.last ?? 0 };
}

/**
 * Puts the staged rows of `draft` into `target`: each in place of the rejected row with its number, or as a
 * further one. `target` is then as an import whose rows are staged, and `draft` is gone. Must run in a
 * transaction that has locked both.
 */
export async function mergeRows(trx: Executor, draft: ImportRecord, target: ImportRecord): Promise<void> {
  await markInserted(trx, target.id);
  await passOverOwnDoubles(trx, draft, target.id);
  const { columns, order } = mergedColumns(target.columns, draft.columns);
  const cells = sql`
    CASE WHEN r.cells IS NOT NULL THEN
      (SELECT jsonb_agg(coalesce(r.cells -> o.column_no, '""'::jsonb) ORDER BY o.place)
         FROM unnest(${order}::int[]) WITH ORDINALITY AS o (column_no, place)) END`;
  await sql`
    UPDATE import_rows AS t
       SET state = r.state, phone = r.phone, name = r.name, email = r.email, tags = r.tags,
           only_import_tags = r.only_import_tags, custom_fields = r.custom_fields, opt_out = r.opt_out, cells = ${cells}, reasons = r.reasons,
           duplicate_of_row = r.duplicate_of_row, contact_id = r.contact_id, continued_at = now()
      FROM import_rows AS r
     WHERE r.import_id = ${draft.id} AND t.import_id = ${target.id} AND t.row_no = r.row_no
       AND t.state = 'rejected'`.execute(trx);
  await sql`
    INSERT INTO import_rows (import_id, row_no, organization_id, state, phone, name, email, tags, only_import_tags,
                             custom_fields, opt_out, cells, reasons, duplicate_of_row, contact_id, continued_at)
    SELECT ${target.id}, r.row_no, r.organization_id, r.state, r.phone, r.name, r.email, r.tags, r.only_import_tags,
           r.custom_fields, r.opt_out, ${cells}, r.reasons, r.duplicate_of_row, r.contact_id, now()
      FROM import_rows AS r
     WHERE r.import_id = ${draft.id}
       AND NOT EXISTS (SELECT 1 FROM import_rows AS t
                        WHERE t.import_id = ${target.id} AND t.row_no = r.row_no)`.execute(trx);
  const counts = await countRows(trx, target.id);
  // The job goes on before the first row that waits; whatever it has written lies behind it or is not staged.
  await sql`
    UPDATE imports
       SET state = 'ready', mapping = ${JSON.stringify(columns)}::jsonb,
           options = ${JSON.stringify(draft.options)}::jsonb,
           rows_read = ${counts.rows}, rows_skipped = ${counts.skipped}, rows_rejected = ${counts.rejected},
           checkpoint = coalesce((SELECT min(row_no) - 1 FROM import_rows
                                   WHERE import_id = ${target.id} AND state = 'staged'), checkpoint),
           rounds = rounds + 1, continued_at = now(), finished_at = NULL, error = NULL
     WHERE id = ${target.id}`.execute(trx);
  await sql`DELETE FROM imports WHERE id = ${draft.id}`.execute(trx);
}

/** Rows that are staged at or before the checkpoint were inserted; the checkpoint is about to go back. */
async function markInserted(trx: Executor, importId: ImportId): Promise<void> {
  await sql`
    UPDATE import_rows AS r SET state = 'inserted'
      FROM imports AS i
     WHERE i.id = ${importId} AND r.import_id = i.id AND r.state = 'staged'
       AND r.row_no <= i.checkpoint`.execute(trx);
}

type Reason = z.infer<typeof RowReason>;

/**
 * A mended row may turn out to be a contact that another row of the import has written: it is a double within
 * the file, as it would have been had it been right from the beginning. It must not update that contact, or
 * undoing the import would find it changed. In steps that each go through an index or the import's rows once.
 */
async function passOverOwnDoubles(trx: Executor, draft: ImportRecord, targetId: ImportId): Promise<void> {
  const { rows: doubles } = await sql<{ row: number; contact: string }>`
    SELECT r.row_no AS row, c.id AS contact
      FROM import_rows AS r JOIN contacts AS c ON c.organization_id = ${draft.organizationId} AND c.phone = r.phone
     WHERE r.import_id = ${draft.id} AND r.state = 'staged'
       AND (c.import_id = ${targetId}
            OR EXISTS (SELECT 1 FROM import_rows AS w
                        WHERE w.contact_id = c.id AND w.before_image IS NOT NULL
                          AND w.import_id = ${targetId}))`.execute(trx);
  if (doubles.length === 0) return;
  const { rows: writers } = await sql<{ row: number; contact: string }>`
    SELECT row_no AS row, contact_id AS contact FROM import_rows
     WHERE import_id = ${targetId} AND state IN ('inserted', 'updated')
       AND contact_id = ANY(${doubles.map(({ contact }) => contact)}::uuid[])`.execute(trx);
  const rowOf = new Map(writers.map(({ row, contact }) => [contact, row]));
  const marks = doubles.flatMap(({ row, contact }) => {
    const writer = rowOf.get(contact);
    return writer === undefined ? [] : [{ row, writer, reasons: [doubleOf(draft, writer)] }];
  });
  const { options } = draft;
  const isError = !options.skipDuplicates && !options.updateExisting;
  await sql`
    UPDATE import_rows AS r
       SET state = ${isError ? 'rejected' : 'skipped'}, contact_id = NULL, duplicate_of_row = m.writer,
           reasons = m.reasons
      FROM jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) AS m (row INTEGER, writer INTEGER, reasons JSONB)
     WHERE r.import_id = ${draft.id} AND r.row_no = m.row`.execute(trx);
}

const doubleOf = ({ columns }: ImportRecord, row: number): Reason => ({
  column: columns.find(({ target }) => target.field === 'phone')?.header ?? null,
  code: 'duplicate-in-file',
  message: `Row ${row} has the same phone number and was imported before.`,
});
