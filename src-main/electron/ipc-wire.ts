import { fail, type AppError } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { ClientFrame } from '@shared/rpc/frames';
import type { ServerWire } from '@shared/rpc/wire';
import type { RpcServer } from '@shared/rpc/server';
import { FROM_PAGE, SessionId, TO_PAGE } from './ipc-protocol';
import { isOwnUrl } from './origin';

/** The parts of Electron's WebContents, frame, event and ipcMain that the wire stands on. */
export interface IpcContents {
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
  once(event: 'destroyed', listener: () => void): unknown;
  on(event: 'render-process-gone', listener: () => void): unknown;
}
export interface IpcFrame {
  readonly url: string;
  readonly parent: IpcFrame | null;
}
export interface IpcEvent {
  readonly sender: IpcContents;
  readonly senderFrame: IpcFrame | null;
  reply(channel: string, ...args: unknown[]): void;
}
export interface IpcHost {
  on(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => void): unknown;
}

export interface IpcServerOptions {
  readonly ipc: IpcHost;
  /** Whether these web contents are a window of ours. */
  readonly isOurs: (contents: IpcContents) => boolean;
  /** The origins that may speak: the bundle's, in development also the dev server's. */
  readonly origins: readonly string[];
  /** Told of every message that was refused. */
  readonly refused: (why: string) => void;
}

export interface IpcServer {
  /** Answers with this server from now on; what was asked before has waited for it. */
  serve(rpc: RpcServer, actor: Actor): void;
}

/**
 * The contract over Electron's IPC: one wire for each document that speaks. Every message is checked for
 * who sends it before it is read: a window of ours, its top frame, our own origin.
 */
export const createIpcServer = ({ ipc, isOurs, origins, refused }: IpcServerOptions): IpcServer => {
  const lines = new Map<IpcContents, Line>();
  let attach: ((wire: ServerWire) => void) | undefined;

  const lineOf = (contents: IpcContents, session: string): Line => {
    const present = lines.get(contents);
    if (present?.session === session) return present;
    // Another document is there now: a reload. Whatever the old one had open ends.
    present?.close();
    if (present === undefined) {
      const drop = (): void => {
        lines.get(contents)?.close();
        lines.delete(contents);
      };
      contents.once('destroyed', drop);
      contents.on('render-process-gone', () => lines.get(contents)?.close());
    }
    const line = createLine(contents, session);
    lines.set(contents, line);
    attach?.(line.wire);
    return line;
  };

  ipc.on(FROM_PAGE, (event, session, message) => {
    const problem = senderProblem(event, isOurs, origins);
    const frame = ClientFrame.safeParse(message);
    const parsedSession = SessionId.safeParse(session);
    if (problem !== undefined) {
      refused(`a message of ${problem}`);
      if (frame.success && parsedSession.success) answerForbidden(event, parsedSession.data, frame.data);
      return;
    }
    if (!frame.success || !parsedSession.success) return refused('a message that is no frame');
    lineOf(event.sender, parsedSession.data).deliver(frame.data);
  });

  return {
    serve(rpc, actor) {
      attach = (wire) => rpc.serve(wire, actor);
      for (const line of lines.values()) attach(line.wire);
    },
  };
};

const senderProblem = (
  { sender, senderFrame }: IpcEvent,
  isOurs: IpcServerOptions['isOurs'],
  origins: readonly string[],
): string | undefined => {
  if (!isOurs(sender)) return 'web contents that are not ours';
  if (senderFrame === null) return 'a frame that is gone';
  if (senderFrame.parent !== null) return 'a frame inside the page';
  return isOwnUrl(senderFrame.url, origins) ? undefined : 'a page of another origin';
};

const forbidden: AppError = {
  code: 'forbidden',
  message: 'Only the console’s own window may ask this.',
};

const answerForbidden = (event: IpcEvent, session: string, frame: ClientFrame): void => {
  if (frame.t === 'cancel') return;
  const t = frame.t === 'call' ? 'result' : 'end';
  event.reply(TO_PAGE, session, { t, id: frame.id, result: fail(forbidden) });
};

/** The wire of one document. */
interface Line {
  readonly session: string;
  readonly wire: ServerWire;
  deliver(frame: ClientFrame): void;
  close(): void;
}

const createLine = (contents: IpcContents, session: string): Line => {
  const early: ClientFrame[] = [];
  const listeners: (() => void)[] = [];
  let receive: ((frame: ClientFrame) => void) | undefined;
  let open = true;
  return {
    session,
    deliver: (frame) => {
      if (!open) return;
      if (receive === undefined) early.push(frame);
      else receive(frame);
    },
    close: () => {
      if (!open) return;
      open = false;
      for (const listener of listeners) listener();
    },
    wire: {
      send: (frame) => {
        if (open && !contents.isDestroyed()) contents.send(TO_PAGE, session, frame);
      },
      onFrame: (next) => {
        receive = next;
        for (const frame of early.splice(0)) next(frame);
      },
      onClose: (closed) => {
        if (open) listeners.push(closed);
        else closed();
      },
    },
  };
};
