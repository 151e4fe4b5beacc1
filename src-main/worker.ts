import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { WorkerSettings } from '@shared/contract/workers';
import { queueDefaults, adsappQueues } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { speakPlainly } from '@shared/plain-issues';
import { providerSettings } from './background/config';
import { resolveConfig } from './config/config';
import { defaultDataDirectory } from './config/data-directory';
import { parseEnvironment } from './config/environment';
import { createSessionSecrets } from './config/secrets';
import { openSettingsFile } from './config/stored-settings';
import { createDatabase } from './database/database';
import { migrate } from './database/migrate';
import { ensureDefaultOrganization } from './database/organizations';
import { createPgPool } from './database/pool';
import { createRedisEngine } from './engine/redis-engine';
import { createLogger } from './logging/logger';
import { createGateways } from './providers/gateways';
import { VERSION } from './version';
import { composeWorkerHost } from './workers/compose';

const HELP = `npm run worker -- [--queue NAME[=CONCURRENCY]]…

Works on the queues of a Redis, on any number of machines. Without --queue on all four.
Needs REDIS_URL (or the UPSTASH_* pair) and DATABASE_URL; WHATSAPP_* and RESEND_* to send for real.
`;

const Choice = z.object({
  queue: z.enum(adsappQueues),
  concurrency: z.coerce.number().int().min(1).max(50).optional(),
});

/** `bulk-messages=10` as its two parts. */
const parseChoice = (text: string): z.infer<typeof Choice> => {
  const [queue, concurrency] = text.split('=', 2);
  return Choice.parse({ queue, concurrency });
};

/** Running jobs get this long to end before they are stopped and go on elsewhere. */
const DRAIN_MS = 20_000;

/** The composition root of a worker host as a process of its own. */
const run = async (): Promise<void> => {
  const settings = readArguments();
  if (settings === null) return;
  const environment = parseEnvironment(process.env);
  if (!environment.ok) {
    giveUp(environment.error.message);
    return;
  }
  const dataDir = environment.value.dataDir ?? defaultDataDirectory();
  const stored = openSettingsFile(join(dataDir, 'settings.json')).current;
  const config = resolveConfig({
    environment: environment.value,
    stored,
    secrets: createSessionSecrets(),
    dataDir,
  });
  if (config.redisUrl === null) {
    giveUp('A worker of its own needs a Redis: set REDIS_URL, or the two UPSTASH_* variables.');
    return;
  }
  if (config.databaseUrl === null) {
    giveUp('A worker of its own needs the PostgreSQL server that the consoles use: set DATABASE_URL.');
    return;
  }

  const logger = createLogger({
    directory: join(dataDir, 'logs'),
    name: `worker-${process.pid}`,
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const pool = createPgPool(config.databaseUrl, {
    applicationName: 'adsapp-worker',
    onError: (error) => logger.warn('A database connection was lost.', { error }),
  });
  await migrate(pool);
  const database = createDatabase(pool);
  const engine = createRedisEngine({ url: config.redisUrl });
  const host = composeWorkerHost({
    engine,
    database,
    isEmbedded: false,
    gateways: createGateways(providerSettings(config)),
    logger,
    kind: 'worker',
    version: VERSION,
    owner: await ensureDefaultOrganization(database),
    settings,
    timeLimitSeconds: config.timeLimitSeconds,
  });
  const end = async (): Promise<void> => {
    await host.shutdown(DRAIN_MS);
    await engine.close();
    await pool.end();
    logger.flush();
    process.exit(0);
  };
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      logger.info(`${signal} received, shutting down gracefully`);
      void end();
    });
  }
  await host.start();
  const queues = settings
    .filter(({ enabled }) => enabled)
    .map(({ queue, concurrency }) => `${queue} (${concurrency})`);
  logger.info(`Worker ${host.id} works on ${queues.join(', ')}.`);
  process.stdout.write('ready\n');
};

const readArguments = (): WorkerSettings[] | null => {
  try {
    const { values } = parseArgs({
      options: { queue: { type: 'string', multiple: true }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      process.stdout.write(HELP);
      return null;
    }
    const chosen = values.queue?.map(parseChoice);
    return adsappQueues.map((queue) => {
      const choice = chosen?.find((each) => each.queue === queue);
      return {
        queue,
        enabled: chosen === undefined || choice !== undefined,
        concurrency: choice?.concurrency ?? queueDefaults[queue].concurrency,
      };
    });
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    process.stderr.write(`${why}\n\n${HELP}`);
    process.exitCode = 2;
    return null;
  }
};

const giveUp = (why: string): void => {
  process.stderr.write(`${why}\n`);
  process.exitCode = 1;
};

speakPlainly();
run().catch((thrown: unknown) => {
  const error = toAppError(thrown, thrown instanceof Error ? thrown.message : undefined);
  giveUp(`${error.message} ${error.action ?? ''}`.trim());
  process.exit(1);
});
