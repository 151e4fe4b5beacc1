import { setTimeout as delay } from 'node:timers/promises';
import { AppFailure, toAppError, type AppError } from '@shared/errors';
import type { ImportOptions } from '@shared/contract/imports';
import { stoppedRun } from '../engine/going-on';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import { type Database, type Executor, sqlState, transaction } from '../database/database';
import { findImport, type ImportRecord, lockImport, moveImport } from './repository';
import { type BatchEnd, writeBatch } from './rows/batches/repository';
import { lastStagedRow } from './rows/repository';
import { updatingOf } from './rows/updating/repository';
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

/** The job looks so often whether more of the file has been read. */
const CAUGHT_UP_MS = 20;
/** A file that nobody reads any more does not keep a worker. */
const UNREAD_MS = 10_000;

/** Batches under way at once on a server: it has a process for each. An embedded database does one after the other. */
const LANES = 2;

export interface ImportProcessorOptions {
  readonly maxBatchRows?: number;
  /** The database has one connection, which others want to have in between. Default false. */
  readonly isEmbedded?: boolean;
}

/**
 * The worker's side of an import: writes the staged rows into `contacts`, batch by batch. Each batch is one
 * transaction with its checkpoint and its totals, so that a worker that dies at any point is followed by
 * one that goes on where the last commit was: same rows, same totals.
 */
export function createImportProcessor(
  db: Database,
  { maxBatchRows = MAX_BATCH_ROWS, isEmbedded = false }: ImportProcessorOptions = {},
): Processor<'contact-import'> {
  // What one import has shown of the database holds for the next one.
  let batchRows = Math.min(maxBatchRows, 2 * MIN_BATCH_ROWS);
  const learn = (rows: number, tookMs: number): void => {
    if (rows < batchRows / 2) return;
    const fitting = Math.round((rows * BATCH_MS) / Math.max(1, tookMs));
    batchRows = Math.min(maxBatchRows, Math.max(MIN_BATCH_ROWS, Math.min(fitting, 4 * batchRows)));
  };
  const onWritten = (run: Run, { record, rows, tookMs }: Extract<BatchEnd, { type: 'written' }>): void => {
    learn(rows, tookMs);
    report(run, record);
  };
  return async (run) => {
    try {
      for (;;) {
        if (run.signal.aborted) return await stop(db, run);
        const begun = await begin(db, run);
        if (begun === 'caught-up') {
          const end = await waitForReader(db, run);
          if (end !== undefined) return end;
          continue;
        }
        if ('type' in begun) {
          run.log(describe(begun));
          return begun;
        }
        await writeRows(db, run, begun, { lanes: isEmbedded ? 1 : LANES, size: () => batchRows, onWritten });
      }
    } catch (thrown) {
      return await fail(db, run, thrown);
    }
  };
}

type Run = JobRun<'contact-import'>;

/** The rows that are left to be written. */
interface Rest {
  readonly checkpoint: number;
  readonly last: number;
}

/** A file that mixes new contacts with known ones is not tried as all new for ever. */
const MAX_WRONG_GUESSES = 3;

/** Guesses by the batches before whether all phones of the next one are new. */
class AllNewGuess {
  private lastWasAllNew = true;
  private wrong = 0;

  isAllNew(): boolean {
    return this.lastWasAllNew && this.wrong < MAX_WRONG_GUESSES;
  }

  learn({ known }: { readonly known: number }): void {
    if (known > 0 && this.lastWasAllNew) this.wrong += 1;
    this.lastWasAllNew = known === 0;
  }
}

/** What is left, or the outcome of the job where nothing is, or nothing may be done now. */
async function begin(
  db: Database,
  { data: { organizationId, importId } }: Run,
): Promise<Rest | RunOutcome | 'caught-up'> {
  return transaction(db, async (trx) => {
    const record = await lockImport(trx, organizationId, importId);
    if (record === undefined) return missing(importId);
    const end = refuse(record);
    if (end !== undefined) return end;
    const last = await lastStagedRow(trx, importId);
    if (record.checkpoint < last) return { checkpoint: record.checkpoint, last };
    return isStaged(record) ? complete(trx, record) : 'caught-up';
  });
}

/** Waits a moment for more rows of the file; the outcome of the job where none have come for long. */
async function waitForReader(db: Database, run: Run): Promise<RunOutcome | undefined> {
  const record = await findImport(db, run.data.organizationId, run.data.importId);
  const stoodStillMs = record === undefined ? 0 : Date.now() - record.updatedAt.getTime();
  if (stoodStillMs > UNREAD_MS)
    return { type: 'later', at: new Date(Date.now() + UNREAD_MS), why: 'The file is not being read now.' };
  await delay(CAUGHT_UP_MS);
  return undefined;
}

/** Writes the rest in batches until it is written, the run is aborted, or a batch finds that things have changed. */
async function writeRows(
  db: Database,
  run: Run,
  rest: Rest,
  batches: {
    readonly lanes: number;
    readonly size: () => number;
    readonly onWritten: (run: Run, end: Extract<BatchEnd, { type: 'written' }>) => void;
  },
): Promise<void> {
  const { organizationId, importId } = run.data;
  const underWay: Promise<BatchEnd>[] = [];
  const guess = new AllNewGuess();
  let after: number | null = null;
  let next = rest.checkpoint + 1;
  const startOne = async (): Promise<void> => {
    const range = { first: next, last: Math.min(rest.last, next + batches.size() - 1) };
    await new Promise<void>((begun) => {
      const target = (record: ImportRecord) => targetOf(record, guess.isAllNew());
      const end = writeBatch(db, { importId, organizationId, ...range, after }, target, begun);
      underWay.push(end);
      end.then(
        () => begun(),
        () => begun(),
      );
    });
    after = range.first;
    next = range.last + 1;
  };
  try {
    for (;;) {
      while (underWay.length < batches.lanes && next <= rest.last && !run.signal.aborted) await startOne();
      const end = await underWay.shift();
      if (end?.type !== 'written') return;
      guess.learn(end);
      batches.onWritten(run, end);
    }
  } finally {
    await Promise.allSettled(underWay);
  }
}

const targetOf = (record: ImportRecord, allNew: boolean) => ({
  allNew,
  onExisting: onExisting(record.options),
  updating: updatingOf(record),
  hasOptOuts: record.columns.some(({ target }) => target.field === 'optOut'),
});

/** Why there is nothing to do for this import now; nothing where there is. A failed one is gone on with. */
function refuse(record: ImportRecord): RunOutcome | undefined {
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
    case 'staging':
      return undefined;
    case 'draft':
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

function report(run: JobRun<'contact-import'>, record: ImportRecord): void {
  // How many rows there are is known once the file is read.
  if (!isStaged(record)) return;
  const done = record.inserted + record.updated + record.skipped + record.rejected;
  run.progress(record.read === 0 ? 100 : Math.floor((100 * done) / record.read));
}

/** Cancelled for good, or only this attempt: out of time and shutting down go on later where they were. */
async function stop(db: Database, run: JobRun<'contact-import'>): Promise<RunOutcome> {
  const { organizationId, importId } = run.data;
  if (run.signal.reason !== 'cancelled') {
    return stoppedRun(run.signal.reason);
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
    : {
        code: 'internal',
        message: `The database refused a batch (SQLSTATE ${state}). Rows written so far are kept.`,
        action: 'Resume the import once the cause is gone, or cancel it.',
      };
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
