import { clientWireOver, serverWireOver, type Duplex } from './duplex';
import type { ClientWire, ServerWire } from './wire';

/** Two joined ends in one process; frames arrive in order, in a later turn, as copies like on any other wire. */
export const createMemoryWire = (
  refused: (message: unknown) => void = () => undefined,
): { client: ClientWire; server: ServerWire; sendRaw: (message: unknown) => void; close: () => void } => {
  const [client, server] = createMemoryDuplex();
  return {
    client: clientWireOver(client, refused),
    server: serverWireOver(server, refused),
    sendRaw: (message) => client.post(message),
    close: () => client.close(),
  };
};

/** A pair of duplexes, each one's messages being the other's. Closing one closes both. */
export const createMemoryDuplex = (): [Duplex, Duplex] => {
  const left = createEnd();
  const right = createEnd();
  left.join(right);
  right.join(left);
  return [left.duplex, right.duplex];
};

interface End {
  readonly duplex: Duplex;
  join(peer: End): void;
  deliver(message: unknown): void;
  closed(): void;
}

const createEnd = (): End => {
  const early: unknown[] = [];
  const listeners: (() => void)[] = [];
  let receive: ((message: unknown) => void) | undefined;
  let peer: End | undefined;
  let open = true;

  const closed = (): void => {
    if (!open) return;
    open = false;
    for (const listener of listeners) listener();
  };

  const deliver = (message: unknown): void => {
    if (!open) return;
    if (receive === undefined) early.push(message);
    else receive(message);
  };

  return {
    join: (other) => {
      peer = other;
    },
    deliver,
    closed,
    duplex: {
      post: (message) => {
        if (!open) return;
        // JSON and not structuredClone: the strictest of the wires decides what may be sent.
        const copy: unknown = JSON.parse(JSON.stringify(message));
        queueMicrotask(() => peer?.deliver(copy));
      },
      onMessage: (next) => {
        receive = next;
        for (const message of early.splice(0)) deliver(message);
      },
      onClose: (listener) => {
        if (open) listeners.push(listener);
        else listener();
      },
      close: () => {
        closed();
        peer?.closed();
      },
    },
  };
};
