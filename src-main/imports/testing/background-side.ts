import { createClient } from '@shared/rpc/client';
import type { Actor } from '@shared/rpc/define';
import { createMemoryWire } from '@shared/rpc/memory-wire';
import { createRpcServer } from '@shared/rpc/server';
import { createTransport } from '@shared/rpc/transport';
import { backgroundContract } from '../../background/contract';
import { createDatabase } from '../../database/database';
import type { Pool } from '../../database/pool';
import type { ImportsDependencies } from '../dependencies';
import { WarmThreads } from '../reader/warm-threads';
import { createReviewHandlers } from '../review/handlers';
import { findCorrections } from '../review/repository';
import { createReviewSessions } from '../review/sessions';
import { createSpreadsheetHandlers } from '../spreadsheet-handlers';

export interface BackgroundSide extends Pick<ImportsDependencies, 'spreadsheets' | 'review'> {
  /** Lets go of the rows of all drafts, as when the background process has died. */
  readonly forgetReviews: () => Promise<void>;
}

/** What the background process does for imports, in this process: the same handlers and threads. */
export function openBackgroundSide(
  { pool, threadPath, reviewPath }: { pool: Pool; threadPath: string; reviewPath: string },
  actor: Actor,
  report: (path: string, thrown: unknown) => void,
): BackgroundSide {
  const database = createDatabase(pool);
  const reader = { threadPath, threads: new WarmThreads() };
  const sessions = createReviewSessions({
    reader,
    threadPath: reviewPath,
    corrections: (sheet) => findCorrections(database, sheet),
  });
  const contract = { spreadsheets: backgroundContract.spreadsheets, review: backgroundContract.review };
  const wire = createMemoryWire();
  createRpcServer(
    contract,
    {
      spreadsheets: createSpreadsheetHandlers({ pool, reader }),
      review: createReviewHandlers(database, sessions),
    },
    { report },
  ).serve(wire.server, actor);
  return {
    ...createClient(contract, createTransport(wire.client)),
    forgetReviews: () => sessions.closeAll(),
  };
}
