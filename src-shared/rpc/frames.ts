import { z } from 'zod';
import { AppError } from '../errors';

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
