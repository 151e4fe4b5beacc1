import { sql } from 'kysely';
import type { ImportId } from '@shared/domain/ids';
import type { RowNumbering } from '../../background/contract';
import type { Executor } from '../../database/database';
import { findImport, type ImportRecord } from '../repository';
import { countRows } from '../rows/repository';
import { mergedColumns } from './columns';
import { importedBefore } from './numbering';

/** The newest import with exactly these headers that has rejected rows and can be gone on with. */
export async function newestWithHeaders(
  db: Executor,
  organizationId: string,
  headers: readonly string[],
): Promise<ImportRecord | undefined> {
  const { rows } = await sql<{ id: string }>`
    SELECT i.id FROM imports AS i
     WHERE i.organization_id = ${organizationId} AND i.state IN ('completed', 'cancelled')
       AND i.staged_at IS NOT NULL AND i.undo_started_at IS NULL
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
  const leftOut = await leaveOutRest(trx, target.id);
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
       SET state = 'ready',
           earlier_rounds = earlier_rounds || jsonb_build_array(
             jsonb_build_object('at', continued_at, 'columns', mapping, 'options', options)),
           mapping = ${JSON.stringify(columns)}::jsonb,
           options = ${JSON.stringify(draft.options)}::jsonb,
           rows_read = ${counts.rows - counts.excluded}, rows_excluded = rows_excluded + ${leftOut},
           rows_skipped = ${counts.skipped}, rows_rejected = ${counts.rejected},
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

/**
 * What a cancelled import had not written when it was cancelled stays so: those rows are left out, as if
 * somebody had done it before the start. Answers how many they are.
 */
async function leaveOutRest(trx: Executor, importId: ImportId): Promise<number> {
  const result = await sql`
    UPDATE import_rows SET state = 'excluded', contact_id = NULL
     WHERE import_id = ${importId} AND state = 'staged'`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/**
 * A mended row may turn out to be a contact that another row of the import has written: it is a double within
 * the file, as it would have been had it been right from the beginning. It must not update that contact, or
 * undoing the import would find it changed. In steps that each go through an index or the import's rows once.
 */
async function passOverOwnDoubles(trx: Executor, draft: ImportRecord, targetId: ImportId): Promise<void> {
  const { rows: doubles } = await sql<{ row: number; contact: string }>`
    SELECT r.row_no AS row, c.id AS contact
      FROM import_rows AS r JOIN contacts AS c ON c.organization_id = ${draft.organizationId} AND c.phone = r.phone
     WHERE r.import_id = ${draft.id} AND r.state = 'staged' AND ${isWrittenBy(targetId)}`.execute(trx);
  const rowOf = await writersOf(
    trx,
    targetId,
    doubles.map(({ contact }) => contact),
  );
  const phoneColumn = draft.columns.find(({ target }) => target.field === 'phone')?.header ?? null;
  const marks = doubles.flatMap(({ row, contact }) => {
    const writer = rowOf.get(contact);
    return writer === undefined ? [] : [{ row, writer, reasons: [importedBefore(phoneColumn, writer)] }];
  });
  if (marks.length === 0) return;
  const { options } = draft;
  const isError = !options.skipDuplicates && !options.updateExisting;
  await sql`
    UPDATE import_rows AS r
       SET state = ${isError ? 'rejected' : 'skipped'}, contact_id = NULL, duplicate_of_row = m.writer,
           reasons = m.reasons
      FROM jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) AS m (row INTEGER, writer INTEGER, reasons JSONB)
     WHERE r.import_id = ${draft.id} AND r.row_no = m.row`.execute(trx);
}

/** The contact `c` was made or changed by this import. */
const isWrittenBy = (importId: ImportId) => sql`
  (c.import_id = ${importId}
   OR EXISTS (SELECT 1 FROM import_rows AS w
               WHERE w.contact_id = c.id AND w.before_image IS NOT NULL AND w.import_id = ${importId}))`;

/** The row of an import that has written each of these contacts, where one has. */
async function writersOf(
  db: Executor,
  importId: ImportId,
  contacts: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (contacts.length === 0) return new Map();
  const { rows } = await sql<{ row: number; contact: string }>`
    SELECT w.row_no AS row, w.contact_id AS contact
      FROM import_rows AS w JOIN imports AS i ON i.id = w.import_id
     WHERE w.import_id = ${importId} AND w.contact_id = ANY(${contacts}::uuid[])
       AND (w.state IN ('inserted', 'updated') OR (w.state = 'staged' AND w.row_no <= i.checkpoint))`.execute(
    db,
  );
  return new Map(rows.map(({ row, contact }) => [contact, row]));
}

/** Those of these phones whose contacts the import has written, with the row that did. */
export async function ownPhones(
  db: Executor,
  organizationId: string,
  importId: ImportId,
  phones: readonly string[],
): Promise<{ phone: string; row: number }[]> {
  if (phones.length === 0) return [];
  const { rows } = await sql<{ phone: string; contact: string }>`
    SELECT c.phone, c.id AS contact FROM contacts AS c
     WHERE c.organization_id = ${organizationId} AND c.phone = ANY(${phones}::text[])
       AND ${isWrittenBy(importId)}`.execute(db);
  const rowOf = await writersOf(
    db,
    importId,
    rows.map(({ contact }) => contact),
  );
  return rows.flatMap(({ phone, contact }) => {
    const row = rowOf.get(contact);
    return row === undefined ? [] : [{ phone, row }];
  });
}
