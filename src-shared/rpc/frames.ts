import { z } from 'zod';
import { AppError } from '../errors';
import type { ReceivedFrame, ServerFrame } from './server-frame';

/** The id of one call or subscription, chosen by the client, unique on its wire. */
const CallId = z.int().positive();
const Path = z.string().max(120);

// `unknown` is optional here because JSON drops what is undefined.
const Anything = z.unknown().optional();

/** What a client may send. A wire parses it before the server sees it: the far side is not trusted. */
export const ClientFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: CallId, path: Path, input: Anything }),
  z.object({ t: z.literal('open'), id: CallId, path: Path, input: Anything }),
  z.object({ t: z.literal('cancel'), id: CallId }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

/** An answer, or why there is none. */
export const Envelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: Anything }),
  z.object({ ok: z.literal(false), error: AppError }),
]);
export type Envelope = z.infer<typeof Envelope>;

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
