import type { AppError } from '@shared/errors';
import type { Duplex } from '@shared/rpc/duplex';
import { splitChannels, type Channels } from './channels';
import { StartMessage, type StartedMessage } from './control';
import { eventPortDuplex, ipcDuplex, type EventPort, type IpcProcess } from './ports';

/** The background process's side of its start. */
export interface Parent {
  /** Main's settings for this process, still to be parsed. */
  readonly config: unknown;
  /** The contract with main (`serverWireOver`). */
  readonly rpc: Duplex;
  /** Sessions of main to the database in this process. */
  readonly database: Duplex;
  /** Says that everything is up; calls are answered from now on. */
  ready(): void;
  /** Says why it cannot start. The process should end then. */
  failed(error: AppError): void;
  /** Calls `gone` when main has ended or let go: this process must end too. */
  onGone(gone: () => void): void;
}

/** The parts of `process` by which a background process knows its parent. */
export type ChildProcess = IpcProcess & {
  /** There in Electron's utility processes only. */
  readonly parentPort?: ParentPort;
};

interface ParentPort {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly EventPort[] }) => void,
  ): unknown;
  postMessage(message: unknown): void;
}

/**
 * Waits for main's start message, as a utility process of Electron or as a forked child.
 * @throws Error where the process has no parent to speak to, or the parent speaks something else.
 */
export const joinParent = async (self: ChildProcess): Promise<Parent> => {
  const channels = self.parentPort === undefined ? forked(self) : await utility(self.parentPort);
  const { config } = StartMessage.parse(await firstMessage(channels.control));
  const answer = (message: StartedMessage): void => channels.control.post(message);
  return {
    config,
    rpc: channels.rpc,
    database: channels.database,
    ready: () => answer({ type: 'ready' }),
    failed: (error) => answer({ type: 'failed', error }),
    onGone: (gone) => channels.control.onClose(gone),
  };
};

const forked = (self: ChildProcess): Channels => {
  if (!self.connected) throw new Error('The background process is started by the app, not by hand.');
  return splitChannels(ipcDuplex(self));
};

/** Electron hands over a port for each channel with the first message. */
const utility = (parent: ParentPort): Promise<Channels> =>
  new Promise((resolve, reject) => {
    parent.on('message', ({ ports }) => {
      const [control, rpc, database] = ports;
      if (control === undefined || rpc === undefined || database === undefined)
        return reject(new Error('The app sent no ports.'));
      resolve({
        control: eventPortDuplex(control),
        rpc: eventPortDuplex(rpc),
        database: eventPortDuplex(database),
      });
    });
  });

const firstMessage = (duplex: Duplex): Promise<unknown> =>
  new Promise((resolve, reject) => {
    duplex.onMessage(resolve);
    duplex.onClose(() => reject(new Error('The app ended before it said what to do.')));
  });
