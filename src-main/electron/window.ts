import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import type { Logger } from '../logging/logger';
import { canvasColour, windowOptions } from './window-options';
import { placementOn, readWindowState, writeWindowState, type SavedState } from './window-state';

export interface WindowManagerOptions {
  readonly title: string;
  /** What the window shows. */
  readonly url: string;
  readonly preload: string;
  /** Where the window's place is kept. */
  readonly statePath: string;
  readonly logger: Logger;
}

/** The console's one window. */
export interface WindowManager {
  /** Opens the window, or brings it to the front. */
  open(): void;
  current(): BrowserWindow | undefined;
  /** Whether these web contents belong to a window that was made here. */
  isOurs(contents: unknown): boolean;
}

const SAVE_AFTER_MS = 500;
/** A renderer that dies this often within a minute is not loaded again. */
const MAX_RELOADS = 3;
const RELOAD_SPAN_MS = 60_000;

export const createWindowManager = (options: WindowManagerOptions): WindowManager => {
  const { title, url, preload, statePath, logger } = options;
  const ours = new WeakSet<WebContents>();
  let window: BrowserWindow | undefined;

  const create = (): void => {
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
    const placement = placementOn(readWindowState(statePath), displays);
    const dark = nativeTheme.shouldUseDarkColors;
    const created = new BrowserWindow(windowOptions({ title, dark, placement, preload }));
    window = created;
    ours.add(created.webContents);
    if (placement.maximized) created.maximize();
    created.once('ready-to-show', () => created.show());
    created.once('closed', () => {
      if (window === created) window = undefined;
    });
    // The console has one title; a page's own would flash in the title bar.
    created.on('page-title-updated', (event) => event.preventDefault());
    keepPlacement(created, statePath, logger);
    reloadAfterCrash(created, logger);
    load(created);
  };

  const load = (into: BrowserWindow): void => {
    into.loadURL(url).catch((error: unknown) => {
      // Closed or navigated while it loaded: nothing is wrong then.
      if (!into.isDestroyed()) logger.error('The window could not be loaded.', { error });
    });
  };

  nativeTheme.on('updated', () => window?.setBackgroundColor(canvasColour(nativeTheme.shouldUseDarkColors)));

  return {
    open() {
      if (window === undefined) {
        create();
        return;
      }
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    current: () => window,
    isOurs: (contents) => typeof contents === 'object' && contents !== null && hasContents(ours, contents),
  };
};

/** A WeakSet answers for any object, whatever its declared type. */
const hasContents = (set: WeakSet<object>, contents: object): boolean => set.has(contents);

const keepPlacement = (window: BrowserWindow, path: string, logger: Logger): void => {
  let timer: NodeJS.Timeout | undefined;
  const save = (): void => {
    clearTimeout(timer);
    if (window.isDestroyed() || window.isMinimized()) return;
    const state: SavedState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeWindowState(path, state);
    } catch (error) {
      logger.warn('The place of the window could not be saved.', { error });
    }
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_AFTER_MS);
  };
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', save);
};

const reloadAfterCrash = (window: BrowserWindow, logger: Logger): void => {
  const reloads: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    logger.error('The page of the window ended.', { reason, exitCode });
    const now = Date.now();
    while (reloads[0] !== undefined && now - reloads[0] > RELOAD_SPAN_MS) reloads.shift();
    if (reason === 'clean-exit' || reloads.length >= MAX_RELOADS) return;
    reloads.push(now);
    setImmediate(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
  });
  window.on('unresponsive', () => logger.warn('The page of the window does not answer.'));
  window.on('responsive', () => logger.info('The page of the window answers again.'));
};
