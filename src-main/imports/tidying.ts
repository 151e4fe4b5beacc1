import type { Database } from '../database/database';
import type { Logger } from '../logging/logger';
import type { KeptFiles } from './kept-files';
import { findForgottenDrafts, forgetDraft } from './repository';

const DAYS_KEPT = 7;

/** Removes drafts that nobody started for a week, with the copies of their files. Never rejects. */
export async function removeForgottenDrafts(
  database: Database,
  kept: KeptFiles,
  logger: Logger,
): Promise<void> {
  try {
    const before = new Date(Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1_000);
    for (const importId of await findForgottenDrafts(database, before)) {
      if (await forgetDraft(database, importId)) await kept.discard(importId);
    }
  } catch (error) {
    logger.warn('Old drafts of imports could not be removed.', { reason: String(error) });
  }
}
