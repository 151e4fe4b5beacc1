import type { ImportId } from '@shared/domain/ids';
import { transaction, type Database } from '../../database/database';
import type { Logger } from '../../logging/logger';
import { addToUndo, finishUndo, type ImportRecord, lockImport, undosUnderWay } from '../repository';
import { undoBatch } from './repository';
import { roundsOf } from './rounds/repository';

/** Row numbers a transaction: short enough that nobody who writes these contacts waits noticeably. */
const BATCH_ROWS = 5_000;
/** One that a lost database has stopped goes on after so long. */
const LOOK_AFTER_MS = 10_000;

export interface Undos {
  /** Takes an import back, batch by batch, after it was marked; answers at once. */
  run(record: ImportRecord): void;
  /** Goes on with what an earlier run of the console left unfinished, and looks after all from then on. */
  start(): Promise<void>;
  /** Ends after the batch under way; the next start goes on. */
  stop(): Promise<void>;
}

/** Takes imports back. Each batch is one transaction with its checkpoint: killed anywhere, it goes on after it. */
export function createUndos(database: Database, logger: Logger): Undos {
  const running = new Map<ImportId, Promise<void>>();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;

  const undo = async (record: ImportRecord): Promise<void> => {
    for (let more = true; more && !stopped;) more = await undoNext(database, record);
  };

  const run = (record: ImportRecord): void => {
    if (running.has(record.id)) return;
    const ended = undo(record)
      .catch((thrown: unknown) => {
        logger.error('An import could not be taken back now; it is tried again.', {
          importId: record.id,
          reason: String(thrown),
        });
      })
      .finally(() => running.delete(record.id));
    running.set(record.id, ended);
  };

  /** The database may be away, also at the start: it is looked again after a while. */
  const takeUp = async (): Promise<void> => {
    try {
      for (const record of await undosUnderWay(database)) if (!stopped) run(record);
    } catch (thrown) {
      logger.debug('Imports that are being taken back could not be looked after now.', {
        reason: String(thrown),
      });
    }
  };

  return {
    run,
    async start() {
      await takeUp();
      timer = setInterval(() => void takeUp(), LOOK_AFTER_MS).unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.all(running.values());
    },
  };
}

/** Answers whether rows are left. */
const undoNext = (database: Database, { id, organizationId }: ImportRecord): Promise<boolean> =>
  transaction(database, async (trx) => {
    const record = await lockImport(trx, organizationId, id);
    if (record?.undo == null || record.undo.finishedAt !== null) return false;
    const batch = await undoBatch(trx, {
      importId: id,
      organizationId,
      checkpoint: record.undo.checkpoint,
      written: record.checkpoint,
      limit: BATCH_ROWS,
      rounds: await roundsOf(trx, record),
    });
    if (batch.lastRow === null) {
      await finishUndo(trx, id);
      return false;
    }
    await addToUndo(trx, id, { ...batch, lastRow: batch.lastRow });
    return true;
  });
