import { existsSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ok } from '@shared/errors';
import type { Handlers } from '@shared/rpc/define';
import type { Duplex } from '@shared/rpc/duplex';
import { createDatabase, type Database } from '../database/database';
import { migrate } from '../database/migrate';
import { ensureDefaultOrganization } from '../database/organizations';
import { PGliteHost } from '../database/pglite-host';
import { createPgPool, type Pool } from '../database/pool';
import type { BullEngine } from '../engine/bullmq-engine';
import { createPgliteEngine, migrateEngine } from '../engine/pglite-engine';
import { createRedisEngine } from '../engine/redis-engine';
import type { WorkerHost } from '../engine/worker-host';
import { createReviewHandlers } from '../imports/review/handlers';
import { findCorrections } from '../imports/review/repository';
import { createReviewSessions } from '../imports/review/sessions';
import type { ReaderOptions } from '../imports/reader/reader-thread';
import { WarmThreads } from '../imports/reader/warm-threads';
import { createSpreadsheetHandlers } from '../imports/spreadsheet-handlers';
import type { Logger } from '../logging/logger';
import { createGateways, type Gateways } from '../providers/gateways';
import { composeWorkerHost } from '../workers/compose';
import type { BackgroundConfig } from './config';
import type { BackgroundContract } from './contract';

export interface BackgroundServices {
  readonly handlers: Handlers<BackgroundContract>;
  /** Serves main's sessions to PGlite; a port is refused where the database is a server. */
  serveDatabase(port: Duplex): void;
  startWorkers(): Promise<void>;
  /** Ends the workers cleanly, then the database. Safe to call again. */
  close(): Promise<void>;
}

const HEALTH_EVERY_MS = 5_000;
/** Running jobs get this long to end before they are stopped and go on elsewhere. */
const DRAIN_MS = 5_000;
/** PGlite computes for one at a time: what the window shows first goes before the sessions of the workers. */
const WORKERS_AFTER_MS = 500;

/** Opens everything the background process holds, the database first. */
export const openServices = async (
  config: BackgroundConfig,
  logger: Logger,
  programDir: string,
): Promise<BackgroundServices> => {
  const needsPglite = config.redisUrl === null || config.databaseUrl === null;
  const host = needsPglite ? await openPglite(config.dataDir, programDir, logger) : null;
  const pool = config.databaseUrl === null ? poolOf(host) : serverPool(config.databaseUrl, logger);
  await migrate(pool);
  const database = createDatabase(pool);
  const owner = await ensureDefaultOrganization(database);
  const engine = await openEngine(config, host);
  const gateways = createGateways(config.providers);
  const workers = composeWorkerHost({
    engine,
    database,
    isEmbedded: config.databaseUrl === null,
    gateways,
    logger,
    owner,
    kind: 'app',
    version: config.version,
    settings: config.workers,
    timeLimitSeconds: config.timeLimitSeconds,
  });
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    await host?.announceClose().catch((error: unknown) => {
      // Whoever is started meanwhile has less patience then, and that is all.
      logger.warn('That the database closes could not be announced.', { error });
    });
    await workers.shutdown(DRAIN_MS);
    await engine.close();
    await pool.end();
    await host?.close();
  };
  return {
    handlers: createHandlers({
      pool,
      workers,
      gateways,
      database,
      reader: { threadPath: join(programDir, 'spreadsheet.js'), threads: new WarmThreads() },
      reviewPath: join(programDir, 'review.js'),
      close: () => (closing ??= close()),
    }),
    serveDatabase: (port) => host?.servePort(port),
    startWorkers: async () => {
      if (host !== null) await delay(WORKERS_AFTER_MS);
      // The app may have been closed again meanwhile.
      if (closing === null) await workers.start();
    },
    close: () => (closing ??= close()),
  };
};

const openPglite = (dataDir: string, programDir: string, logger: Logger): Promise<PGliteHost> => {
  // Beside the folder of the program, which the bundler empties.
  const seed = join(programDir, '../pglite-seed.tar.gz');
  return PGliteHost.open({
    folder: join(dataDir, 'database'),
    ...(existsSync(seed) ? { seed } : {}),
    onEvent: (event) => logger.info(`Embedded database: ${event.kind}.`, { event }),
  });
};

const poolOf = (host: PGliteHost | null): Pool => {
  if (host === null) throw new Error('The embedded database is not open.');
  return host.createPool();
};

const serverPool = (url: string, logger: Logger): Pool =>
  createPgPool(url, {
    applicationName: 'adsapp-background',
    onError: (error) => logger.warn('A database connection was lost.', { error }),
  });

const openEngine = async (config: BackgroundConfig, host: PGliteHost | null): Promise<BullEngine> => {
  if (config.redisUrl !== null) return createRedisEngine({ url: config.redisUrl });
  const pool = poolOf(host);
  await migrateEngine(pool);
  return createPgliteEngine({ pool });
};

interface HandlerParts {
  readonly pool: Pool;
  readonly workers: WorkerHost;
  readonly gateways: Gateways;
  readonly database: Database;
  readonly reader: ReaderOptions;
  readonly reviewPath: string;
  readonly close: () => Promise<void>;
}

const createHandlers = ({
  pool,
  workers,
  gateways,
  database,
  reader,
  reviewPath,
  close,
}: HandlerParts): Handlers<BackgroundContract> => ({
  spreadsheets: createSpreadsheetHandlers({ pool, reader }),
  review: createReviewHandlers(
    database,
    createReviewSessions({
      reader,
      threadPath: reviewPath,
      corrections: (sheet) => findCorrections(database, sheet),
    }),
  ),
  workers: {
    settings: () => Promise.resolve(ok({ hostId: workers.id, queues: workers.settings() })),
    configure: async (settings) => ok({ queues: await workers.configure(settings) }),
  },
  providers: {
    configure(settings) {
      gateways.configure(settings);
      return Promise.resolve(ok({}));
    },
  },
  process: {
    async shutdown() {
      await close();
      return ok({});
    },
    health(_input, sink, { signal }) {
      const delay = monitorEventLoopDelay({ resolution: 20 });
      delay.enable();
      const beat = (): void => {
        sink.next({ rssBytes: process.memoryUsage.rss(), lagMs: Math.max(0, delay.max / 1e6 - 20) });
        delay.reset();
      };
      beat();
      const timer = setInterval(beat, HEALTH_EVERY_MS);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
        delay.disable();
      });
    },
  },
});
