import type { ClientFrame, ClientWire, ServerFrame, ServerWire } from './frames';

/** Two joined ends in one process; frames arrive in order, in a later turn, as copies like on any other wire. */
export const createMemoryWire = (): { client: ClientWire; server: ServerWire; close: () => void } => {
  const client = createEnd<ClientFrame, ServerFrame>();
  const server = createEnd<ServerFrame, ClientFrame>();
  client.join(server);
  server.join(client);
  return {
    client: client.wire,
    server: server.wire,
    close: () => {
      client.close();
      server.close();
    },
  };
};

interface End<Out, In> {
  readonly wire: {
    send(frame: Out): void;
    onFrame(receive: (frame: In) => void): void;
    onClose(closed: () => void): void;
  };
  join(peer: End<In, Out>): void;
  deliver(frame: In): void;
  close(): void;
}

const createEnd = <Out, In>(): End<Out, In> => {
  let receive: (frame: In) => void = () => undefined;
  const listeners: (() => void)[] = [];
  let peer: End<In, Out> | undefined;
  let closed = false;
  return {
    wire: {
      send: (frame) => {
        // JSON and not structuredClone: the strictest of the wires decides what may be sent.
        const copy = JSON.parse(JSON.stringify(frame)) as Out;
        queueMicrotask(() => peer?.deliver(copy));
      },
      onFrame: (next) => {
        receive = next;
      },
      onClose: (listener) => {
        listeners.push(listener);
      },
    },
    join: (other) => {
      peer = other;
    },
    deliver: (frame) => {
      if (!closed) receive(frame);
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const listener of listeners) listener();
    },
  };
};
