import { sql } from 'kysely';
import { z } from 'zod';
import { type RejectedRow, RowReason } from '@shared/contract/imports';
import type { Executor } from '../../database/database';

/** Forgets everything staged for an import, so that staging can begin anew. */
export async function clearRows(db: Executor, importId: string): Promise<void> {
  await sql`DELETE FROM import_rows WHERE import_id = ${importId}`.execute(db);
}

/** Adds a batch of staged rows given as a JSON array of StagedRow (staged-row.ts). */
export async function insertStagedRows(
  db: Executor,
  target: { readonly importId: string; readonly organizationId: string },
  json: string,
): Promise<void> {
  await sql`
    INSERT INTO import_rows (import_id, organization_id, row_no, state, phone, name, email, tags,
                             custom_fields, opt_out, cells, reasons, duplicate_of_row)
    SELECT ${target.importId}, ${target.organizationId}, r.row, r.state, r.phone, r.name, r.email, r.tags,
           r.custom, r."optOut", r.cells, r.reasons, r."duplicateOf"
      FROM json_to_recordset(${json}::json) AS r(
             row INTEGER, state TEXT, phone TEXT, name TEXT, email TEXT, tags TEXT[], custom JSONB,
             "optOut" BOOLEAN, cells JSONB, reasons JSONB, "duplicateOf" INTEGER)`.execute(db);
}

export interface RowCounts {
  readonly rows: number;
  readonly staged: number;
  readonly skipped: number;
  readonly rejected: number;
}

/** The rows of an import by their state. */
export async function countRows(db: Executor, importId: string): Promise<RowCounts> {
  const { rows } = await sql<RowCounts>`
    SELECT count(*) AS rows,
           count(*) FILTER (WHERE state = 'staged') AS staged,
           count(*) FILTER (WHERE state = 'skipped') AS skipped,
           count(*) FILTER (WHERE state = 'rejected') AS rejected
      FROM import_rows WHERE import_id = ${importId}`.execute(db);
  return rows[0] ?? { rows: 0, staged: 0, skipped: 0, rejected: 0 };
}

export interface BatchTarget {
  readonly importId: string;
  readonly organizationId: string;
  /** Rows up to this one are done. */
  readonly checkpoint: number;
  readonly limit: number;
  /** What happens to a row whose phone is a contact already. */
  readonly onExisting: 'update' | 'skip' | 'reject';
}

export interface BatchOutcome {
  /** Rows that were taken; 0 when none is left. */
  readonly rows: number;
  readonly lastRow: number;
  readonly inserted: number;
  readonly updated: number;
  readonly skipped: number;
  readonly rejected: number;
}

/** Rows that a concurrent deletion leaves without a contact to update are tried again so often. */
const MAX_ROUNDS = 5;

/**
 * Writes the next staged rows into `contacts`; must run in a transaction that also moves the checkpoint.
 * Each row of the batch ends in exactly one state, also while other imports write the same phones.
 */
export async function applyBatch(trx: Executor, target: BatchTarget): Promise<BatchOutcome> {
  let outcome = await insertNew(trx, target);
  const total = { ...outcome };
  for (let round = 1; ; round += 1) {
    const rest = outcome.rows - outcome.inserted;
    if (rest === 0) return total;
    const settled = await settleExisting(trx, target, total.lastRow);
    total[settled.state] += settled.rows;
    if (settled.rows === rest) return total;
    if (round === MAX_ROUNDS)
      throw new Error('Contacts of this batch keep disappearing while it is written.');
    outcome = await insertNew(trx, { ...target, limit: rest - settled.rows });
    total.inserted += outcome.inserted;
  }
}

async function insertNew(trx: Executor, target: BatchTarget): Promise<BatchOutcome> {
  const { importId, organizationId, checkpoint, limit } = target;
  const { rows } = await sql<{ rows: number; lastRow: number | null; inserted: number }>`
    WITH batch AS MATERIALIZED (
      SELECT row_no, phone, name, email, tags, custom_fields, opt_out
        FROM import_rows
       WHERE import_id = ${importId} AND state = 'staged' AND row_no > ${checkpoint}
       ORDER BY row_no LIMIT ${limit}
    ), added AS (
      -- In the order of the phones: two imports that share contacts then wait for each other, not both.
      INSERT INTO contacts (organization_id, phone, name, email, tags, custom_fields, opted_out_at, import_id)
      SELECT ${organizationId}::uuid, phone, name, email, tags, custom_fields,
             CASE WHEN opt_out THEN now() END, ${importId}::uuid
        FROM batch ORDER BY phone
      ON CONFLICT (organization_id, phone) DO NOTHING
      RETURNING id, phone
    ), marked AS (
      UPDATE import_rows AS r SET state = 'inserted', contact_id = added.id
        FROM batch JOIN added ON added.phone = batch.phone
       WHERE r.import_id = ${importId} AND r.row_no = batch.row_no
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM batch) AS rows,
           (SELECT max(row_no) FROM batch) AS "lastRow",
           (SELECT count(*) FROM marked) AS inserted`.execute(trx);
  const [row] = rows;
  return {
    rows: row?.rows ?? 0,
    lastRow: row?.lastRow ?? checkpoint,
    inserted: row?.inserted ?? 0,
    updated: 0,
    skipped: 0,
    rejected: 0,
  };
}

async function settleExisting(
  trx: Executor,
  target: BatchTarget,
  lastRow: number,
): Promise<{ state: 'updated' | 'skipped' | 'rejected'; rows: number }> {
  switch (target.onExisting) {
    case 'update':
      return { state: 'updated', rows: await updateExisting(trx, target, lastRow) };
    case 'skip':
      return { state: 'skipped', rows: await markRest(trx, target, lastRow, 'skipped', null) };
    case 'reject':
      return { state: 'rejected', rows: await markRest(trx, target, lastRow, 'rejected', ALREADY_THERE) };
  }
}

const ALREADY_THERE = JSON.stringify([
  {
    column: null,
    code: 'already-exists',
    message: 'A contact with this phone number exists already, and neither updating nor skipping was chosen.',
  } satisfies z.infer<typeof RowReason>,
]);

/** Cells that are not blank overwrite, tags are united, custom fields merged; the row keeps how it was before. */
async function updateExisting(trx: Executor, target: BatchTarget, lastRow: number): Promise<number> {
  const { importId, organizationId, checkpoint } = target;
  const { rows } = await sql<{ updated: number }>`
    WITH rest AS MATERIALIZED (
      SELECT row_no, phone, name, email, tags, custom_fields, opt_out
        FROM import_rows
       WHERE import_id = ${importId} AND state = 'staged' AND row_no > ${checkpoint} AND row_no <= ${lastRow}
    ), old AS MATERIALIZED (
      SELECT c.id, c.phone, c.name, c.email, c.tags, c.custom_fields, c.opted_out_at, c.import_id, c.updated_at
        FROM contacts AS c
       WHERE c.organization_id = ${organizationId} AND c.phone IN (SELECT phone FROM rest)
       ORDER BY c.phone FOR UPDATE
    ), changed AS (
      UPDATE contacts AS c
         SET name = coalesce(rest.name, c.name),
             email = coalesce(rest.email, c.email),
             tags = c.tags || ARRAY(SELECT tag FROM unnest(rest.tags) AS tag WHERE tag <> ALL (c.tags)),
             custom_fields = c.custom_fields || rest.custom_fields,
             opted_out_at = CASE WHEN rest.opt_out THEN coalesce(c.opted_out_at, now()) ELSE c.opted_out_at END,
             updated_at = now()
        FROM rest JOIN old ON old.phone = rest.phone
       WHERE c.id = old.id
      RETURNING c.id
    ), marked AS (
      UPDATE import_rows AS r
         SET state = 'updated', contact_id = old.id,
             before_image = jsonb_build_object(
               'name', old.name, 'email', old.email, 'tags', old.tags, 'customFields', old.custom_fields,
               'optedOutAt', old.opted_out_at, 'updatedAt', old.updated_at)
        FROM rest JOIN old ON old.phone = rest.phone
       WHERE r.import_id = ${importId} AND r.row_no = rest.row_no
      RETURNING 1
    )
    SELECT count(*) AS updated FROM marked`.execute(trx);
  return rows[0]?.updated ?? 0;
}

async function markRest(
  trx: Executor,
  target: BatchTarget,
  lastRow: number,
  state: 'skipped' | 'rejected',
  reasons: string | null,
): Promise<number> {
  const { rows } = await sql<{ marked: number }>`
    WITH marked AS (
      UPDATE import_rows AS r SET state = ${state}, reasons = ${reasons}::jsonb,
             contact_id = (SELECT id FROM contacts AS c
                            WHERE c.organization_id = ${target.organizationId} AND c.phone = r.phone)
       WHERE import_id = ${target.importId} AND state = 'staged'
         AND row_no > ${target.checkpoint} AND row_no <= ${lastRow}
      RETURNING 1
    ) SELECT count(*) AS marked FROM marked`.execute(trx);
  return rows[0]?.marked ?? 0;
}

const StoredRejection = z.object({
  row: z.int(),
  cells: z.array(z.string()).nullable(),
  reasons: z.array(RowReason).nullable(),
});

/** Rejected rows in the order of the file, after row `afterRow` or from the `start`th on. */
export async function rejectedRows(
  db: Executor,
  organizationId: string,
  importId: string,
  page: { readonly afterRow?: number; readonly start?: number; readonly count: number },
): Promise<z.infer<typeof RejectedRow>[]> {
  const { rows } = await sql`
    SELECT row_no AS row, cells, reasons FROM import_rows
     WHERE import_id = ${importId} AND organization_id = ${organizationId}
       AND state = 'rejected' AND row_no > ${page.afterRow ?? 0}
     ORDER BY row_no LIMIT ${page.count} OFFSET ${page.start ?? 0}`.execute(db);
  return rows.map((row) => {
    const { cells, reasons, ...rest } = StoredRejection.parse(row);
    return { ...rest, cells: cells ?? [], reasons: reasons ?? [] };
  });
}

/** How many of these phones are contacts already. */
export async function countExistingPhones(
  db: Executor,
  organizationId: string,
  phones: readonly string[],
): Promise<number> {
  const { rows } = await sql<{ existing: number }>`
    SELECT count(*) AS existing FROM contacts
     WHERE organization_id = ${organizationId} AND phone = ANY(${phones}::text[])`.execute(db);
  return rows[0]?.existing ?? 0;
}
