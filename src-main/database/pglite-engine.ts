import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { AppFailure } from '@shared/errors';
import type { HostEvent } from './pglite-events';
import { type DatabaseFolder, createWhole, exists, restoreNewest, unpackSeed } from './pglite-folder';
import { leaveFilesOnDisk } from './pglite-files';
import { SEARCH_PATH } from './pool';

const START_PARAMETERS = [
  ...PGlite.defaultStartParams,
  '-c',
  'shared_buffers=8MB',
  '-c',
  `search_path=${SEARCH_PATH}`,
  // Compiling a plan pays off for long queries only, and there is no LLVM in WebAssembly.
  '-c',
  'jit=off',
  '-c',
  'max_wal_size=128MB',
  '-c',
  'min_wal_size=32MB',
  // PGlite is one backend without replication: each slot for another one, and its locks, is memory that
  // PostgreSQL fills at the start. Fewer slots make a smaller lock table: twice the locks for each.
  '-c',
  'max_connections=4',
  '-c',
  'max_wal_senders=0',
  '-c',
  'max_replication_slots=0',
  '-c',
  'autovacuum_worker_slots=1',
  '-c',
  'max_locks_per_transaction=128',
];

/** Makes the data folder where there is none: from the seed, else with initdb (3–4 s). */
export async function createOnFirstStart(
  folder: DatabaseFolder,
  seed: string | undefined,
  emit: (event: HostEvent) => void,
): Promise<void> {
  if (await exists(join(folder.data, 'PG_VERSION'))) return;
  const started = performance.now();
  await createWhole(folder.data, async (temporary) => {
    if (seed !== undefined) return unpackSeed(seed, temporary);
    await mkdir(temporary, { recursive: true });
    const engine = await startEngine(temporary);
    await engine.close();
  });
  const from = seed === undefined ? 'scratch' : 'seed';
  emit({ kind: 'created', from, ms: performance.now() - started });
}

/** Opens the data folder; where it is damaged, the newest backup takes its place. */
export async function openOrRestore(
  folder: DatabaseFolder,
  emit: (event: HostEvent) => void,
): Promise<PGlite> {
  const started = performance.now();
  try {
    const engine = await startEngine(folder.data);
    emit({ kind: 'opened', ms: performance.now() - started });
    return engine;
  } catch (error) {
    const backup = await restoreNewest(folder, new Date());
    if (backup === undefined) throw damaged(error);
    const engine = await startEngine(folder.data);
    emit({ kind: 'restored', backup, reason: messageOf(error) });
    return engine;
  }
}

export async function startEngine(data: string): Promise<PGlite> {
  const engine = await PGlite.create(data, { startParams: [...START_PARAMETERS] });
  stopAtExit(engine);
  leaveFilesOnDisk(engine);
  return engine;
}

/** The `status` with which PostgreSQL's error recovery (longjmp) reaches JavaScript; PGlite handles it. */
const LONGJMP = 100;

/** What PGlite must not swallow. Reading `status`, as PGlite does to recognise a longjmp, throws it again. */
class EngineExit extends Error {
  get status(): never {
    throw this;
  }
}

/**
 * Where PostgreSQL ends its process (a full disk, a PANIC), PGlite 0.5 goes on calling it for as long as
 * input is left: an endless loop that no timer can break. This makes the first failure the last.
 */
function stopAtExit(engine: PGlite): void {
  const module = engine.Module;
  const once = module._PostgresMainLoopOnce;
  module._PostgresMainLoopOnce = () => {
    try {
      once();
    } catch (error) {
      if (error instanceof Object && 'status' in error && error.status === LONGJMP) throw error;
      throw new EngineExit(`The database engine stopped: ${messageOf(error)}`);
    }
  };
}

const damaged = (cause: unknown): AppFailure =>
  new AppFailure({
    code: 'database_unavailable',
    message: `The embedded database does not open: ${messageOf(cause)}`,
    action: 'Its data folder is damaged and there is no backup yet. Move the folder away to start empty.',
  });

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
