import type { Envelope } from './frames';

// Free of zod: the sandboxed preload script speaks this side of the protocol and is kept small, because
// it is read and run before the page is. What is inside an envelope is parsed by the client.

/** What a server sends: one `result` a call; any number of `next` and one `end` a subscription. */
export type ServerFrame =
  | { readonly t: 'result'; readonly id: number; readonly result: Envelope }
  | { readonly t: 'next'; readonly id: number; readonly value: unknown }
  | { readonly t: 'end'; readonly id: number; readonly result: Envelope };

/** The same as it arrives: the frame is known, the envelope in it is not checked yet. */
export type ReceivedFrame =
  | { readonly t: 'result'; readonly id: number; readonly result: unknown }
  | { readonly t: 'next'; readonly id: number; readonly value: unknown }
  | { readonly t: 'end'; readonly id: number; readonly result: unknown };

/** A server's frame in whatever a wire delivered, or undefined where it is none. */
export const readServerFrame = (data: unknown): ReceivedFrame | undefined => {
  if (typeof data !== 'object' || data === null) return undefined;
  const id: unknown = Reflect.get(data, 'id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1) return undefined;
  const t: unknown = Reflect.get(data, 't');
  switch (t) {
    case 'result':
    case 'end':
      return { t, id, result: Reflect.get(data, 'result') };
    case 'next':
      return { t, id, value: Reflect.get(data, 'value') };
    default:
      return undefined;
  }
};
