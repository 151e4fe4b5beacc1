import { sql } from 'kysely';
import { z } from 'zod';
import { ColumnTarget, ImportOptions, type OpenedFile } from '@shared/contract/imports';
import { AppError } from '@shared/errors';
import { ImportId, JobId } from '@shared/domain/ids';
import type { Executor } from '../database/database';

const StoredState = z.enum([
  'draft',
  'staging',
  'ready',
  'running',
  'paused',
  'completed',
  'cancelled',
  'failed',
]);
export type StoredState = z.infer<typeof StoredState>;

/** A column of the file with what it becomes; the headers are kept for the list of rejected rows. */
export const MappedColumn = z.object({ header: z.string(), target: ColumnTarget });
export type MappedColumn = z.infer<typeof MappedColumn>;

const ImportRecord = z.object({
  id: ImportId,
  organizationId: z.string(),
  source: z.enum(['file', 'api']),
  fileName: z.string(),
  sizeBytes: z.int(),
  sha256: z.string().nullable(),
  format: z.string().nullable(),
  state: StoredState,
  sheet: z.string().nullable(),
  headerRow: z.int().nullable(),
  columns: z.array(MappedColumn),
  options: ImportOptions,
  read: z.int(),
  /** Rows that the file is thought to have, while it is read. */
  expected: z.int().nullable(),
  inserted: z.int(),
  updated: z.int(),
  skipped: z.int(),
  rejected: z.int(),
  excluded: z.int(),
  /** The last staged row whose outcome is committed. */
  checkpoint: z.int(),
  /** When all rows of the file were staged; rows are written while the rest is still being read. */
  stagedAt: z.date().nullable(),
  error: AppError.nullable(),
  jobId: JobId.nullable(),
  userId: z.string().nullable(),
  createdBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  updatedAt: z.date(),
  undo: z
    .object({
      startedAt: z.coerce.date(),
      finishedAt: z.coerce.date().nullable(),
      checkpoint: z.int(),
      removed: z.int(),
      restored: z.int(),
      kept: z.int(),
    })
    .nullable(),
  /** The import that this file's rows are to be put into. */
  continues: ImportId.nullable(),
  rounds: z.int(),
  continuedAt: z.date().nullable(),
  /** The file that is being read to be put into this import, and how far. */
  continuedBy: z.object({ id: ImportId, read: z.int(), expected: z.int().nullable() }).nullable(),
});
export type ImportRecord = z.infer<typeof ImportRecord>;

const COLUMNS = sql`
  i.id, i.organization_id AS "organizationId", i.source, i.file_name AS "fileName", i.file_size AS "sizeBytes",
  i.file_sha256 AS sha256, i.file_format AS format, i.state, i.sheet, i.header_row AS "headerRow",
  i.mapping AS columns, i.options, i.rows_read AS read, i.rows_expected AS expected, i.rows_inserted AS inserted, i.rows_updated AS updated,
  i.rows_skipped AS skipped, i.rows_rejected AS rejected, i.rows_excluded AS excluded, i.checkpoint,
  i.staged_at AS "stagedAt", i.error, i.job_id AS "jobId",
  i.created_by AS "userId", coalesce(p.full_name, p.email, 'API') AS "createdBy", i.created_at AS "createdAt",
  i.started_at AS "startedAt", i.finished_at AS "finishedAt", i.updated_at AS "updatedAt",
  CASE WHEN i.undo_started_at IS NOT NULL THEN jsonb_build_object('startedAt', i.undo_started_at,
    'finishedAt', i.undone_at, 'checkpoint', i.undo_checkpoint, 'removed', i.undo_removed,
    'restored', i.undo_restored, 'kept', i.undo_kept) END AS undo,
  i.continues_import_id AS continues, i.rounds, i.continued_at AS "continuedAt",
  (SELECT jsonb_build_object('id', d.id, 'read', d.rows_read, 'expected', d.rows_expected) FROM imports AS d
    WHERE d.continues_import_id = i.id AND d.state = 'staging' LIMIT 1) AS "continuedBy"`;
const FROM = sql`FROM imports AS i LEFT JOIN profiles AS p ON p.id = i.created_by`;

export interface NewImport {
  readonly id: ImportId;
  readonly organizationId: string;
  readonly userId: string;
  readonly source: 'file' | 'api';
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string | null;
  readonly format: string | null;
}

export async function createImport(db: Executor, draft: NewImport): Promise<void> {
  await db
    .insertInto('imports')
    .values({
      id: draft.id,
      organization_id: draft.organizationId,
      source: draft.source,
      file_name: draft.fileName,
      file_size: draft.sizeBytes,
      file_sha256: draft.sha256,
      file_format: draft.format,
      created_by: draft.userId,
    })
    .execute();
}

export async function findImport(
  db: Executor,
  organizationId: string,
  id: string,
): Promise<ImportRecord | undefined> {
  const { rows } = await sql`SELECT ${COLUMNS} ${FROM}
     WHERE i.organization_id = ${organizationId} AND i.id = ${id}`.execute(db);
  return rows[0] === undefined ? undefined : ImportRecord.parse(rows[0]);
}

/**
 * Imports that were started, newest first, `limit` of them after the one named. A file that is being read for
 * another import is a part of that one.
 */
export async function listImports(
  db: Executor,
  organizationId: string,
  page: { readonly after?: { readonly at: Date; readonly id: string }; readonly limit: number },
): Promise<ImportRecord[]> {
  const after =
    page.after === undefined
      ? sql`TRUE`
      : sql`(date_trunc('milliseconds', i.created_at), i.id) < (${page.after.at}, ${page.after.id}::uuid)`;
  const { rows } = await sql`SELECT ${COLUMNS} ${FROM}
     WHERE i.organization_id = ${organizationId} AND i.state <> 'draft' AND ${after}
       AND (i.continues_import_id IS NULL OR i.state <> 'staging')
     ORDER BY date_trunc('milliseconds', i.created_at) DESC, i.id DESC LIMIT ${page.limit}`.execute(db);
  return rows.map((row) => ImportRecord.parse(row));
}

/** All imports of this database that were begun and have not ended. */
export async function unfinishedImports(db: Executor): Promise<ImportRecord[]> {
  const { rows } = await sql`SELECT ${COLUMNS} ${FROM}
     WHERE i.state IN ('staging', 'ready', 'running') ORDER BY i.created_at`.execute(db);
  return rows.map((row) => ImportRecord.parse(row));
}

/** Drafts among these, the newest first, and how many corrections were made in each. */
export async function findDrafts(
  db: Executor,
  organizationId: string,
  ids: readonly ImportId[],
): Promise<OpenedFile[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('imports as i')
    .select((eb) => [
      'i.id',
      'i.file_name',
      'i.file_size',
      'i.created_at',
      eb
        .selectFrom('import_corrections as c')
        .whereRef('c.import_id', '=', 'i.id')
        .select(({ fn }) => fn.countAll<number>().as('corrections'))
        .as('corrections'),
    ])
    .where('i.organization_id', '=', organizationId)
    .where('i.state', '=', 'draft')
    .where('i.id', 'in', [...ids])
    .orderBy('i.created_at', 'desc')
    .execute();
  return rows.map((row) => ({
    id: ImportId.parse(row.id),
    fileName: row.file_name,
    sizeBytes: row.file_size,
    openedAt: row.created_at.toISOString(),
    corrections: Number(row.corrections),
  }));
}

/** Drafts that nobody started since this time. */
export async function findForgottenDrafts(db: Executor, before: Date): Promise<ImportId[]> {
  const rows = await db
    .selectFrom('imports')
    .select('id')
    .where('state', '=', 'draft')
    .where('updated_at', '<', before)
    .execute();
  return rows.map((row) => ImportId.parse(row.id));
}

/** What is known of these imports: whether their file may still have to be read. Those that are not there are left out. */
export async function findFilesInUse(
  db: Executor,
  ids: readonly ImportId[],
): Promise<ReadonlyMap<string, boolean>> {
  const rows = await db
    .selectFrom('imports')
    .select(['id', 'state', 'staged_at'])
    .where('id', 'in', [...ids])
    .execute();
  const isOver = (state: string): boolean => state === 'completed' || state === 'cancelled';
  return new Map(rows.map(({ id, state, staged_at }) => [id, staged_at === null && !isOver(state)]));
}

/** The newest other import of the same bytes that has run. */
export async function findSameFile(
  db: Executor,
  organizationId: string,
  sha256: string,
  exceptId: string,
): Promise<{ id: ImportId; at: Date } | undefined> {
  const row = await db
    .selectFrom('imports')
    .select(['id', 'created_at'])
    .where('organization_id', '=', organizationId)
    .where('file_sha256', '=', sha256)
    .where('id', '<>', exceptId)
    .where('state', 'in', ['staging', 'ready', 'running', 'paused', 'completed'])
    .where('undo_started_at', 'is', null)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : { id: ImportId.parse(row.id), at: row.created_at };
}

export interface ImportPatch {
  readonly format?: string;
  readonly sheet?: string;
  readonly headerRow?: number;
  readonly columns?: readonly MappedColumn[];
  readonly options?: ImportOptions;
  readonly jobId?: JobId;
  readonly continues?: ImportId | null;
  /** All rows of the file are staged now. */
  readonly staged?: true;
  readonly error?: AppError | null;
  readonly read?: number;
  readonly skipped?: number;
  readonly rejected?: number;
  readonly excluded?: number;
  /** Sets the time only where none is kept yet. */
  readonly started?: boolean;
  /** True sets the end to now, false forgets it. */
  readonly finished?: boolean;
  /** Marks it as being taken back. */
  readonly undo?: boolean;
}

/**
 * Moves an import from one of the states `from` to `to` and writes the patch. `false` where it is in none of
 * them by now: whoever was first has won.
 */
export async function moveImport(
  db: Executor,
  importId: string,
  from: readonly StoredState[],
  to: StoredState,
  patch: ImportPatch = {},
): Promise<boolean> {
  const result = await db
    .updateTable('imports')
    .set({ state: to, ...columnsOf(patch) })
    .where('id', '=', importId)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

function columnsOf(patch: ImportPatch): Record<string, unknown> {
  return {
    ...(patch.format === undefined ? {} : { file_format: patch.format }),
    ...(patch.sheet === undefined ? {} : { sheet: patch.sheet }),
    ...(patch.headerRow === undefined ? {} : { header_row: patch.headerRow }),
    ...(patch.columns === undefined ? {} : { mapping: JSON.stringify(patch.columns) }),
    ...(patch.options === undefined ? {} : { options: JSON.stringify(patch.options) }),
    ...(patch.jobId === undefined ? {} : { job_id: patch.jobId }),
    ...(patch.continues === undefined ? {} : { continues_import_id: patch.continues }),
    ...(patch.error === undefined
      ? {}
      : { error: patch.error === null ? null : JSON.stringify(patch.error) }),
    ...(patch.read === undefined ? {} : { rows_read: patch.read }),
    ...(patch.skipped === undefined ? {} : { rows_skipped: patch.skipped }),
    ...(patch.rejected === undefined ? {} : { rows_rejected: patch.rejected }),
    ...(patch.excluded === undefined ? {} : { rows_excluded: patch.excluded }),
    ...(patch.started === true ? { started_at: sql`coalesce(started_at, now())` } : {}),
    ...(patch.staged === true ? { staged_at: sql`now()` } : {}),
    ...(patch.undo === true ? { undo_started_at: sql`coalesce(undo_started_at, now())` } : {}),
    ...(patch.finished === undefined ? {} : { finished_at: patch.finished ? sql`now()` : null }),
  };
}

/**
 * The import's row, locked until the transaction ends: pausing and cancelling wait for it. Weaker than FOR
 * UPDATE, which would wait for every other batch that has added contacts of this import.
 */
export async function lockImport(
  trx: Executor,
  organizationId: string,
  id: string,
): Promise<ImportRecord | undefined> {
  await sql`SELECT 1 FROM imports WHERE id = ${id} FOR NO KEY UPDATE`.execute(trx);
  return findImport(trx, organizationId, id);
}

/**
 * Adds a batch's outcome to the totals and moves the checkpoint; an import whose file is still being read stays in
 * its state.
 */
export async function addToTotals(
  trx: Executor,
  importId: string,
  batch: {
    readonly lastRow: number;
    readonly inserted: number;
    readonly updated: number;
    readonly skipped: number;
    readonly rejected: number;
  },
): Promise<void> {
  await sql`
    UPDATE imports
       SET state = CASE WHEN staged_at IS NULL THEN state ELSE 'running' END, error = NULL,
           started_at = coalesce(started_at, now()), finished_at = NULL,
           checkpoint = ${batch.lastRow},
           rows_inserted = rows_inserted + ${batch.inserted}, rows_updated = rows_updated + ${batch.updated},
           rows_skipped = rows_skipped + ${batch.skipped}, rows_rejected = rows_rejected + ${batch.rejected}
     WHERE id = ${importId}`.execute(trx);
}

/** Marks an import as being taken back; `false` where it cannot be, or somebody was first. */
export async function markUndo(db: Executor, importId: string): Promise<boolean> {
  const result = await db
    .updateTable('imports')
    .set({ undo_started_at: sql`now()` })
    .where('id', '=', importId)
    .where('state', 'in', ['completed', 'cancelled'])
    .where('undo_started_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Imports of this database that are being taken back. */
export async function undosUnderWay(db: Executor): Promise<ImportRecord[]> {
  const { rows } = await sql`SELECT ${COLUMNS} ${FROM}
     WHERE i.undo_started_at IS NOT NULL AND i.undone_at IS NULL ORDER BY i.undo_started_at`.execute(db);
  return rows.map((row) => ImportRecord.parse(row));
}

/** Adds a batch that was taken back and moves the checkpoint. */
export async function addToUndo(
  trx: Executor,
  importId: string,
  batch: {
    readonly lastRow: number;
    readonly removed: number;
    readonly restored: number;
    readonly kept: number;
  },
): Promise<void> {
  await sql`
    UPDATE imports
       SET undo_checkpoint = ${batch.lastRow}, undo_removed = undo_removed + ${batch.removed},
           undo_restored = undo_restored + ${batch.restored}, undo_kept = undo_kept + ${batch.kept}
     WHERE id = ${importId}`.execute(trx);
}

export async function finishUndo(trx: Executor, importId: string): Promise<void> {
  await sql`UPDATE imports SET undone_at = now() WHERE id = ${importId}`.execute(trx);
}

/** Removes a draft; an import that was started stays. */
export async function deleteDraft(db: Executor, organizationId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('imports')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Removes a draft of any organization. */
export async function forgetDraft(db: Executor, id: ImportId): Promise<boolean> {
  const result = await db
    .deleteFrom('imports')
    .where('id', '=', id)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}
