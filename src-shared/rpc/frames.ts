import { z } from 'zod';
import { AppError } from '../errors';

/** The id of one call or subscription, chosen by the client, unique on its wire. */
const CallId = z.int().positive();
const Path = z.string().max(120);

/** What a client may send. A wire parses it before the server sees it: the far side is not trusted. */
export const ClientFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('call'), id: CallId, path: Path, input: z.unknown() }),
  z.object({ t: z.literal('open'), id: CallId, path: Path, input: z.unknown() }),
  z.object({ t: z.literal('cancel'), id: CallId }),
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const Envelope = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: AppError }),
]);
export type Envelope = z.infer<typeof Envelope>;

/** What a server may send: one `result` a call; any number of `next` and one `end` a subscription. */
export const ServerFrame = z.discriminatedUnion('t', [
  z.object({ t: z.literal('result'), id: CallId, result: Envelope }),
  z.object({ t: z.literal('next'), id: CallId, value: z.unknown() }),
  z.object({ t: z.literal('end'), id: CallId, result: Envelope }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** One side of a connection. `Out` is what this side sends, `In` what it receives. */
export interface Wire<Out, In> {
  send(frame: Out): void;
  /** Replaces the receiver; there is one a wire. */
  onFrame(receive: (frame: In) => void): void;
  onClose(closed: () => void): void;
}
export type ClientWire = Wire<ClientFrame, ServerFrame>;
export type ServerWire = Wire<ServerFrame, ClientFrame>;
