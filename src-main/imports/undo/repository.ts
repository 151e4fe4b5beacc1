import { sql } from 'kysely';
import { z } from 'zod';
import { KeptRow } from '@shared/contract/imports';
import { type Executor, preferIndexes, type Transaction } from '../../database/database';
import { updatedValues } from '../rows/updating/repository';
import type { Round } from './rounds/repository';

/** The next rows to be undone: after the checkpoint, `limit` row numbers of them. */
export interface UndoTarget {
  readonly importId: string;
  readonly organizationId: string;
  readonly checkpoint: number;
  /** How far the import has written its staged rows. */
  readonly written: number;
  readonly limit: number;
  /** As the import wrote, round by round. */
  readonly rounds: readonly Round[];
}

export interface UndoOutcome {
  /** Null when no row is left. */
  readonly lastRow: number | null;
  readonly removed: number;
  readonly restored: number;
  readonly kept: number;
}

interface Range {
  readonly importId: string;
  readonly organizationId: string;
  readonly first: number;
  readonly last: number;
  readonly written: number;
}

/**
 * Takes back what the next rows did: contacts that they made go, contacts that they changed are again as they
 * were before. A contact that is not as the row left it, or that a later import has updated, stays and is
 * marked with the reason. Opt-outs stay: whoever asked for no messages still gets none. Must run in the
 * transaction that also moves the checkpoint.
 */
export async function undoBatch(trx: Transaction, target: UndoTarget): Promise<UndoOutcome> {
  const { importId, organizationId, written, limit } = target;
  await preferIndexes(trx);
  const first = await nextWrittenRow(trx, target);
  if (first === null) return { lastRow: null, removed: 0, restored: 0, kept: 0 };
  const range: Range = { importId, organizationId, first, last: first + limit - 1, written };
  await lockContacts(trx, range);
  for (const round of target.rounds) await markKept(trx, range, round);
  const { kept, restored } = await countOutcomes(trx, range);
  await restoreUpdated(trx, range);
  const removed = await removeInserted(trx, range);
  return { lastRow: range.last, removed, restored, kept };
}

/** Rows that made or changed a contact: one that is staged did where the import has come so far. */
const isWritten = (written: number) => sql`
  (r.state IN ('inserted', 'updated') OR (r.state = 'staged' AND r.row_no <= ${written}))`;

async function nextWrittenRow(
  trx: Executor,
  { importId, checkpoint, written }: UndoTarget,
): Promise<number | null> {
  const { rows } = await sql<{ row: number | null }>`
    SELECT min(row_no) AS row FROM import_rows AS r
     WHERE import_id = ${importId} AND row_no > ${checkpoint} AND ${isWritten(written)}`.execute(trx);
  return rows[0]?.row ?? null;
}

const writtenIn = ({ importId, first, last, written }: Range) => sql`
  r.import_id = ${importId} AND r.row_no BETWEEN ${first} AND ${last} AND ${isWritten(written)}`;

/** In the order of the phones, as imports do: nobody waits in a circle. */
async function lockContacts(trx: Executor, range: Range): Promise<void> {
  await sql`
    SELECT 1 FROM import_rows AS r JOIN contacts AS c ON c.id = r.contact_id
     WHERE ${writtenIn(range)} ORDER BY c.phone COLLATE "C" FOR UPDATE OF c`.execute(trx);
}

/**
 * A contact is as the row left it when its values are those that the row's step in its round would write again.
 * Every step finds its rows through an index, whatever the planner believes: just after an import its statistics
 * know nothing of these rows, and a join of them once took minutes.
 */
async function markKept(trx: Executor, range: Range, round: Round): Promise<void> {
  const kept = await keptIn(trx, range, round);
  for (const because of KEPT_BECAUSE) {
    const rows = kept.filter(({ why }) => why === because).map(({ row }) => row);
    if (rows.length === 0) continue;
    await sql`
      UPDATE import_rows SET kept_because = ${because}
       WHERE import_id = ${range.importId} AND row_no = ANY(${rows}::int[])`.execute(trx);
  }
}

const KEPT_BECAUSE = KeptRow.shape.because.options;

async function keptIn(
  trx: Executor,
  range: Range,
  { updating, rows: ofRound }: Round,
): Promise<{ row: number; why: (typeof KEPT_BECAUSE)[number] }[]> {
  const was = (field: string) => sql`(r.before_image ->> ${field})`;
  const then = updatedValues(updating, {
    name: was('name'),
    email: was('email'),
    tags: sql`ARRAY(SELECT jsonb_array_elements_text(r.before_image -> 'tags'))`,
    customFields: sql`(r.before_image -> 'customFields')`,
  });
  const asInserted = sql`
    c.name IS NOT DISTINCT FROM r.name AND c.email IS NOT DISTINCT FROM r.email AND c.tags = r.tags
    AND c.custom_fields = r.custom_fields AND (c.opted_out_at IS NOT NULL) = r.opt_out`;
  const asUpdated = sql`
    c.name IS NOT DISTINCT FROM ${then.name} AND c.email IS NOT DISTINCT FROM ${then.email}
    AND c.tags = ${then.tags} AND c.custom_fields = ${then.customFields}
    AND (c.opted_out_at IS NOT NULL) = (r.opt_out OR ${was('optedOutAt')} IS NOT NULL)`;
  // Single values of imports, not a join: only the index on the contact leads to the rows then.
  const updatedSince = sql`
    (SELECT max(coalesce(o.continued_at, (SELECT i.started_at FROM imports AS i WHERE i.id = o.import_id)))
       FROM import_rows AS o
      WHERE o.contact_id = r.contact_id AND o.before_image IS NOT NULL AND o.state = 'updated'
        AND o.import_id <> r.import_id
        AND (SELECT i.undone_at FROM imports AS i WHERE i.id = o.import_id) IS NULL)`;
  const { rows } = await sql<{ row: number; why: (typeof KEPT_BECAUSE)[number] }>`
    SELECT judged.row, judged.why
      FROM (SELECT r.row_no AS row,
                   CASE
                     WHEN c.id IS NULL THEN 'gone'
                     WHEN ${updatedSince} > coalesce(r.continued_at,
                       (SELECT started_at FROM imports WHERE id = ${range.importId})) THEN 'imported-again'
                     WHEN c.phone <> r.phone OR NOT (CASE r.state WHEN 'updated' THEN ${asUpdated} ELSE ${asInserted} END) THEN 'changed'
                   END AS why
              FROM import_rows AS r
              LEFT JOIN contacts AS c ON c.id = r.contact_id AND c.organization_id = ${range.organizationId}
             WHERE ${writtenIn(range)} AND ${ofRound}) AS judged
     WHERE judged.why IS NOT NULL`.execute(trx);
  return rows;
}

async function countOutcomes(trx: Executor, range: Range): Promise<Pick<UndoOutcome, 'kept' | 'restored'>> {
  const { rows } = await sql<Pick<UndoOutcome, 'kept' | 'restored'>>`
    SELECT count(*) FILTER (WHERE r.kept_because IS NOT NULL)::int AS kept,
           count(*) FILTER (WHERE r.kept_because IS NULL AND r.state = 'updated')::int AS restored
      FROM import_rows AS r WHERE ${writtenIn(range)}`.execute(trx);
  return rows[0] ?? { kept: 0, restored: 0 };
}

/** Like the import, which did not write a contact that its row said nothing new of either. */
async function restoreUpdated(trx: Executor, range: Range): Promise<void> {
  const was = {
    name: sql`r.before_image ->> 'name'`,
    email: sql`r.before_image ->> 'email'`,
    tags: sql`ARRAY(SELECT jsonb_array_elements_text(r.before_image -> 'tags'))`,
    customFields: sql`r.before_image -> 'customFields'`,
  };
  await sql`
    UPDATE contacts AS c
       SET name = ${was.name}, email = ${was.email}, tags = ${was.tags}, custom_fields = ${was.customFields},
           updated_at = now()
      FROM import_rows AS r
     WHERE ${writtenIn(range)} AND r.state = 'updated' AND r.kept_because IS NULL AND c.id = r.contact_id
       AND (c.name, c.email, c.tags, c.custom_fields)
             IS DISTINCT FROM (${was.name}, ${was.email}, ${was.tags}, ${was.customFields})`.execute(trx);
}

async function removeInserted(trx: Executor, range: Range): Promise<number> {
  const result = await sql`
    DELETE FROM contacts AS c USING import_rows AS r
     WHERE ${writtenIn(range)} AND r.state <> 'updated' AND r.kept_because IS NULL
       AND c.id = r.contact_id`.execute(trx);
  return Number(result.numAffectedRows ?? 0n);
}

/** The rows whose contact an undo left as it is, in the order of the file. */
export async function keptRows(
  db: Executor,
  importId: string,
  page: { readonly start: number; readonly count: number },
): Promise<KeptRow[]> {
  const { rows } = await sql`
    SELECT r.row_no AS row, coalesce(c.phone, r.phone) AS phone, coalesce(c.name, r.name) AS name, r.kept_because AS because
      FROM import_rows AS r LEFT JOIN contacts AS c ON c.id = r.contact_id
     WHERE r.import_id = ${importId} AND r.kept_because IS NOT NULL
     ORDER BY r.row_no LIMIT ${page.count} OFFSET ${page.start}`.execute(db);
  return z.array(KeptRow).parse(rows);
}
