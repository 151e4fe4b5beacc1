import { copyIn } from '../../../database/copy-in';
import type { Pool } from '../../../database/pool';
import { COPY_LIST_ENTRIES } from './copy-text';

/** Adds entries to a list: lines of copy-text.ts. */
export async function copyListEntries(pool: Pool, lines: Uint8Array): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await copyIn(client, COPY_LIST_ENTRIES, lines);
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    throw failure;
  } finally {
    // A connection that failed within a COPY is not given back.
    client.release(failure);
  }
}
