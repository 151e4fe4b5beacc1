import type { BrowserWindowConstructorOptions } from 'electron';
import { MIN_HEIGHT, MIN_WIDTH } from './window-size';
import type { WindowPlacement } from './window-state';

/** The canvas of both themes (`--canvas` in src-renderer/styles/tokens.css), so that no other colour flashes before the first paint. */
const CANVAS = { light: '#f5f6f8', dark: '#0e1014' } as const;
export const canvasColour = (dark: boolean): string => (dark ? CANVAS.dark : CANVAS.light);

export interface WindowLook {
  readonly title: string;
  readonly dark: boolean;
  readonly placement: WindowPlacement;
  /** The built preload script. */
  readonly preload: string;
}

/** Every window of the console is made with these: no page can reach Node, and none is shown before it is painted. */
export const windowOptions = ({
  title,
  dark,
  placement,
  preload,
}: WindowLook): BrowserWindowConstructorOptions => ({
  title,
  ...placement.bounds,
  minWidth: MIN_WIDTH,
  minHeight: MIN_HEIGHT,
  show: false,
  backgroundColor: canvasColour(dark),
  autoHideMenuBar: false,
  webPreferences: {
    preload,
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
  },
});
