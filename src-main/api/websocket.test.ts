import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import type { ServerWire } from '@shared/rpc/wire';
import { serveRpcSocket, type RpcSocket } from './websocket';

const actor = { organizationId: 'org-1', userId: 'user-1', via: 'browser' } as const;

describe('who may speak to a served console', () => {
  let server: Server;
  let rpc: RpcSocket;
  let port: number;
  let wires: ServerWire[];
  let refused: string[];

  beforeEach(async () => {
    wires = [];
    refused = [];
    server = createServer((_request, response) => response.end('page'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
    ({ port } = address);
    rpc = serveRpcSocket(server, {
      rpc: { serve: (wire) => wires.push(wire) },
      token: 's3cret',
      actor,
      refused: (why) => refused.push(why),
      pingEveryMs: 50,
    });
  });
  afterEach(async () => {
    rpc.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const origin = (): string => `http://127.0.0.1:${port}`;

  /** `open`, or the HTTP status of the refusal. */
  const dial = (
    path: string,
    options: ClientOptions,
  ): Promise<{ socket: WebSocket; outcome: 'open' | number }> =>
    new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, options);
      socket.once('open', () => resolve({ socket, outcome: 'open' }));
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve({ socket, outcome: response.statusCode ?? 0 });
      });
      socket.once('error', reject);
    });

  it('lets in the page of this very server with the right token', async () => {
    const { outcome, socket } = await dial('/rpc?token=s3cret', { origin: origin() });
    expect(outcome).toBe('open');
    expect(wires).toHaveLength(1);
    socket.terminate();
  });

  it.each([
    ['no token', '/rpc', 401],
    ['a wrong token', '/rpc?token=s3creT', 401],
    ['an empty token', '/rpc?token=', 401],
    ['another path', '/rpc/../other?token=s3cret', 404],
    ['a path below', '/rpc/x?token=s3cret', 404],
  ])('refuses %s', async (_what, path, status) => {
    expect((await dial(path, { origin: origin() })).outcome).toBe(status);
    expect(wires).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(refused.join()).not.toContain('s3cre');
  });

  it.each([
    ['another site', () => 'https://evil.example'],
    ['another port of this machine', () => `http://127.0.0.1:${port + 1}`],
    ['TLS on the same host', () => `https://127.0.0.1:${port}`],
    ['a page without an origin', () => 'null'],
    ['a file', () => 'file://'],
    ['a name that begins alike', () => `http://127.0.0.1:${port}.evil.example`],
  ])('refuses the origin of %s, whatever its token', async (_what, makeOrigin) => {
    expect((await dial('/rpc?token=s3cret', { origin: makeOrigin() })).outcome).toBe(403);
    expect(wires).toEqual([]);
  });

  it('refuses who names no origin', async () => {
    expect((await dial('/rpc?token=s3cret', {})).outcome).toBe(403);
  });

  it('refuses a foreign name that was made to point at this machine', async () => {
    const options = { origin: `http://evil.example:${port}`, headers: { Host: `evil.example:${port}` } };
    expect((await dial('/rpc?token=s3cret', options)).outcome).toBe(403);
  });

  it('cuts off a message of more than 16 MB, and says so', async () => {
    const { socket } = await dial('/rpc?token=s3cret', { origin: origin() });
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    wires[0]?.onFrame(() => expect.unreachable('it was handed on'));
    socket.on('error', () => undefined);
    socket.send(JSON.stringify({ t: 'call', id: 1, path: 'a.b', input: 'x'.repeat(17 * 1024 * 1024) }));
    expect([1009, 1006]).toContain(await closed);
    expect(refused.join()).toContain('Max payload size exceeded');
  });

  it('notices within two pings that the far side is gone', async () => {
    await dial('/rpc?token=s3cret', { origin: origin(), autoPong: false });
    await new Promise<void>((resolve) => wires[0]?.onClose(resolve));
  });

  it('keeps a quiet console that answers its pings', async () => {
    const { socket } = await dial('/rpc?token=s3cret', { origin: origin() });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  it('takes at most 32 consoles at once', async () => {
    const dials = Array.from({ length: 32 }, () => dial('/rpc?token=s3cret', { origin: origin() }));
    const open = await Promise.all(dials);
    expect((await dial('/rpc?token=s3cret', { origin: origin() })).outcome).toBe(503);
    for (const { socket } of open) socket.terminate();
  });

  it('leaves the pages of the server alone', async () => {
    const response = await fetch(origin());
    expect(await response.text()).toBe('page');
  });

  it('cuts every console when it closes', async () => {
    const { socket } = await dial('/rpc?token=s3cret', { origin: origin() });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    rpc.close();
    await closed;
  });
});
