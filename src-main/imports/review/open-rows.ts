import { AppFailure } from '@shared/errors';
import { SpooledRows } from '../reader/spooled-rows';
import type { ReviewTask } from './contract';

/** The rows of a spool that may be written still, and have its own name only when it is whole. */
export async function openRows({
  spool,
  headerRow,
  written,
}: Pick<ReviewTask, 'spool' | 'headerRow' | 'written'>): Promise<SpooledRows> {
  if (written === undefined) return SpooledRows.open(spool, headerRow);
  const openAt = (path: string): Promise<SpooledRows | undefined> =>
    SpooledRows.open(path, headerRow, written.bytes).catch(nothingThere);
  const rows = (await openAt(written.path)) ?? (await openAt(spool));
  // It could not be written to its end; whoever waits for the whole is told why.
  if (rows === undefined)
    throw new AppFailure({ code: 'cancelled', message: 'The rows are not there any more.' });
  return rows;
}

function nothingThere(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
  throw error;
}
