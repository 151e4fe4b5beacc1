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

/** An import as the console shows it. `rate` is in rows a second, measured by whoever watches it. */
export function summaryOf(record: ImportRecord, rate: number | null = null): ImportSummary {
  const staged = isStaged(record);
  const written = record.inserted + record.updated + record.skipped + record.rejected;
  const isMoving = record.state === 'staging' || record.state === 'running';
  return {
    id: record.id,
    fileName: record.fileName,
    sizeBytes: record.sizeBytes,
    // While mended rows are read for it, it is as an import that is being read.
    state: record.continuedBy === null ? STATES[record.state] : 'staging',
    totals: {
      read: staged && record.state !== 'draft' ? record.read : null,
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
    rowsPerSecond: isMoving ? rate : null,
    etaSeconds:
      record.state === 'running' && rate !== null && rate > 0
        ? Math.ceil(Math.max(0, record.read - written) / rate)
        : null,
  };
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

const WINDOW_MS = 5_000;

/** Rows a second over the last five seconds. */
export class RateMeter {
  private samples: { at: number; rows: number }[] = [];
  private phase: StoredState | undefined;

  /** The rate after another look at the import, at `at` in ms; nothing before the second look. */
  measure(record: ImportRecord, at: number): number | null {
    if (record.state !== this.phase) this.samples = [];
    this.phase = record.state;
    this.samples.push({ at, rows: progressOf(record) });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > WINDOW_MS) this.samples.shift();
    const first = this.samples[0];
    if (first === undefined || at <= first.at) return null;
    return ((progressOf(record) - first.rows) * 1_000) / (at - first.at);
  }
}
