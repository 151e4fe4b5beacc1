import { sql } from 'kysely';
import { commitWithoutWaiting, transaction, type Database, type Executor } from '../../../database/database';
import { addToTotals, findImport, type ImportRecord, lockImport, type StoredState } from '../../repository';
import { isStaged } from '../../summary';
import { applyBatch, type BatchOutcome, type BatchTarget, lastStagedRow, type RowRange } from '../repository';

export interface Batch extends RowRange {
  readonly importId: string;
  readonly organizationId: string;
  /** The first row of the batch before this one, which may still be under way. */
  readonly after: number | null;
}

export type BatchEnd =
  | {
      readonly type: 'written';
      readonly record: ImportRecord;
      readonly rows: number;
      /** Rows whose phone was a contact already. */
      readonly known: number;
      readonly tookMs: number;
    }
  /** Nothing was written: the batch does not follow on the checkpoint, or the import is not to go on. */
  | { readonly type: 'stale' };

const GOES_ON: readonly StoredState[] = ['ready', 'running', 'failed'];

/** While the file is read, its rows are written only as long as nobody has stopped reading it. */
const goesOn = (record: ImportRecord): boolean =>
  isStaged(record) ? GOES_ON.includes(record.state) : record.state === 'staging';

/**
 * Writes one batch in one transaction with its checkpoint and totals. Batches of an import may be under way at
 * once; they are committed in their order, so that the checkpoint is always the end of what is written. Whoever
 * is early waits for the database's lock of the batch before, and not in this process: where two imports wait
 * for each other's contacts that way, the database sees it and lets one begin again.
 *
 * `begun` is called once the batch holds its own lock; the next batch is not to be started before.
 */
export async function writeBatch(
  db: Database,
  batch: Batch,
  target: (record: ImportRecord) => Omit<BatchTarget, keyof Batch>,
  begun: () => void,
): Promise<BatchEnd> {
  const { importId, organizationId, first, last } = batch;
  try {
    return await transaction(db, async (trx): Promise<BatchEnd> => {
      const startedAt = performance.now();
      await sql`SELECT pg_advisory_xact_lock(${lockOf(batch, first)})`.execute(trx);
      begun();
      await sql`SELECT pg_advisory_xact_lock_shared(${lockOf(batch, ALL_BATCHES)})`.execute(trx);
      const before = await findImport(trx, organizationId, importId);
      // Another worker has been here, or somebody has stopped it.
      if (before === undefined || !goesOn(before) || before.checkpoint >= first) return STALE;
      // The file is being read anew, and has not come so far again.
      if (!isStaged(before) && (await lastStagedRow(trx, importId)) < last) return STALE;
      const outcome = await applyBatch(trx, { ...target(before), importId, organizationId, first, last });
      const tookMs = performance.now() - startedAt;
      const record = await commitInOrder(trx, batch, outcome);
      return { type: 'written', record, rows: outcome.rows, known: outcome.rows - outcome.inserted, tookMs };
    });
  } catch (thrown) {
    if (thrown instanceof OutOfOrder) return STALE;
    throw thrown;
  }
}

const STALE: BatchEnd = { type: 'stale' };

/** Rolls the batch back. */
class OutOfOrder extends Error {}

async function commitInOrder(
  trx: Parameters<typeof commitWithoutWaiting>[0],
  batch: Batch,
  outcome: BatchOutcome,
): Promise<ImportRecord> {
  if (batch.after !== null) await waitFor(trx, lockOf(batch, batch.after));
  const record = await lockImport(trx, batch.organizationId, batch.importId);
  if (record === undefined || !goesOn(record) || record.checkpoint !== batch.first - 1)
    throw new OutOfOrder();
  await addToTotals(trx, batch.importId, { ...outcome, lastRow: batch.last });
  // Nobody is told that these rows are safe: what a lost server had not flushed yet is missing with its
  // checkpoint and written again. The end of the import waits for all of it.
  await commitWithoutWaiting(trx);
  return {
    ...record,
    checkpoint: batch.last,
    inserted: record.inserted + outcome.inserted,
    updated: record.updated + outcome.updated,
    skipped: record.skipped + outcome.skipped,
    rejected: record.rejected + outcome.rejected,
  };
}

const waitFor = (trx: Executor, lock: ReturnType<typeof lockOf>) =>
  sql`SELECT pg_advisory_xact_lock_shared(${lock})`.execute(trx);

/** Waits until no batch of the import is under way, and keeps others from beginning until the transaction ends. */
export async function waitForBatches(trx: Executor, importId: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${lockOf({ importId }, ALL_BATCHES)})`.execute(trx);
}

/**
 * Forgets what is staged of an import and not written, so that its file can be read again; answers the last row
 * that is written. What is written is complete: no batch was committed before the rows that it has read.
 */
export function forgetUnwritten(db: Database, importId: string): Promise<number> {
  return transaction(db, async (trx) => {
    await waitForBatches(trx, importId);
    const { rows } = await sql<{ written: number }>`
      UPDATE imports SET rows_read = 0 WHERE id = ${importId} RETURNING checkpoint AS written`.execute(trx);
    const written = rows[0]?.written ?? 0;
    await sql`DELETE FROM import_rows WHERE import_id = ${importId} AND row_no > ${written}`.execute(trx);
    return written;
  });
}

/** No row has this number. */
const ALL_BATCHES = 0;

/** Each batch of each import has a lock; that two share one by chance costs a wait. */
const lockOf = ({ importId }: Pick<Batch, 'importId'>, first: number) =>
  sql`hashtext(${importId}), ${first}::int`;
