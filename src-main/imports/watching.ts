import { setTimeout as delay } from 'node:timers/promises';
import type { ImportSummary } from '@shared/contract/imports';
import { fail, toAppError, type Result } from '@shared/errors';
import type { StreamSink } from '@shared/rpc/define';
import { isOver } from './summary';

/** While rows move; at most 10 a second, and never more than a tenth of the time goes into asking. */
const MOVING_MS = 150;
const WAITING_MS = 1_000;
const SHARE = 10;

/**
 * Pushes an import at once and at every change until it has ended or nobody listens. One that has failed may be
 * resumed. The database is asked only while somebody listens; while it is away the listener keeps what it has.
 */
export async function pushChanges(
  read: () => Promise<Result<ImportSummary>>,
  sink: StreamSink<ImportSummary>,
  signal: AbortSignal,
): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const askedAt = performance.now();
    const result = await tryToRead(read);
    const tookMs = performance.now() - askedAt;
    if (!result.ok && result.error.code !== 'database_unavailable') {
      sink.end(fail(result.error));
      return;
    }
    if (result.ok) {
      const text = JSON.stringify(result.value);
      if (text !== last) sink.next(result.value);
      last = text;
      if (hasEnded(result.value)) {
        sink.end();
        return;
      }
    }
    const isMoving =
      result.ok &&
      (result.value.state === 'staging' || result.value.state === 'running' || isBeingUndone(result.value));
    await rest(Math.max(isMoving ? MOVING_MS : WAITING_MS, tookMs * SHARE), signal);
  }
}

const hasEnded = (summary: ImportSummary): boolean =>
  isOver(summary.state) && summary.state !== 'failed' && !isBeingUndone(summary);

const isBeingUndone = ({ undo }: ImportSummary): boolean => undo !== null && undo.finishedAt === null;

async function tryToRead(read: () => Promise<Result<ImportSummary>>): Promise<Result<ImportSummary>> {
  try {
    return await read();
  } catch (thrown) {
    const error = toAppError(thrown);
    // An error that is none of ours comes from the database's driver.
    return fail(error.code === 'internal' ? { code: 'database_unavailable', message: error.message } : error);
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
