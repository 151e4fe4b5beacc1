import type { ClientFrame } from './frames';
import type { ReceivedFrame, ServerFrame } from './server-frame';

/** One side of a connection. `Out` is what this side sends, `In` what it receives. */
export interface Wire<Out, In> {
  /** Throws only where the frame holds what the wire cannot carry; after the wire has closed, it does nothing. */
  send(frame: Out): void;
  /** Replaces the receiver; there is one a wire. */
  onFrame(receive: (frame: In) => void): void;
  /** Calls `closed` once; at once where the wire is closed already. */
  onClose(closed: () => void): void;
}
export type ClientWire = Wire<ClientFrame, ReceivedFrame>;
export type ServerWire = Wire<ServerFrame, ClientFrame>;
