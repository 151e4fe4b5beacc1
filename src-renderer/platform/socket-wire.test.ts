import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket as NodeWebSocket } from 'ws';
import type { ServerWire } from '@shared/rpc/wire';
import { describeRpcOver, type WirePair } from '../../e2e/fixtures/rpc-conformance';
import { serveRpcSocket } from '../../src-main/api/websocket';
import { openSocket } from './socket-wire';

const actor = { organizationId: 'org-1', userId: 'user-1', via: 'browser' } as const;
const sockets: NodeWebSocket[] = [];

/** The browser's WebSocket, which sends the page's origin by itself. */
class PageWebSocket extends NodeWebSocket {
  constructor(url: string) {
    super(url, { origin: `http://${new URL(url).host}` });
    sockets.push(this);
  }
}

beforeAll(() => void vi.stubGlobal('WebSocket', PageWebSocket));
afterAll(() => void vi.unstubAllGlobals());

const connect = async (): Promise<WirePair> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');

  let serve: (wire: ServerWire) => void = () => undefined;
  const served = new Promise<ServerWire>((resolve) => {
    serve = resolve;
  });
  const rpc = serveRpcSocket(server, {
    rpc: { serve: (wire) => serve(wire) },
    token: 's3cret',
    actor,
    refused: () => undefined,
  });
  const { wire } = openSocket(`ws://127.0.0.1:${address.port}/rpc?token=s3cret`);
  const socket = sockets.at(-1);
  return {
    client: wire,
    server: await served,
    sendRaw: (message) => socket?.send(JSON.stringify(message)),
    sever: () => socket?.terminate(),
    dispose: async () => {
      rpc.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

describeRpcOver('a loopback WebSocket', async () => {
  const pair = await connect();
  const socket = sockets.at(-1);
  if (socket?.readyState !== NodeWebSocket.OPEN)
    await new Promise((resolve) => socket?.once('open', resolve));
  return pair;
});

describe('the page’s end of the socket', () => {
  it('ends a connection that speaks something else', async () => {
    const pair = await connect();
    const closed = new Promise<void>((resolve) => pair.client.onClose(resolve));
    pair.client.onFrame(() => expect.unreachable('a broken frame was handed on'));
    Reflect.apply((frame: never) => pair.server.send(frame), undefined, [{ t: 'result', id: 'x' }]);
    await closed;
    await pair.dispose();
  });
});
