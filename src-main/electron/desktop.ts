import { app, ipcMain, Menu, safeStorage, session } from 'electron';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { AppSignal, MenuCommand } from '@shared/contract/app';
import type { Actor } from '@shared/rpc/define';
import type { RpcServer } from '@shared/rpc/server';
import type { SecretStore } from '../config/secrets';
import type { FileExchange } from '../files/exchange';
import type { Logger } from '../logging/logger';
import type { NoticeBoard } from '../notices/announcer';
import { endOnUncaught } from './crashes';
import { followOpenRequests, isFirstInstance } from './instance';
import { createIpcServer } from './ipc-wire';
import { createKeyringSecrets } from './keyring-secrets';
import { createNativeMenu } from './menu';
import { createNotifier } from './notifications';
import { BUNDLE_ORIGIN, BUNDLE_URL, originOf } from './origin';
import { handleAppScheme, registerAppScheme } from './protocol';
import { relaxForDevServer } from './dev-server';
import { enableSandbox, installGuards } from './security';
import { createTray } from './tray';
import { createWindowManager } from './window';

export interface DesktopOptions {
  readonly logger: Logger;
  /** Where this console keeps its data: window place, secrets, and Chromium's own files. */
  readonly dataDir: string;
  /** The folder of the built renderer. */
  readonly bundleDir: string;
  /** The built preload script. */
  readonly preload: string;
  readonly files: Pick<FileExchange, 'resolve' | 'accept'>;
  /** Tells the window what came from outside it; keeps it until a window listens. */
  readonly send: (signal: AppSignal) => void;
  /** The address of the renderer's dev server; only in development. */
  readonly devServerUrl?: string;
  /** Called once at the end, windows closed already; the app ends when it resolves. */
  readonly shutdown: () => Promise<void>;
}

/** The console as a desktop app, its window open. */
export interface Desktop {
  /** Answers the window with this server from now on; what it asked before has waited. */
  serve(rpc: RpcServer, actor: Actor): void;
  readonly notifier: NoticeBoard;
  readonly secrets: SecretStore;
  /** Shows what the window offers in the native menu. */
  readonly menu: { offer(commands: readonly MenuCommand[]): void };
  /** Brings the window to the front. */
  focus(): void;
  /** Ends this app and starts it anew. */
  restart(): void;
  quit(): void;
}

/** How long the shutdown may take before the app ends regardless, in ms. */
const SHUTDOWN_MS = 15_000;

/**
 * A live page makes garbage all the time, and V8 lets it gather: 36 MB in a window that uses 15. Young objects
 * get 2 MB and the heap grows in small steps, as in a tab that nobody looks at; a collection of so little takes
 * about a millisecond. This process runs already: its young generation stays as it is from here on.
 */
const limitHeaps = (): void => {
  app.commandLine.appendSwitch('js-flags', '--max-semi-space-size=2 --optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
};

/**
 * The network service runs in this process, as on phones, and not in one of its own, which takes 20 MB: the window
 * loads nothing but our own files from `app://`.
 */
const shareNetworkService = (): void =>
  app.commandLine.appendSwitch('enable-features', 'NetworkServiceInProcess2');

/**
 * Opens the console's window as soon as Electron can, before anything behind it is up. Resolves with null
 * where another instance has the same data open: it has been told what this one was asked, and this one ends.
 * Call as the first thing in main, synchronously: much of it must come before Electron's `ready`.
 */
export const openDesktop = async (options: DesktopOptions): Promise<Desktop | null> => {
  const { logger, dataDir, send, devServerUrl } = options;
  const refused = (why: string): void => logger.warn(`Refused ${why}.`);
  const devOrigin = devServerUrl === undefined ? null : originOf(devServerUrl);
  const origins = devOrigin === null ? [BUNDLE_ORIGIN] : [BUNDLE_ORIGIN, devOrigin];

  endOnUncaught(logger);
  enableSandbox((message) => logger.warn(message));
  registerAppScheme();
  limitHeaps();
  shareNetworkService();
  // Two consoles on different data are two apps: Chromium's files and the lock of the instance go with the data.
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(dataDir, 'browser'));
  if (!isFirstInstance()) {
    logger.info('The console is open already: its window was told.');
    app.quit();
    return null;
  }

  const windows = createWindowManager({
    title: app.name,
    url: devServerUrl ?? BUNDLE_URL,
    preload: options.preload,
    statePath: join(dataDir, 'window.json'),
    logger,
  });
  const isEnding = endAfterShutdown(options);
  const focus = (): void => {
    if (app.isReady() && !isEnding()) windows.open();
  };
  followOpenRequests({ send, focus, refused, isEnding });
  const ipc = createIpcServer({
    ipc: ipcMain,
    isOurs: (contents) => windows.isOurs(contents),
    origins,
    refused,
  });

  await app.whenReady();
  installGuards({ origins, refused });
  handleAppScheme({
    bundleDir: options.bundleDir,
    files: options.files,
    report: (message, error) => logger.error(message, { error }),
  });
  if (devOrigin !== null) relaxForDevServer(session.defaultSession, devOrigin);
  const run = (command: string): void => {
    windows.open();
    send({ type: 'run-command', command });
  };
  const mac = process.platform === 'darwin';
  const menu = createNativeMenu(
    {
      build: (template) => Menu.buildFromTemplate(template),
      show: (built: Menu) => Menu.setApplicationMenu(built),
    },
    { appName: app.name, mac, development: devOrigin !== null, run },
  );
  windows.open();
  app.on('activate', focus);

  const secrets = createKeyringSecrets({
    vault: safeStorage,
    platform: process.platform,
    path: join(dataDir, 'secrets.json'),
    report: (message, error) => logger.warn(message, { error }),
  });
  return {
    serve: (rpc, actor) => ipc.serve(rpc, actor),
    notifier: createNotifier({
      ...{ window: () => windows.current(), focus, send },
      tray: (pause) =>
        createTray({
          appName: app.name,
          platform: process.platform,
          report: (message, error) => logger.info(message, { error }),
          open: focus,
          show: (to) => {
            focus();
            send({ type: 'navigate', to });
          },
          pause,
          quit: () => app.quit(),
        }),
    }),
    secrets,
    menu,
    focus,
    restart: () => {
      app.relaunch();
      app.quit();
    },
    quit: () => app.quit(),
  };
};

/**
 * Lets the shutdown run between the last window and the end. On macOS the app stays when its window is closed.
 * Answers whether that has begun.
 */
const endAfterShutdown = ({ shutdown, logger }: DesktopOptions): (() => boolean) => {
  let ending = false;
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (ending) return;
    ending = true;
    const end = (code: number): void => {
      logger.flush();
      app.exit(code);
    };
    const timer = setTimeout(() => {
      logger.error('The shutdown took too long and was cut off.');
      end(1);
    }, SHUTDOWN_MS);
    shutdown()
      .then(() => end(0))
      .catch((error: unknown) => {
        logger.error('The shutdown failed.', { error });
        end(1);
      })
      .finally(() => clearTimeout(timer));
  });
  return () => ending;
};
