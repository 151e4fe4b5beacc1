import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { toAppError, type AppError } from '@shared/errors';
import { speakPlainly } from '@shared/plain-issues';
import { startHttpServer } from './api/server';
import { createApp } from './app';
import { backgroundEnvironment } from './background/control';
import { forkBackground } from './background/fork-background';
import { defaultDataDirectory } from './config/data-directory';
import { parseEnvironment } from './config/environment';
import { createSessionSecrets } from './config/secrets';
import { openSettingsFile } from './config/stored-settings';
import { createFileExchange } from './files/exchange';
import { createLogger } from './logging/logger';
import { createSignals } from './status/signals';
import { VERSION } from './version';

const HELP = `npm run serve -- [--port 4680] [--token T] [--console-token C]

Serves the REST API and the console on 127.0.0.1, with workers inside.
  --port           the port; 0 for any free one (default 4680)
  --token          the bearer token of the REST API (default: a random one, printed)
  --console-token  the console's own token (default: a random one, in the printed address)

Environment: REDIS_URL, DATABASE_URL, WHATSAPP_*, RESEND_*, ADSAPP_DATA_DIR (see README).
`;

const Arguments = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(4_680),
  token: z.string().min(8, 'has at least 8 characters').optional(),
  'console-token': z.string().min(8, 'has at least 8 characters').optional(),
  help: z.boolean().default(false),
});

const randomToken = (): string => randomBytes(24).toString('base64url');

/** The composition root without a window: REST API, workers and the console for a browser, all on loopback. */
const run = async (): Promise<void> => {
  const args = readArguments();
  if (args === null) return;
  const environment = parseEnvironment(process.env);
  if (!environment.ok) {
    giveUp(environment.error);
    return;
  }
  const dataDir = environment.value.dataDir ?? defaultDataDirectory();
  const logger = createLogger({
    directory: join(dataDir, 'logs'),
    name: 'serve',
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const settingsFile = openSettingsFile(join(dataDir, 'settings.json'));
  if (settingsFile.problem !== null) logger.warn(settingsFile.problem);
  const files = await createFileExchange({
    directory: join(dataDir, 'exchange'),
    report: (message, error) => logger.warn(message, { error }),
  });
  let url: string | null = null;
  const app = await createApp({
    version: VERSION,
    host: 'serve',
    dataDir,
    environment: environment.value,
    settingsFile,
    secrets: createSessionSecrets(),
    files,
    signals: createSignals(),
    logger,
    spawnBackground: () =>
      forkBackground({
        modulePath: join(__dirname, 'background.js'),
        env: backgroundEnvironment(process.env),
      }),
    runtime: { electron: null, node: process.versions.node, chrome: null },
    restart: null,
    api: { state: () => ({ running: url !== null, url, problem: null }), apply: () => Promise.resolve() },
    notices: null,
    menu: null,
  });
  const token = args.token ?? randomToken();
  const consoleToken = args['console-token'] ?? randomToken();
  const server = await startHttpServer({
    port: args.port,
    version: VERSION,
    logger,
    api: { token, deps: app.rest },
    console: {
      token: consoleToken,
      bundleDir: join(__dirname, '../renderer'),
      rpc: app.rpc,
      actor: app.actor('browser'),
      deps: app.rest,
    },
  });
  const end = async (code: number): Promise<void> => {
    if (server.ok) await server.value.close();
    await app.close();
    await files.close();
    logger.flush();
    process.exit(code);
  };
  if (!server.ok) {
    report(server.error);
    return end(1);
  }
  url = server.value.url;
  endOnSignals(
    () => void end(0),
    (message) => logger.info(message),
  );
  process.stdout.write(`api: ${url}/api\n`);
  if (args.token === undefined) process.stdout.write(`token: ${token}\n`);
  process.stdout.write(`console: ${url}/?token=${consoleToken}\nready\n`);
};

const readArguments = (): z.infer<typeof Arguments> | null => {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string' },
        token: { type: 'string' },
        'console-token': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    const args = Arguments.parse(values);
    if (!args.help) return args;
    process.stdout.write(HELP);
  } catch (error) {
    const why =
      error instanceof z.ZodError
        ? error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`).join('; ')
        : (error as Error).message;
    process.stderr.write(`${why}\n\n${HELP}`);
    process.exitCode = 2;
  }
  return null;
};

/** The first signal ends cleanly; a second one at once, for whoever cannot wait. */
const endOnSignals = (end: () => void, say: (message: string) => void): void => {
  let asked = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (asked) process.exit(1);
      asked = true;
      say(`${signal} received, shutting down gracefully`);
      end();
    });
  }
};

const report = (error: AppError): void => {
  process.stderr.write(`${error.message}${error.action === undefined ? '' : ` ${error.action}`}\n`);
};

const giveUp = (error: AppError): void => {
  report(error);
  process.exitCode = 1;
};

speakPlainly();
run().catch((thrown: unknown) => {
  report(toAppError(thrown, thrown instanceof Error ? thrown.message : undefined));
  process.exit(1);
});
