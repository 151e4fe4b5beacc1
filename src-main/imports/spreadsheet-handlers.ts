import { AppFailure } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { BackgroundContract } from '../background/contract';
import { createDatabase, type Database } from '../database/database';
import type { Pool } from '../database/pool';
import { copyListEntries } from '../campaigns/audience/lists/copying';
import type { ThreadMessage } from './reader/protocol';
import { type ReaderOptions, runReader } from './reader/reader-thread';
import { findSpool } from './reader/spool-task';
import { rowsLost } from './rows/rows-lost';
import { copyStagedRows } from './rows/staging';
import { asResult } from './as-result';
import { findImport } from './repository';
import { findCorrections } from './review/repository';
import { forgetUnwritten } from './rows/batches/repository';

export interface SpreadsheetDependencies {
  readonly pool: Pool;
  readonly reader: ReaderOptions;
}

/** The background side of imports: reads files in threads, and alone writes staged rows. */
export function createSpreadsheetHandlers({
  pool,
  reader,
}: SpreadsheetDependencies): DomainHandlers<BackgroundContract['spreadsheets']> {
  const db = createDatabase(pool);
  return {
    inspect: (ref, { signal }) =>
      asResult(async () => {
        const outcome = await runReader({ kind: 'inspect', ref }, reader, signal, unexpectedBatch);
        return outcome.type === 'inspected' ? outcome.inspection : unexpected(outcome);
      }),

    list: (plan, { signal }) =>
      asResult(async () => {
        let previous: Promise<void> = Promise.resolve();
        const outcome = await runReader({ kind: 'list', plan }, reader, signal, ({ batch }) => {
          previous = previous.then(() => copyListEntries(pool, batch.copy));
          return previous;
        });
        return outcome.type === 'listed' ? { entries: outcome.entries } : unexpected(outcome);
      }),

    stage: (plan, { signal }) =>
      asResult(async () => {
        const writtenUpTo = await forgetUnwritten(db, plan.importId);
        let readBefore = 0;
        let previous: Promise<void> = Promise.resolve();
        const corrections = await findCorrections(db, plan);
        const spool = await findSpool(plan.path, plan.sheet);
        const task = {
          kind: 'stage' as const,
          plan: { ...plan, corrections, writtenUpTo, ...(spool === undefined ? {} : { spool }) },
        };
        const outcome = await runReader(task, reader, signal, ({ batch }) => {
          // One after the other: progress never runs backwards, and PGlite has one connection anyway.
          previous = previous.then(async () => {
            if (!(await copyStagedRows(pool, plan.importId, { ...batch, readBefore })))
              throw await whyNotStaged(db, plan);
            readBefore = batch.read;
          });
          return previous;
        });
        return outcome.type === 'read' ? outcome.totals : unexpected(outcome);
      }),
  };
}

/** Somebody paused, cancelled or removed the import meanwhile: what is staged is replaced or goes with it. */
const stopped = (): AppFailure =>
  new AppFailure({ code: 'cancelled', message: 'The import is not being read any more.' });

const whyNotStaged = async (
  db: Database,
  { organizationId, importId }: { readonly organizationId: string; readonly importId: string },
): Promise<AppFailure> => {
  const record = await findImport(db, organizationId, importId);
  return record?.state === 'staging' ? new AppFailure(rowsLost) : stopped();
};

const unexpected = (message: ThreadMessage): never => {
  throw new Error(`The spreadsheet reader sent an unexpected ${message.type}.`);
};

const unexpectedBatch = (message: ThreadMessage): Promise<void> => unexpected(message);
