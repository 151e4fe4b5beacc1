import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ImportOptions } from '../../src-shared/contract/imports';
import type { ImportId } from '../../src-shared/domain/ids';
import { unwrap } from '../../src-shared/errors';
import type { Actor } from '../../src-shared/rpc/define';
import { createDatabase, type Database } from '../../src-main/database/database';
import { migrate } from '../../src-main/database/migrate';
import { PGliteHost } from '../../src-main/database/pglite-host';
import { createPgPool, type Pool } from '../../src-main/database/pool';
import type { BullEngine } from '../../src-main/engine/bullmq-engine';
import { createPgliteEngine, migrateEngine } from '../../src-main/engine/pglite-engine';
import { createRedisEngine } from '../../src-main/engine/redis-engine';
import { memoryJournal, memoryLogger, nothingDone } from '../../src-main/engine/testing/processors';
import { createWorkerHost } from '../../src-main/engine/worker-host';
import { createFileExchange } from '../../src-main/files/exchange';
import { createImports, type Imports } from '../../src-main/imports';
import { createImportProcessor } from '../../src-main/imports/processor';
import { openBackgroundSide } from '../../src-main/imports/testing/background-side';
import { quiet } from '../fixtures/campaign-stage';
import { CONTACT_COUNTRY } from './contact-file';
import { ownCpuMs, serverCpu } from './cpu-time';
import type { ImportFigures, ImportPlan } from './import-plan';

type OurPlan = Extract<ImportPlan, { kind: 'ours' }>;

/** The app is told by events; asking costs both processes time, which is asked for seldom. */
const POLL_MS = 25;

/**
 * Imports the file as the app does, with the app's own parts: the file is kept and inspected, read and judged in
 * the reader's thread, staged, and written by the `contact-import` job of a worker; until the import says that it
 * is completed. Returns the time of each counted round, and that of taking the last one back.
 */
export async function importOurWay(
  plan: OurPlan,
  beforeRound: () => void,
): Promise<Omit<ImportFigures, 'peakMemoryMb'>> {
  const folder = await mkdtemp(join(tmpdir(), 'adsapp-bench-import-'));
  const stores = await openStores(plan, folder);
  await stores.engine.ready();
  const database = createDatabase(stores.pool);
  const actor = await someone(database);
  const imports = await openImports(plan, folder, stores, actor);
  const host = createWorkerHost({
    engine: stores.engine,
    processors: {
      ...nothingDone,
      'contact-import': createImportProcessor(database, { isEmbedded: plan.servers === null }),
    },
    journal: memoryJournal(),
    logger: memoryLogger(),
    kind: 'worker',
    version: '0',
  });
  await host.start();
  const databaseCpuMs = plan.servers === null ? () => 0 : await serverCpu(stores.pool);
  const rounds: { readonly ms: number; readonly cpuMs: number; readonly databaseCpuMs: number }[] = [];
  const unchangedMs: number[] = [];
  let undoMs = 0;
  try {
    for (let round = 0; round <= plan.rounds; round += 1) {
      await stores.pool.query('TRUNCATE contacts, import_rows, imports CASCADE');
      // A server that has run for a while logs into files that it has. One that was set up a moment ago makes each of
      // them first, 16 MB of zeros for 16 MB of log, a sixth of the time: not what an import costs.
      await stores.pool.query('CHECKPOINT');
      if (plan.update) {
        await runImport(imports, database, actor, plan, 'without-emails');
        unchangedMs.push(await timed(() => runImport(imports, database, actor, plan, 'unchanged')));
      }
      beforeRound();
      const before = { ms: performance.now(), cpuMs: ownCpuMs(), databaseCpuMs: databaseCpuMs() };
      const importId = await runImport(imports, database, actor, plan, plan.update ? 'update' : 'new');
      rounds.push({
        ms: performance.now() - before.ms,
        cpuMs: ownCpuMs() - before.cpuMs,
        databaseCpuMs: databaseCpuMs() - before.databaseCpuMs,
      });
      await assertContacts(database, plan.file.contacts);
      if (round === plan.rounds) undoMs = await takeBack(imports, database, actor, importId);
    }
    await assertContacts(database, plan.update ? plan.file.contacts : 0);
  } finally {
    await host.shutdown(0);
    await imports.stop();
    await stores.engine.close();
    await stores.end();
    await rm(folder, { recursive: true, force: true });
  }
  const counted = rounds.slice(1);
  return {
    ms: counted.map(({ ms }) => ms),
    cpuMs: counted.map(({ cpuMs }) => cpuMs),
    databaseCpuMs: counted.map((round) => round.databaseCpuMs),
    ...(plan.update ? { unchangedMs: unchangedMs.slice(1) } : {}),
    undoMs,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Into an empty table, whole or without a column; the same again, which changes nothing; and with that column. */
type Run = 'new' | 'without-emails' | 'unchanged' | 'update';

async function runImport(
  { handlers }: Imports,
  database: Database,
  actor: Actor,
  { file }: OurPlan,
  run: Run,
): Promise<ImportId> {
  const context = { actor, signal: new AbortController().signal };
  const draft = unwrap(await handlers.open({ source: { kind: 'path', path: file.path } }, context));
  const updateExisting = run === 'update' || run === 'unchanged';
  const withEmails = run === 'new' || run === 'update';
  const options = ImportOptions.parse({ defaultCountry: CONTACT_COUNTRY, updateExisting });
  const mapping = draft.columns.map(({ target }) =>
    target.field === 'email' && !withEmails ? ({ field: 'ignore' } as const) : target,
  );
  unwrap(await handlers.start({ importId: draft.id, mapping, options, continueImport: false }, context));
  for (;;) {
    const { state, error } = await database
      .selectFrom('imports')
      .select(['state', 'error'])
      .where('id', '=', draft.id)
      .executeTakeFirstOrThrow();
    if (state === 'completed') break;
    if (state === 'failed') throw new Error(`The import failed: ${JSON.stringify(error)}`);
    await delay(POLL_MS);
  }
  const { totals } = unwrap(await handlers.get({ importId: draft.id }, context));
  const written = updateExisting ? totals.updated : totals.inserted;
  if (totals.read === file.rows && written === file.contacts) return draft.id;
  throw new Error(`The import ended with other totals than the file has: ${JSON.stringify(totals)}`);
}

/** Undoes an import; how long that took, in ms. */
async function takeBack(
  { handlers }: Imports,
  database: Database,
  actor: Actor,
  importId: ImportId,
): Promise<number> {
  const started = performance.now();
  unwrap(await handlers.undo({ importId }, { actor, signal: new AbortController().signal }));
  for (;;) {
    const { undone_at: at } = await database
      .selectFrom('imports')
      .select('undone_at')
      .where('id', '=', importId)
      .executeTakeFirstOrThrow();
    if (at !== null) return performance.now() - started;
    await delay(POLL_MS);
  }
}

async function assertContacts(database: Database, expected: number): Promise<void> {
  const { contacts } = await database
    .selectFrom('contacts')
    .select(({ fn }) => fn.countAll<number>().as('contacts'))
    .executeTakeFirstOrThrow();
  if (contacts !== expected) throw new Error(`There are ${contacts} contacts where ${expected} belong.`);
}

interface Stores {
  readonly pool: Pool;
  readonly engine: BullEngine;
  readonly end: () => Promise<void>;
}

async function openStores({ servers, seed }: OurPlan, folder: string): Promise<Stores> {
  if (servers !== null) {
    const pool = createPgPool(servers.databaseUrl);
    await migrate(pool);
    return { pool, engine: createRedisEngine({ url: servers.redisUrl }), end: () => pool.end() };
  }
  const host = await PGliteHost.open({ seed, folder: join(folder, 'database') });
  const pool = host.createPool();
  await migrate(pool);
  await migrateEngine(pool);
  const end = async (): Promise<void> => {
    await pool.end();
    await host.close();
  };
  return { pool, engine: createPgliteEngine({ pool }), end };
}

async function openImports(
  { threadPath }: OurPlan,
  folder: string,
  { pool, engine }: Stores,
  actor: Actor,
): Promise<Imports> {
  const files = await createFileExchange({ directory: join(folder, 'files'), report: () => undefined });
  const reviewPath = join(dirname(threadPath), 'review.js');
  const background = openBackgroundSide({ pool, threadPath, reviewPath }, actor, (path, thrown) =>
    quiet.error(path, { thrown }),
  );
  return createImports({
    ...{ database: createDatabase(pool), files, logger: quiet, dataDir: folder },
    ...background,
    queues: { addJob: (job) => engine.queue('contact-import').add(job) },
    jobs: engine.queue('contact-import'),
    audit: () => Promise.resolve(),
  });
}

async function someone(database: Database): Promise<Actor> {
  const organizationId = randomUUID();
  const userId = randomUUID();
  await database.insertInto('organizations').values({ id: organizationId, name: 'Bench' }).execute();
  await database
    .insertInto('profiles')
    .values({ id: userId, organization_id: organizationId, email: 'bench@example.com' })
    .execute();
  return { organizationId, userId, via: 'rest' };
}
