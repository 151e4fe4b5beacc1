import type { EventEmitter } from 'node:events';
import type { MessagePort, Worker } from 'node:worker_threads';
import type { Duplex } from '@shared/rpc/duplex';

/** What Electron's MessagePortMain is, seen from the processes that may not import Electron. */
export interface EventPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

/** An Electron message port as a duplex. Messages wait in the port until the receiver is set. */
export const eventPortDuplex = (port: EventPort): Duplex => {
  const closing = createClosing();
  let receive: (message: unknown) => void = () => undefined;
  let started = false;
  port.on('close', closing.closed);
  port.on('message', ({ data }) => receive(data));
  return {
    post: (message) => {
      if (closing.open()) port.postMessage(message);
    },
    onMessage: (next) => {
      receive = next;
      if (!started) port.start();
      started = true;
    },
    onClose: closing.onClose,
    close: () => {
      if (closing.open()) port.close();
      closing.closed();
    },
  };
};

/** A worker thread's port as a duplex. */
export const threadPortDuplex = (port: MessagePort): Duplex => {
  const closing = createClosing();
  port.on('close', closing.closed);
  return {
    post: (message) => {
      if (closing.open()) port.postMessage(message);
    },
    onMessage: (receive) => {
      port.removeAllListeners('message');
      port.on('message', receive);
    },
    onClose: closing.onClose,
    close: () => port.close(),
  };
};

/** A worker thread as the one who started it has it. */
export const threadDuplex = (worker: Worker): Duplex => {
  const closing = createClosing();
  worker.on('error', closing.closed);
  worker.on('exit', closing.closed);
  return {
    post: (message) => {
      if (closing.open()) worker.postMessage(message);
    },
    onMessage: (receive) => {
      worker.removeAllListeners('message');
      worker.on('message', receive);
    },
    onClose: closing.onClose,
    close: () => void worker.terminate(),
  };
};

/** A process with an IPC channel: a forked child as its parent has it, or a child's own `process`. */
export interface IpcProcess extends Pick<EventEmitter, 'on'> {
  readonly connected: boolean;
  send?(message: unknown, done: (error: Error | null) => void): boolean;
  disconnect?(): void;
}

/**
 * The IPC channel of a process as a duplex. A message that could not be sent means that the channel is
 * gone, which `onClose` tells.
 */
export const ipcDuplex = (process: IpcProcess): Duplex => {
  const closing = createClosing();
  const early: unknown[] = [];
  let receive: ((message: unknown) => void) | undefined;
  process.on('disconnect', closing.closed);
  process.on('message', (message: unknown) => {
    if (receive === undefined) early.push(message);
    else receive(message);
  });
  const disconnect = (): void => {
    if (process.connected) process.disconnect?.();
    closing.closed();
  };
  return {
    post: (message) => {
      if (!process.connected) return;
      process.send?.(message, (error) => {
        if (error !== null) disconnect();
      });
    },
    onMessage: (next) => {
      receive = next;
      for (const message of early.splice(0)) next(message);
    },
    onClose: closing.onClose,
    close: disconnect,
  };
};

interface Closing {
  readonly open: () => boolean;
  /** Says that it is closed; only the first time counts. */
  readonly closed: () => void;
  readonly onClose: (listener: () => void) => void;
}

const createClosing = (): Closing => {
  const listeners: (() => void)[] = [];
  let open = true;
  return {
    open: () => open,
    closed: () => {
      if (!open) return;
      open = false;
      for (const listener of listeners) listener();
    },
    onClose: (listener) => {
      if (open) listeners.push(listener);
      else listener();
    },
  };
};
