import type { ChildProcess } from 'node:child_process';
import type { MessagePort } from 'node:worker_threads';
import type { DuplexPort } from './pglite-port';

/** A worker thread's port. */
export function fromWorkerPort(port: MessagePort): DuplexPort {
  return {
    // The bytes are copied: their memory may still be the sender's.
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

/** The part of Electron's MessagePortMain that is used (this folder does not know Electron). */
export interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** A port between Electron's main process and a utility process. */
export function fromElectronPort(port: ElectronPort): DuplexPort {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', ({ data }) => listener(data));
      port.start();
    },
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  };
}

/** A child process that was forked with `serialization: 'advanced'`, seen from its parent. */
export function fromChildProcess(child: ChildProcess): DuplexPort {
  return {
    post: (message) => child.send(message),
    onMessage: (listener) => child.on('message', listener),
    onClose: (listener) => child.on('disconnect', listener),
    close: () => child.disconnect(),
  };
}

/** The parent of this process, seen from the child. */
export function fromParentProcess(self: NodeJS.Process): DuplexPort {
  return {
    post: (message) => {
      self.send?.(message);
    },
    onMessage: (listener) => self.on('message', listener),
    onClose: (listener) => self.on('disconnect', listener),
    close: () => self.disconnect(),
  };
}
