import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { AppFailure } from '@shared/errors';
import { sqlState, type Database, type Executor } from './database';

const QUERY_CANCELLED = '57014';
/** The server stops the statement that runs: between two of them it has nothing to stop, and is told again. */
const AGAIN_MS = 50;

/**
 * Runs statements on one session of a server and has the server stop the one that runs when the signal aborts.
 * Only for a server: PGlite computes on one thread and hears nothing meanwhile.
 * @throws AppFailure `cancelled` where it was stopped.
 */
export async function cancellable<T>(
  db: Database,
  signal: AbortSignal,
  work: (session: Executor) => Promise<T>,
): Promise<T> {
  assertWanted(signal);
  return db.connection().execute(async (session) => {
    const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(session);
    assertWanted(signal);
    const pid = rows[0]?.pid ?? 0;
    let isWorking = true;
    let stopping: Promise<unknown> = Promise.resolve();
    const stop = async (): Promise<void> => {
      while (isWorking) {
        await sql`SELECT pg_cancel_backend(${pid}::int)`.execute(db);
        await delay(AGAIN_MS);
      }
    };
    const onAbort = (): void => {
      stopping = stop();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await work(session);
    } catch (error) {
      throw signal.aborted && sqlState(error) === QUERY_CANCELLED ? cancelled() : error;
    } finally {
      isWorking = false;
      signal.removeEventListener('abort', onAbort);
      // Before the session goes back: the next one to use it is not to be stopped.
      await stopping;
    }
  });
}

function assertWanted(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled();
}

const cancelled = (): AppFailure =>
  new AppFailure({ code: 'cancelled', message: 'The answer was not waited for any more.' });
