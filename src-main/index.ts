import { join } from 'node:path';
import { fail, toAppError, type AppError } from '@shared/errors';
import { speakPlainly } from '@shared/plain-issues';
import type { createApiController } from './api/controller';
import type { App } from './app';
import { backgroundEnvironment } from './background/control';
import { spawnAhead } from './background/spawn-ahead';
import { defaultDataDirectory } from './config/data-directory';
import { parseEnvironment, type Environment } from './config/environment';
import { openSettingsFile } from './config/stored-settings';
import { openDesktop } from './electron/desktop';
import { showStartProblem } from './electron/start-problem';
import { spawnUtility } from './electron/spawn-utility';
import { createFileExchange, type FileExchange } from './files/exchange';
import { createLogger } from './logging/logger';
import { createSignals } from './status/signals';
import { VERSION } from './version';

const stillStarting: AppError = {
  code: 'background_unavailable',
  message: 'The console is still starting.',
  action: 'Drop the file again in a moment.',
};

/**
 * The composition root of the Electron app. The window opens first; what stands behind it follows, which is why
 * this file imports only what the window needs.
 */
const run = async (environment: Environment): Promise<void> => {
  const dataDir = environment.dataDir ?? defaultDataDirectory();
  const logger = createLogger({
    directory: join(dataDir, 'logs'),
    name: 'console',
    print: (line) => process.stdout.write(`${line}\n`),
  });
  const signals = createSignals();
  let api: ReturnType<typeof createApiController> | null = null;
  let app: App | null = null;
  let exchange: FileExchange | null = null;
  const devServerUrl = process.env['ELECTRON_RENDERER_URL'];

  const desktop = await openDesktop({
    logger,
    dataDir,
    bundleDir: join(__dirname, '../renderer'),
    preload: join(__dirname, '../preload/index.js'),
    files: {
      resolve: (url) => exchange?.resolve(url) ?? null,
      accept: async (content, name) => exchange?.accept(content, name) ?? fail(stillStarting),
    },
    send: (signal) => signals.send(signal),
    ...(devServerUrl === undefined ? {} : { devServerUrl }),
    shutdown: async () => {
      await api?.close();
      await app?.close();
      await exchange?.close();
    },
  });
  if (desktop === null) return;

  // While this process reads the rest of its program, the one that takes longest to start has begun.
  const spawnBackground = spawnAhead(() =>
    spawnUtility({
      modulePath: join(__dirname, 'background.js'),
      env: backgroundEnvironment(process.env),
    }),
  );
  const settingsFile = openSettingsFile(join(dataDir, 'settings.json'));
  if (settingsFile.problem !== null) logger.warn(settingsFile.problem);
  exchange = await createFileExchange({
    directory: join(dataDir, 'exchange'),
    report: (message, error) => logger.warn(message, { error }),
  });
  try {
    const [{ createApiController }, { createApp }] = await Promise.all([
      import('./api/controller'),
      import('./app'),
    ]);
    api = createApiController(VERSION, logger);
    app = await createApp({
      version: VERSION,
      host: 'desktop',
      dataDir,
      environment,
      settingsFile,
      secrets: desktop.secrets,
      files: exchange,
      signals,
      logger,
      spawnBackground,
      runtime: {
        electron: process.versions.electron,
        node: process.versions.node,
        chrome: process.versions.chrome,
      },
      restart: () => desktop.restart(),
      api,
      notices: desktop.notifier,
      menu: desktop.menu,
    });
  } catch (thrown) {
    logger.error('The console could not start.', { error: thrown });
    await showStartProblem(toAppError(thrown, 'The console could not start.'));
    desktop.quit();
    return;
  }
  api.connect(app.rest);
  desktop.serve(app.rpc, app.actor('desktop'));
  await api.apply(app.settings.config());
};

const refuse = async (error: AppError): Promise<void> => {
  process.stderr.write(`${error.message} ${error.action ?? ''}\n`);
  await showStartProblem(error);
  process.exit(1);
};

speakPlainly();
const environment = parseEnvironment(process.env);
void (environment.ok ? run(environment.value) : refuse(environment.error));
