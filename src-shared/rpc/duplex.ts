import { ClientFrame } from './frames';
import type { ClientWire, ServerWire } from './wire';
import { readServerFrame } from './server-frame';

/** Two-way messages in order: a message port, a child process, a socket. Values are copied on the way. */
export interface Duplex {
  /** Throws only where the message holds what cannot be copied; after a close it does nothing. */
  post(message: unknown): void;
  /** Replaces the receiver; there is one. Messages that arrived before it was set are delivered to it. */
  onMessage(receive: (message: unknown) => void): void;
  /** Calls `closed` once, whichever side closed; at once where it is closed already. */
  onClose(closed: () => void): void;
  close(): void;
}

/** A server's end of a wire over a duplex. What is no client frame is refused and handed to `refused`. */
export const serverWireOver = (duplex: Duplex, refused: (message: unknown) => void): ServerWire => ({
  send: (frame) => duplex.post(frame),
  onFrame: (receive) =>
    duplex.onMessage((message) => {
      const frame = ClientFrame.safeParse(message);
      if (frame.success) receive(frame.data);
      else refused(message);
    }),
  onClose: (closed) => duplex.onClose(closed),
});

/** A client's end of a wire over a duplex. What is no server frame is dropped and handed to `refused`. */
export const clientWireOver = (duplex: Duplex, refused: (message: unknown) => void): ClientWire => ({
  send: (frame) => duplex.post(frame),
  onFrame: (receive) =>
    duplex.onMessage((message) => {
      const frame = readServerFrame(message);
      if (frame === undefined) refused(message);
      else receive(frame);
    }),
  onClose: (closed) => duplex.onClose(closed),
});
