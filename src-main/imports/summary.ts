import type { ImportState, ImportSummary } from '@shared/contract/imports';
import type { ImportRecord, StoredState } from './repository';

const STATES: Readonly<Record<StoredState, ImportState>> = {
  draft: 'draft',
  staging: 'staging',
  ready: 'queued',
  running: 'running',
  paused: 'paused',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
};

/** Nothing happens to an import in one of these states unless somebody does something. */
export const isOver = (state: ImportState): boolean =>
  state === 'completed' || state === 'cancelled' || state === 'failed';

/** All rows of the file are staged. */
export const isStaged = (record: ImportRecord): boolean => record.stagedAt !== null;

/** Its rows are being read, or written. */
export const isMoving = ({ state }: ImportRecord): boolean => state === 'staging' || state === 'running';

/** An import as the console shows it. `rate` is in rows a second, measured while it moves by whoever watches it. */
export function summaryOf(record: ImportRecord, rate: number | null = null): ImportSummary {
  const staged = isStaged(record);
  const written = record.inserted + record.updated + record.skipped + record.rejected;
  return {
    id: record.id,
    fileName: record.fileName,
    sizeBytes: record.sizeBytes,
    // While mended rows are read for it, it is as an import that is being read.
    state: record.continuedBy === null ? STATES[record.state] : 'staging',
    totals: {
      read: staged && record.state !== 'draft' ? record.read : null,
      expected: expectedOf(record),
      staged: record.continuedBy?.read ?? record.read,
      inserted: record.inserted,
      updated: record.updated,
      skipped: record.skipped,
      rejected: record.rejected,
      excluded: record.excluded,
    },
    options: record.options,
    jobId: record.jobId,
    problem: problemOf(record),
    createdBy: record.createdBy,
    createdAt: record.createdAt.toISOString(),
    startedAt: record.startedAt?.toISOString() ?? null,
    finishedAt: record.finishedAt?.toISOString() ?? null,
    undo: undoOf(record),
    continued:
      record.continuedAt === null ? null : { rounds: record.rounds, at: record.continuedAt.toISOString() },
    continuing: record.continuedBy !== null,
    rowsPerSecond: rate,
    etaSeconds:
      record.state === 'running' && rate !== null && rate > 0
        ? Math.ceil(Math.max(0, record.read - written) / rate)
        : null,
  };
}

function expectedOf(record: ImportRecord): number | null {
  if (record.continuedBy !== null) return record.continuedBy.expected;
  return isStaged(record) ? record.read : record.expected;
}

function undoOf({ undo }: ImportRecord): ImportSummary['undo'] {
  if (undo === null) return null;
  const { startedAt, finishedAt, removed, restored, kept } = undo;
  return {
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    removed,
    restored,
    kept,
  };
}

function problemOf({ error, state }: ImportRecord): string | null {
  if (error === null || state === 'completed') return null;
  return error.action === undefined ? error.message : `${error.message} ${error.action}`;
}

/** Rows that an import has dealt with: read while it is staged, written after that. */
export const progressOf = (record: ImportRecord): number =>
  record.state === 'staging'
    ? record.read
    : record.inserted + record.updated + record.skipped + record.rejected;
