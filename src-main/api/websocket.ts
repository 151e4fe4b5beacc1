import type { IncomingMessage, Server } from 'node:http';
import type { Duplex as NodeStream } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Actor } from '@shared/rpc/define';
import { serverWireOver, type Duplex } from '@shared/rpc/duplex';
import type { RpcServer } from '@shared/rpc/server';
import { sameSecret } from './guard';

/** The path at which a browser's console speaks to the process that served it. */
const RPC_PATH = '/rpc';
/** The largest input of the contract, an audience of 100,000 contacts by id, is 4 MB. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Consoles open at once; each is a person's browser tab. */
const MAX_CONNECTIONS = 32;
/** A browser that does not answer one ping before the next is gone. */
const PING_EVERY_MS = 15_000;
/** What a slow reader may leave unread before it is cut off: it comes back and reads the truth anew. */
const MAX_UNSENT_BYTES = 64 * 1024 * 1024;

export interface RpcSocketOptions {
  readonly rpc: RpcServer;
  /** What `?token=` must be. */
  readonly token: string;
  readonly actor: Actor;
  /** Told of every connection and message that was refused, in words fit for the log. */
  readonly refused: (why: string) => void;
  readonly pingEveryMs?: number;
}

export interface RpcSocket {
  /** Cuts every connection and takes no more. */
  close(): void;
}

/**
 * Serves the contract at `/rpc` of an HTTP server to the pages of that same server: the token must be
 * right and the Origin must be the address that was asked, which no foreign page can pretend, not even
 * one that rebinds a name to this machine (its Origin would be that name, and `Host` must be loopback).
 */
export const serveRpcSocket = (server: Server, options: RpcSocketOptions): RpcSocket => {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });

  const upgrade = (request: IncomingMessage, socket: NodeStream, head: Buffer): void => {
    const refusal = refusalOf(request, options.token, sockets.clients.size);
    if (refusal !== undefined) {
      options.refused(refusal.why);
      socket.on('error', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal.status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const wire = serverWireOver(socketDuplex(client, options), () => {
        options.refused('a message that is no frame');
      });
      options.rpc.serve(wire, options.actor);
    });
  };

  server.on('upgrade', upgrade);
  return {
    close: () => {
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
};

interface Refusal {
  readonly status: string;
  readonly why: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const refusalOf = (request: IncomingMessage, token: string, connected: number): Refusal | undefined => {
  const host = request.headers.host ?? '';
  const url = parseUrl(`http://${host}${request.url ?? ''}`);
  if (url?.pathname !== RPC_PATH) return { status: '404 Not Found', why: 'a socket at an unknown path' };
  if (!LOOPBACK.has(url.hostname))
    return { status: '403 Forbidden', why: 'a socket asked for by a foreign name' };
  if (request.headers.origin !== `http://${host}`)
    return { status: '403 Forbidden', why: 'a socket from another origin' };
  if (!sameSecret(url.searchParams.get('token') ?? '', token))
    return { status: '401 Unauthorized', why: 'a socket without the right token' };
  if (connected >= MAX_CONNECTIONS) return { status: '503 Service Unavailable', why: 'one console too many' };
  return undefined;
};

const parseUrl = (text: string): URL | undefined => {
  try {
    return new URL(text);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

/** A WebSocket of `ws` as a duplex of JSON messages, watched by pings. */
const socketDuplex = (
  socket: WebSocket,
  { refused, pingEveryMs = PING_EVERY_MS }: Pick<RpcSocketOptions, 'refused' | 'pingEveryMs'>,
): Duplex => {
  let answered = true;
  const pings = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingEveryMs);
  pings.unref();
  socket.on('pong', () => {
    answered = true;
  });
  socket.on('close', () => clearInterval(pings));
  // Too big a message, a broken frame, a reset: `ws` closes the socket itself.
  socket.on('error', (error) => refused(`a socket's message: ${error.message}`));

  return {
    post: (message) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_UNSENT_BYTES) return socket.terminate();
      socket.send(JSON.stringify(message));
    },
    onMessage: (receive) => {
      socket.removeAllListeners('message');
      socket.on('message', (data, isBinary) => receive(isBinary ? undefined : parseJson(data)));
    },
    onClose: (closed) => {
      if (socket.readyState === socket.CLOSED) closed();
      else socket.once('close', () => closed());
    },
    close: () => socket.close(),
  };
};

const parseJson = (data: RawData): unknown => {
  const text = Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.isBuffer(data)
      ? data.toString('utf8')
      : Buffer.from(data).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
