import { sql } from 'kysely';
import { commitWithoutWaiting, transaction, type Database, type Executor } from '../../../database/database';
import { addToTotals, findImport, type ImportRecord, lockImport, type StoredState } from '../../repository';
import { applyBatch, type BatchOutcome, type BatchTarget, type RowRange } from '../repository';

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
      readonly tookMs: number;
    }
  /** Nothing was written: the batch does not follow on the checkpoint, or the import is not to go on. */
  | { readonly type: 'stale' };

const GOES_ON: readonly StoredState[] = ['ready', 'running', 'failed'];

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
      const before = await findImport(trx, organizationId, importId);
      // Another worker has been here, or somebody has stopped it.
      if (before === undefined || !GOES_ON.includes(before.state) || before.checkpoint >= first) return STALE;
      const outcome = await applyBatch(trx, { ...target(before), importId, organizationId, first, last });
      const tookMs = performance.now() - startedAt;
      const record = await commitInOrder(trx, batch, outcome);
      return { type: 'written', record, rows: outcome.rows, tookMs };
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
  if (record === undefined || !GOES_ON.includes(record.state) || record.checkpoint !== batch.first - 1)
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

/** Each batch of each import has a lock; that two share one by chance costs a wait. */
const lockOf = ({ importId }: Batch, first: number) => sql`hashtext(${importId}), ${first}::int`;
