import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { app } from 'electron';
import { z } from 'zod';
import type { AppSignal } from '@shared/contract/app';
import { LINK_SCHEME } from '@shared/domain/console-link';
import { fileSignal, linkSignal, notOpened, signalsOf } from './argv';

/** What a second instance tells the first one. Not to be trusted: whoever can start the app can send it. */
const Handover = z.object({ argv: z.array(z.string().max(4_096)).max(200), cwd: z.string().max(4_096) });

/** Whether this is the only console on its data; if not, the first one was told what this one was asked to do. */
export const isFirstInstance = (): boolean => {
  const handover: z.infer<typeof Handover> = { argv: process.argv.slice(1), cwd: process.cwd() };
  return app.requestSingleInstanceLock(handover);
};

export interface OpenRequestOptions {
  readonly send: (signal: AppSignal) => void;
  /** Brings the window to the front. */
  readonly focus: () => void;
  readonly refused: (why: string) => void;
  /** The app is on its way out. */
  readonly isEnding: () => boolean;
}

/**
 * Everything that the system may ask of the running app: files and links on the command line, "open with",
 * a second instance. Call before `ready`, so that macOS' first `open-file` is not missed.
 */
export const followOpenRequests = ({ send, focus, refused, isEnding }: OpenRequestOptions): void => {
  const heed = async (signal: AppSignal): Promise<void> => {
    const isGone = signal.type === 'open-file' && !(await isFile(signal.path));
    const heeded = isGone ? notOpened('file', signal.name) : signal;
    if (heeded.type === 'not-opened') refused(`a ${heeded.what} that cannot be opened`);
    send(heeded);
  };

  for (const signal of signalsOf(process.argv.slice(1), process.cwd())) void heed(signal);

  let isAwaited = false;
  app.on('second-instance', (_event, _argv, _workingDirectory, data) => {
    const handover = Handover.safeParse(data);
    if (isEnding()) {
      // Who opens the console while it closes would see nothing at all: it starts anew when it has ended.
      if (!isAwaited) app.relaunch(handover.success ? { args: handover.data.argv } : {});
      isAwaited = true;
      return;
    }
    focus();
    if (!handover.success) return refused('a second instance that says nothing understandable');
    for (const signal of signalsOf(handover.data.argv, handover.data.cwd)) void heed(signal);
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    focus();
    void heed(fileSignal(path, '/') ?? notOpened('file', basename(path)));
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    focus();
    void heed(linkSignal(url));
  });
  // In development the system would remember Electron itself for these links.
  if (!process.defaultApp) app.setAsDefaultProtocolClient(LINK_SCHEME);
};

const isFile = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
};
