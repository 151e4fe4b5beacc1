import { app, session, shell, type Session, type WebContents } from 'electron';
import { isAllowedExternal } from './external-links';
import { isOwnUrl } from './origin';

export interface GuardOptions {
  /** The origins of our own pages. */
  readonly origins: readonly string[];
  /** Told of everything that was refused. */
  readonly refused: (why: string) => void;
}

/** What a page of ours may ask of the system. Everything else is denied. */
const PERMISSIONS: ReadonlySet<string> = new Set([
  'clipboard-sanitized-write', // "Copy id", "Copy error": on a click, text only
]);

/**
 * Before `ready`: every renderer is sandboxed, whatever its window says. Not where the app was started with
 * `--no-sandbox`, as root must: Electron would take that switch back, and no process of Chromium's would start.
 */
export const enableSandbox = (warn: (message: string) => void): void => {
  if (app.commandLine.hasSwitch('no-sandbox')) warn('Chromium’s sandbox is off, as --no-sandbox asks.');
  else app.enableSandbox();
};

/** After `ready`: keeps every page where it is and denies it what it does not need. */
export const installGuards = (options: GuardOptions): void => {
  guardSession(session.defaultSession, options);
  app.on('session-created', (created) => guardSession(created, options));
  app.on('web-contents-created', (_event, contents) => guardContents(contents, options));
};

const guardSession = (guarded: Session, { origins, refused }: GuardOptions): void => {
  guarded.setPermissionRequestHandler((_contents, permission, answer, { requestingUrl }) => {
    const allowed = PERMISSIONS.has(permission) && isOwnUrl(requestingUrl, origins);
    if (!allowed) refused(`the permission "${permission}"`);
    answer(allowed);
  });
  guarded.setPermissionCheckHandler(
    (_contents, permission, origin) => PERMISSIONS.has(permission) && isOwnUrl(origin, origins),
  );
  guarded.setDevicePermissionHandler(() => false);
  guarded.on('will-download', (event, item) => {
    if (isOwnUrl(item.getURL(), origins) || isOwnBlob(item.getURL(), origins)) return;
    refused('a download from elsewhere');
    event.preventDefault();
  });
};

const isOwnBlob = (url: string, origins: readonly string[]): boolean =>
  url.startsWith('blob:') && isOwnUrl(url.slice('blob:'.length), origins);

const guardContents = (contents: WebContents, { origins, refused }: GuardOptions): void => {
  const stay = (event: { preventDefault(): void; readonly url: string }): void => {
    if (isOwnUrl(event.url, origins)) return;
    refused('a navigation away from the console');
    event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  // A frame that is handed its document (an email's preview) goes nowhere: the page's policy holds in it as well.
  contents.on('will-frame-navigate', (event) => {
    if (event.isMainFrame || event.url !== 'about:srcdoc') stay(event);
  });
  contents.on('will-attach-webview', (event) => {
    refused('a webview');
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    if (isAllowedExternal(url)) void shell.openExternal(url);
    else refused('a new window');
    return { action: 'deny' };
  });
};
