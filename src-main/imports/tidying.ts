import type { Database } from '../database/database';
import type { Logger } from '../logging/logger';
import type { KeptFiles } from './kept-files';
import { findFilesInUse, findForgottenDrafts, forgetDraft } from './repository';

const DAYS_KEPT = 7;

/** Removes drafts that nobody started for a week, and copies of files that nobody reads again. Never rejects. */
export async function tidyUp(database: Database, kept: KeptFiles, logger: Logger): Promise<void> {
  try {
    const before = new Date(Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1_000);
    for (const importId of await findForgottenDrafts(database, before)) {
      if (await forgetDraft(database, importId)) await kept.discard(importId);
    }
    await removeUnusedCopies(database, kept, before);
  } catch (error) {
    logger.warn('Old drafts of imports could not be removed.', { reason: String(error) });
  }
}

/**
 * A console that dies between the last row that it reads of a file and the removal of its copy leaves the copy behind.
 * One whose import is not there may be about to be opened, or belong to another database: it has a week.
 */
async function removeUnusedCopies(database: Database, kept: KeptFiles, before: Date): Promise<void> {
  const copies = await kept.list();
  if (copies.length === 0) return;
  const inUse = await findFilesInUse(
    database,
    copies.map(({ importId }) => importId),
  );
  for (const { importId, changedAt } of copies) {
    const isWanted = inUse.get(importId) ?? changedAt >= before;
    if (!isWanted) await kept.discard(importId);
  }
}
