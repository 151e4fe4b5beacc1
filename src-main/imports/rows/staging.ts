import { copyIn } from '../../database/copy-in';
import type { Pool } from '../../database/pool';
import { COPY_STAGED_ROWS } from './copy-text';

/** Rows as lines of copy-text.ts. */
export interface CopyBatch {
  /** Rows of the sheet that have been read when these are staged. */
  readonly read: number;
  readonly copy: Uint8Array;
}

/**
 * Adds a batch of staged rows and says how far reading has come, in one transaction; `false`, and nothing is
 * written, where the import is not being staged any more.
 */
export async function copyStagedRows(pool: Pool, importId: string, batch: CopyBatch): Promise<boolean> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    // Not on the disk yet when it is committed: a lost server loses the import's last rows in their order, and
    // the end of staging, which waits for the disk, with them. The file is then read again.
    await client.query('BEGIN; SET LOCAL synchronous_commit TO off');
    const { rowCount } = await client.query(
      `UPDATE imports SET rows_read = $2 WHERE id = $1 AND state = 'staging'`,
      [importId, batch.read],
    );
    if (rowCount === 0) {
      await client.query('ROLLBACK');
      return false;
    }
    await copyIn(client, COPY_STAGED_ROWS, batch.copy);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // A connection that failed within a transaction is not given back: the server rolls back as it ends.
    client.release(failure);
  }
}
