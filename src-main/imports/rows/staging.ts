import { copyIn } from '../../database/copy-in';
import type { Pool } from '../../database/pool';
import { COPY_STAGED_ROWS } from './copy-buffer';

/** Rows as a CopyBuffer has gathered them. */
export interface CopyBatch {
  /** Rows of the sheet that had been read when the batch before was staged. */
  readonly readBefore: number;
  /** Rows of the sheet that have been read when these are staged. */
  readonly read: number;
  /** Rows that the sheet is thought to have; null where nothing says so. */
  readonly expected: number | null;
  readonly copy: Uint8Array;
}

/**
 * Adds a batch of staged rows and says how far reading has come, in one transaction; `false`, and nothing is
 * written, where the import is not being staged any more, or a lost server has lost the batch before.
 */
export async function copyStagedRows(pool: Pool, importId: string, batch: CopyBatch): Promise<boolean> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    // Not on the disk yet when it is committed: a lost server loses the import's last rows in their order, and
    // the end of staging, which waits for the disk, with them. The file is then read again.
    await client.query('BEGIN; SET LOCAL synchronous_commit TO off');
    await copyIn(client, COPY_STAGED_ROWS, batch.copy);
    // Last: the import is locked from here on, and a job that writes its rows waits.
    const { rowCount } = await client.query(
      `UPDATE imports SET rows_read = $3, rows_expected = $4
        WHERE id = $1 AND state = 'staging' AND rows_read = $2`,
      [importId, batch.readBefore, batch.read, batch.expected],
    );
    await client.query(rowCount === 0 ? 'ROLLBACK' : 'COMMIT');
    return rowCount !== 0;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // A connection that failed within a transaction is not given back: the server rolls back as it ends.
    client.release(failure);
  }
}
