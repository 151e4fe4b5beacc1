import { setTimeout as delay } from 'node:timers/promises';
import { OrganizationId, type ImportId } from '@shared/domain/ids';
import { toAppError, type AppError } from '@shared/errors';
import type { RowNumbering } from '../background/contract';
import { transaction } from '../database/database';
import { databaseUnavailable, isDatabaseOutage } from '../database/outage';
import { finishContinuing, numberingFor } from './continuing/continuing';
import type { ImportsDependencies } from './dependencies';
import type { ImportJobs, JobFate } from './import-jobs';
import type { KeptFiles } from './kept-files';
import { findImport, type ImportRecord, moveImport, unfinishedImports } from './repository';
import { waitForBatches } from './rows/batches/repository';
import { countRows } from './rows/repository';
import { rowsLost } from './rows/rows-lost';

/** A smaller file is read before a worker has taken its job. */
const OVERLAP_FROM_BYTES = 256 * 1024;
const RECONCILE_MS = 10_000;
/** A queued or running import whose row has not moved for so long is looked after. */
const STILL_MS = 15_000;
/**
 * The background process comes back by itself; staging then begins anew. On a slow machine it is not back yet at
 * the next attempt, and may die again: each attempt waits longer, half a minute in all.
 */
const STAGING_ATTEMPTS = 6;
const STAGING_RETRY_MS = 2_000;

export interface Runs {
  /** Reads the file into the database and queues the job; answers at once. The import is in `staging`. */
  stage(record: ImportRecord): void;
  /** Stops reading the file, if it is being read. */
  stopStaging(importId: ImportId): Promise<void>;
  /** Queues the job of an import whose rows are all staged. Where the engine is away, it is tried again. */
  enqueue(record: ImportRecord): Promise<void>;
  /** Takes up what an earlier run of the console left behind, and looks after running imports from then on. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface Staging {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Everything that moves started imports along on this side: staging, queueing, recovery. */
export function createRuns(deps: ImportsDependencies, kept: KeptFiles, jobs: ImportJobs): Runs {
  const { database, spreadsheets, review, logger } = deps;
  const stagings = new Map<ImportId, Staging>();
  let timer: NodeJS.Timeout | undefined;
  let reconciling: Promise<void> | undefined;

  const enqueue = async (record: ImportRecord): Promise<void> => {
    try {
      await jobs.ensure(record);
      if (record.error !== null) await moveImport(database, record.id, ['ready'], 'ready', { error: null });
    } catch (thrown) {
      const { message } = toAppError(thrown, 'The job of the import could not be queued.');
      const error: AppError = { code: 'engine_unavailable', message, action: 'It is tried again by itself.' };
      await moveImport(database, record.id, ['ready'], 'ready', { error });
      logger.warn('The job of an import could not be queued.', { importId: record.id, reason: message });
    }
  };

  /** What is staged is written while the rest is read. Where the engine is away, the job comes at the end. */
  const enqueueEarly = async (record: ImportRecord): Promise<void> => {
    try {
      await jobs.ensure(record);
    } catch (thrown) {
      logger.debug('The job of an import could not be queued while its file is read.', {
        ...{ importId: record.id, reason: String(thrown) },
      });
    }
  };

  const finishStaging = async (
    record: ImportRecord,
    { read, excluded }: { readonly read: number; readonly excluded: number },
  ): Promise<'ended' | 'incomplete'> => {
    // In one transaction: no server is lost between the two without losing both.
    const moved = await transaction(database, async (trx) => {
      await waitForBatches(trx, record.id);
      const counts = await countRows(trx, record.id);
      if (counts.rows !== read) return undefined;
      return moveImport(trx, record.id, ['staging'], 'ready', {
        read,
        skipped: counts.skipped,
        rejected: counts.rejected,
        excluded,
        staged: true,
        error: null,
      });
    });
    if (moved === undefined) return 'incomplete';
    // Paused or cancelled meanwhile: a paused one is staged again when it is resumed.
    if (!moved) return 'ended';
    const ready = await findImport(database, record.organizationId, record.id);
    if (ready !== undefined) await enqueue(ready);
    await kept.discard(record.id);
    return 'ended';
  };

  const roundOf = async (
    record: ImportRecord,
    continues: ImportId,
  ): Promise<{ rounds: number; numbering: RowNumbering }> => {
    const target = await findImport(database, record.organizationId, continues);
    const headers = record.columns.map(({ header }) => header);
    return {
      rounds: target?.rounds ?? 0,
      numbering: await numberingFor(database, continues, headers),
    };
  };

  /** The rows go into another import, whose job takes them from there. */
  const finishRound = async (
    record: ImportRecord,
    round: { readonly rounds: number; readonly read: number },
  ): Promise<'ended' | 'incomplete' | 'overtaken'> => {
    const merged = await finishContinuing(database, record, round);
    if (!merged.ok) {
      const { error } = merged;
      await moveImport(database, record.id, ['staging'], 'failed', { error, finished: true });
      return 'ended';
    }
    if (typeof merged.value === 'string') return merged.value;
    await enqueue(merged.value);
    await kept.discard(record.id);
    return 'ended';
  };

  /** Reads the file once, to its end or until something is in the way. @throws what nobody expected */
  const readOnce = async (
    record: ImportRecord,
    signal: AbortSignal,
  ): Promise<'ended' | 'overtaken' | AppError> => {
    try {
      await review.close({ importId: record.id });
      const round = record.continues === null ? undefined : await roundOf(record, record.continues);
      if (round === undefined && record.sizeBytes >= OVERLAP_FROM_BYTES) await enqueueEarly(record);
      const result = await spreadsheets.stage(
        {
          importId: record.id,
          organizationId: OrganizationId.parse(record.organizationId),
          path: kept.pathOf(record.id),
          sheet: record.sheet ?? '',
          headerRow: record.headerRow ?? 0,
          mapping: record.columns.map(({ target }) => target),
          options: record.options,
          ...(round === undefined ? {} : { numbering: round.numbering }),
        },
        { signal },
      );
      if (!result.ok) return result.error;
      const ended =
        round === undefined
          ? await finishStaging(record, result.value)
          : await finishRound(record, { rounds: round.rounds, read: result.value.read });
      return ended === 'incomplete' ? rowsLost : ended;
    } catch (thrown) {
      // The embedded database dies with the background process, in the middle of whatever was asked of it.
      if (isDatabaseOutage(thrown)) return databaseUnavailable;
      throw thrown;
    }
  };

  const attemptStaging = async (
    record: ImportRecord,
    signal: AbortSignal,
    attempt: number,
  ): Promise<void> => {
    if (isStopped(signal)) return;
    const error = await readOnce(record, signal);
    if (error === 'ended') return;
    // Another file was put into the same import meanwhile: the rows get other numbers.
    if (error === 'overtaken') return attemptStaging(record, signal, attempt);
    // Paused or cancelled meanwhile.
    if (isStopped(signal) || error.code === 'cancelled') return;
    const isAway =
      error.code === 'background_unavailable' ||
      error.code === 'connection_lost' ||
      error.code === 'database_unavailable';
    if (isAway && attempt < STAGING_ATTEMPTS) {
      logger.warn('A file could not be read into the database to its end; it is read again.', {
        ...{ importId: record.id, reason: error.message },
      });
      await waitUnlessStopped(attempt * STAGING_RETRY_MS, signal);
      return attemptStaging(record, signal, attempt + 1);
    }
    await moveImport(database, record.id, ['staging'], 'failed', { error, finished: true });
  };

  const stage = (record: ImportRecord): void => {
    if (stagings.has(record.id)) return;
    const controller = new AbortController();
    const ended = attemptStaging(record, controller.signal, 1)
      .catch(async (thrown: unknown) => {
        const error = toAppError(
          thrown,
          'Reading the file into the database stopped on an unexpected error.',
        );
        logger.error('Staging an import failed.', { importId: record.id, reason: String(thrown) });
        await moveImport(database, record.id, ['staging'], 'failed', { error, finished: true });
      })
      .catch((thrown: unknown) => {
        // The database is away: the import stays in `staging` and is taken up by the next reconciliation.
        logger.error('A failed import could not be marked.', { importId: record.id, reason: String(thrown) });
      })
      .finally(() => stagings.delete(record.id));
    stagings.set(record.id, { controller, ended });
  };

  /** A console that died may have left an import without a job; later on, somebody has removed it. */
  const reconcileReady = async (record: ImportRecord, isStart: boolean): Promise<void> => {
    const fate = await jobs.fate(record);
    if (fate.type === 'alive') return;
    const wasNeverQueued = isStart || record.error !== null;
    if (wasNeverQueued) return enqueue(record);
    if (isStill(record)) await failWithoutJob(record, fate);
  };

  const failWithoutJob = async (record: ImportRecord, fate: JobFate): Promise<void> => {
    const error: AppError = {
      code: 'conflict',
      message: fate.type === 'ended' ? `Its job ended: ${fate.why}` : 'Its job was removed from the queue.',
      action: 'Resume the import: it goes on after the last row that was written.',
    };
    await moveImport(database, record.id, ['ready', 'running'], 'failed', { error, finished: true });
  };

  const reconcileOne = async (record: ImportRecord, isStart: boolean): Promise<void> => {
    if (stagings.has(record.id)) return;
    switch (record.state) {
      case 'staging':
        if (record.source === 'api') {
          // They are taken in by whoever was sent them, batch by batch; only one that stands still has died.
          if (isStill(record)) await moveImport(database, record.id, ['staging'], 'failed', lost);
          return;
        }
        // Without our copy of the file it is another console's import.
        if (await kept.has(record.id)) stage(record);
        return;
      case 'ready':
        return reconcileReady(record, isStart);
      case 'running': {
        if (!isStill(record)) return;
        const fate = await jobs.fate(record);
        if (fate.type !== 'alive') await failWithoutJob(record, fate);
        return;
      }
      default:
        return;
    }
  };

  /** What an earlier run left is not taken up before one look at all of it has succeeded. */
  let isStart = true;
  const reconcile = async (): Promise<void> => {
    try {
      for (const record of await unfinishedImports(database)) await reconcileOne(record, isStart);
      isStart = false;
    } catch (thrown) {
      logger.debug('Imports could not be looked after now.', { reason: String(thrown) });
    }
  };

  return {
    stage,
    enqueue,
    async stopStaging(importId) {
      const staging = stagings.get(importId);
      staging?.controller.abort();
      await staging?.ended;
    },
    async start() {
      await reconcile();
      timer = setInterval(() => {
        reconciling ??= reconcile().finally(() => (reconciling = undefined));
      }, RECONCILE_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      await reconciling;
      const open = [...stagings.values()];
      for (const { controller } of open) controller.abort();
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}

const isStill = (record: ImportRecord): boolean => Date.now() - record.updatedAt.getTime() >= STILL_MS;

/** Whoever pauses or cancels an import waits for its reading to end, and not for its next attempt. */
async function waitUnlessStopped(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!isStopped(signal)) throw error;
  }
}

/** Asked anew each time: a signal may abort during any wait. */
const isStopped = (signal: AbortSignal): boolean => signal.aborted;

const lost = {
  finished: true,
  error: {
    code: 'conflict',
    message: 'The console ended while the contacts were being taken in.',
    action: 'Send them again.',
  },
} as const;
