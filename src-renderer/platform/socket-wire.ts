import type { ClientWire } from '@shared/rpc/wire';
import { readServerFrame } from '@shared/rpc/server-frame';
import type { Attempt } from '@shared/rpc/reconnecting-transport';

/** One attempt to reach the console at `url`. A message that is no frame of the protocol ends the connection. */
export function openSocket(url: string): Attempt {
  const socket = new WebSocket(url);
  const wire: ClientWire = {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    },
    onFrame: (receive) => {
      socket.onmessage = (event: MessageEvent<unknown>) => {
        const frame = readServerFrame(parseJson(event.data));
        if (frame === undefined) socket.close(PROTOCOL_BROKEN);
        else receive(frame);
      };
    },
    onClose: (closed) => {
      if (socket.readyState === WebSocket.CLOSED) closed();
      else socket.addEventListener('close', () => closed(), { once: true });
    },
  };
  return {
    wire,
    onOpen: (opened) => socket.addEventListener('open', () => opened(), { once: true }),
  };
}

/** In the range that a page may use (RFC 6455, section 7.4.2). */
const PROTOCOL_BROKEN = 4002;

function parseJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
