import { AppFailure, toAppError, type AppError } from '@shared/errors';
import type { ImportOptions } from '@shared/contract/imports';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import {
  commitWithoutWaiting,
  type Database,
  type Executor,
  sqlState,
  transaction,
} from '../database/database';
import { addToTotals, findImport, type ImportRecord, lockImport, moveImport } from './repository';
import { applyBatch } from './rows/repository';
import { updatingOf } from './rows/update-sql';
import { isStaged } from './summary';

/**
 * Rows a transaction: the guide's 100 cost a hundred times as many commits and are no safer. Within these
 * bounds a batch takes about `BATCH_MS`, so that a slow database shows progress and an embedded one, which
 * answers nobody else meanwhile, is soon free again.
 */
const MIN_BATCH_ROWS = 1_000;
const MAX_BATCH_ROWS = 10_000;
const BATCH_MS = 250;
/** A paused import's job looks again so often; resuming wakes it at once. */
const PAUSED_FOR_MS = 60_000;

type Step =
  | { readonly type: 'batch'; readonly rows: number; readonly record: ImportRecord }
  | { readonly type: 'end'; readonly outcome: RunOutcome };

/**
 * The worker's side of an import: writes the staged rows into `contacts`, batch by batch. Each batch is one
 * transaction with its checkpoint and its totals, so that a worker that dies at any point is followed by
 * one that goes on where the last commit was: same rows, same totals.
 */
export function createImportProcessor(
  db: Database,
  { maxBatchRows = MAX_BATCH_ROWS }: { readonly maxBatchRows?: number } = {},
): Processor<'contact-import'> {
  // What one import has shown of the database holds for the next one.
  let batchRows = Math.min(maxBatchRows, 2 * MIN_BATCH_ROWS);
  const learn = (rows: number, tookMs: number): void => {
    if (rows < batchRows) return;
    const fitting = Math.round((rows * BATCH_MS) / Math.max(1, tookMs));
    batchRows = Math.min(maxBatchRows, Math.max(MIN_BATCH_ROWS, Math.min(fitting, 4 * batchRows)));
  };
  return async (run) => {
    try {
      for (;;) {
        if (run.signal.aborted) return await stop(db, run);
        const startedAt = performance.now();
        const step = await nextBatch(db, run, batchRows);
        if (step.type === 'end') {
          run.log(describe(step.outcome));
          return step.outcome;
        }
        learn(step.rows, performance.now() - startedAt);
        report(run, step.record);
      }
    } catch (thrown) {
      return await fail(db, run, thrown);
    }
  };
}

function nextBatch(db: Database, run: JobRun<'contact-import'>, limit: number): Promise<Step> {
  const { organizationId, importId } = run.data;
  return transaction(db, async (trx) => {
    const record = await lockImport(trx, organizationId, importId);
    const end = refuse(record, importId);
    if (record === undefined || end !== undefined) return { type: 'end', outcome: end ?? missing(importId) };
    const batch = await applyBatch(trx, {
      importId,
      organizationId,
      checkpoint: record.checkpoint,
      limit,
      onExisting: onExisting(record.options),
      updating: updatingOf(record),
      hasOptOuts: record.columns.some(({ target }) => target.field === 'optOut'),
    });
    if (batch.rows === 0) return { type: 'end', outcome: await complete(trx, record) };
    await addToTotals(trx, importId, batch);
    // Nobody is told that these rows are safe: what a lost server had not flushed yet is missing with its
    // checkpoint and written again. The end of the import waits for all of it.
    await commitWithoutWaiting(trx);
    return { type: 'batch', rows: batch.rows, record: addBatch(record, batch) };
  });
}

/** Why there is nothing to do for this import now; nothing where there is. A failed one is gone on with. */
function refuse(record: ImportRecord | undefined, importId: string): RunOutcome | undefined {
  if (record === undefined) return missing(importId);
  switch (record.state) {
    case 'ready':
    case 'running':
      return undefined;
    case 'failed':
      return isStaged(record) ? undefined : NOT_STAGED;
    case 'paused':
      return { type: 'later', at: new Date(Date.now() + PAUSED_FOR_MS), why: 'The import is paused.' };
    case 'cancelled':
      return { type: 'cancelled', result: totalsOf(record) };
    case 'completed':
      return done(record);
    case 'draft':
    case 'staging':
      return NOT_STAGED;
  }
}

const NOT_STAGED: RunOutcome = {
  type: 'failed',
  retry: true,
  error: { code: 'conflict', message: 'The rows of this import are not staged yet.' },
};

/** `updateExisting` wins over `skipDuplicates`; with neither, a known phone is an error of the row. */
export function onExisting(options: ImportOptions): 'update' | 'skip' | 'reject' {
  if (options.updateExisting) return 'update';
  return options.skipDuplicates ? 'skip' : 'reject';
}

async function complete(trx: Executor, record: ImportRecord): Promise<RunOutcome> {
  await moveImport(trx, record.id, ['ready', 'running', 'failed'], 'completed', {
    started: true,
    finished: true,
    error: null,
  });
  return done(record);
}

/** The guide's statuses: rejected rows make a partial success; where they are all rows, a partial failure. */
function done(record: ImportRecord): RunOutcome {
  const result = totalsOf(record);
  if (record.rejected === 0) return { type: 'done', status: 'completed', result };
  const status = record.rejected === record.read ? 'partial_failure' : 'partial_success';
  const message = `${record.rejected} of ${record.read} rows were rejected; the import lists them with their reasons.`;
  return { type: 'done', status, result, errorDetails: { message, rejected: record.rejected } };
}

const totalsOf = ({ id, read, inserted, updated, skipped, rejected }: ImportRecord): object => ({
  importId: id,
  read,
  inserted,
  updated,
  skipped,
  rejected,
});

const addBatch = (record: ImportRecord, batch: Awaited<ReturnType<typeof applyBatch>>): ImportRecord => ({
  ...record,
  inserted: record.inserted + batch.inserted,
  updated: record.updated + batch.updated,
  skipped: record.skipped + batch.skipped,
  rejected: record.rejected + batch.rejected,
});

function report(run: JobRun<'contact-import'>, record: ImportRecord): void {
  const done = record.inserted + record.updated + record.skipped + record.rejected;
  run.progress(record.read === 0 ? 100 : Math.floor((100 * done) / record.read));
}

/** Cancelled for good, or only this attempt: out of time and shutting down go on later where they were. */
async function stop(db: Database, run: JobRun<'contact-import'>): Promise<RunOutcome> {
  const { organizationId, importId } = run.data;
  if (run.signal.reason !== 'cancelled') {
    return { type: 'later', at: new Date(), why: `Interrupted (${String(run.signal.reason)}); it goes on.` };
  }
  await moveImport(db, importId, ['ready', 'running', 'paused', 'failed'], 'cancelled', { finished: true });
  const record = await findImport(db, organizationId, importId);
  return record === undefined ? { type: 'cancelled' } : { type: 'cancelled', result: totalsOf(record) };
}

async function fail(db: Database, run: JobRun<'contact-import'>, thrown: unknown): Promise<RunOutcome> {
  const error = explain(thrown);
  const isLast = run.attempt >= run.attempts;
  run.log(`Attempt ${run.attempt} stopped: ${error.message}`);
  if (isLast) {
    try {
      await moveImport(db, run.data.importId, ['ready', 'running'], 'failed', { error, finished: true });
    } catch {
      // The database is what failed: the console finds the import without a job and says so.
      run.log('The import could not be marked as failed.');
    }
  }
  return { type: 'failed', error, retry: true };
}

function explain(thrown: unknown): AppError {
  if (thrown instanceof AppFailure) return thrown.error;
  const state = sqlState(thrown);
  if (state === undefined) return toAppError(thrown, 'The import stopped on an unexpected error.');
  const isConnection = !/^[0-9A-Z]{5}$/.test(state) || state.startsWith('08') || state.startsWith('57P');
  return isConnection
    ? {
        code: 'database_unavailable',
        message: 'The database cannot be reached. Rows written so far are kept.',
        action: 'The import goes on by itself when the database is back; otherwise resume it.',
      }
    : { code: 'internal', message: `The database refused a batch (SQLSTATE ${state}).` };
}

const missing = (importId: string): RunOutcome => ({
  type: 'failed',
  retry: false,
  error: {
    code: 'not_found',
    what: 'import',
    id: importId,
    message: 'This import is not in the database any more.',
  },
});

const describe = (outcome: RunOutcome): string =>
  outcome.type === 'done' ? `${outcome.status} ${JSON.stringify(outcome.result)}` : outcome.type;
