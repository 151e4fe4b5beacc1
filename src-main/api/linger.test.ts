import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppError } from '@shared/errors';
import { createFileExchange, type FileExchange } from '../files/exchange';
import { readJson } from './body';
import { consoleRoutes } from './console';
import { lingeringBody } from './linger';
import { problem } from './problems';
import { readMultipart } from './upload';

const MB = 1024 ** 2;
const CONSOLE_TOKEN = 'the-token-of-a-console';
const TOO_LARGE: AppError = { code: 'payload_too_large', message: 'Too large.' };

describe('an answer to a request that is not read to its end', () => {
  let server: Server;
  let folder: string;
  let files: FileExchange;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-linger-'));
    files = await createFileExchange({ directory: folder, maxBytes: MB, report: () => undefined });
    const app = new Hono<{ Bindings: HttpBindings }>();
    app.post('/at-once', (c) => problem(c, TOO_LARGE));
    app.post('/json', async (c) => {
      const body = await readJson(c, z.unknown());
      return body.ok ? c.json({}) : problem(c, body.error);
    });
    app.post('/file', async (c) => {
      const upload = await readMultipart(c.env.incoming, (content, name) => files.accept(content, name));
      return upload.ok ? c.json({}) : problem(c, upload.error);
    });
    app.route(
      '/',
      consoleRoutes(
        { acceptUpload: (content, name) => files.accept(content, name), openDownload: () => null },
        { token: CONSOLE_TOKEN, bundleDir: folder },
      ),
    );
    app.post('/short-patience', (c) => {
      const answer = Buffer.from('{}');
      const limits = { bytes: MB, totalMs: 60_000, silentMs: 100 };
      return c.body(lingeringBody(answer, c.env.incoming, limits), 413, {
        ...{ Connection: 'close', 'Content-Length': String(answer.length) },
      });
    });
    const listener = getRequestListener(app.fetch);
    server = createServer((request, response) => void listener(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await files.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.pause();
    await once(socket, 'connect');
    return socket;
  };
  const write = (socket: Socket, bytes: string | Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  /** Sends all of a request before it looks for an answer, as simple senders do. */
  const send = async (
    path: string,
    headers: readonly string[],
    pieces: Iterable<Buffer>,
  ): Promise<string> => {
    const socket = await open();
    await write(socket, [`POST ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''].join('\r\n'));
    for (const piece of pieces) await write(socket, piece);
    return answerOf(socket);
  };
  const answerOf = async (socket: Socket): Promise<string> => {
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    return answer;
  };
  function* zeros(count: number, around: (piece: Buffer) => Buffer = (piece) => piece): Generator<Buffer> {
    for (let n = 0; n < count; n += 1) yield around(Buffer.alloc(MB, 0x20));
  }
  const chunk = (piece: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]);
  const expectRefused = (answer: string): void => {
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch(/\r\nconnection: close\r\n/i);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ code: 'payload_too_large' });
  };

  it('reaches a sender that writes on for megabytes before it looks', async () => {
    const length = [`Content-Length: ${24 * MB}`];
    for (let round = 0; round < 5; round += 1) expectRefused(await send('/at-once', length, zeros(24)));
    // Nor does it wait for one that never sends the rest.
    expectRefused(await send('/at-once', [`Content-Length: ${2_000 * MB}`], zeros(8)));
  });

  it('reaches it also where its length was not told: JSON and files', async () => {
    const chunked = 'Transfer-Encoding: chunked';
    const end = Buffer.from('0\r\n\r\n');
    expectRefused(await send('/json', [chunked], [...zeros(40, chunk), end]));
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
    const form = [chunked, 'Content-Type: multipart/form-data; boundary=b'];
    expectRefused(await send('/file', form, [chunk(Buffer.from(head)), ...zeros(24, chunk), end]));
  });

  it('reaches a page that streams a file without its length, and the next upload works', async () => {
    const head = ['Origin: http://localhost', `Authorization: Bearer ${CONSOLE_TOKEN}`];
    const end = Buffer.from('0\r\n\r\n');
    const chunked = [...head, 'Transfer-Encoding: chunked'];
    for (let round = 0; round < 3; round += 1)
      expectRefused(await send('/files', chunked, [...zeros(24, chunk), end]));
    const small = [...chunked, 'Connection: close'];
    expect(await send('/files', small, [chunk(Buffer.from('Phone\n')), end])).toMatch(
      /^HTTP\/1\.1 201 .*"uploadId"/s,
    );
  });

  it('is there at once for a sender that looks', async () => {
    const socket = await open();
    await write(socket, `POST /at-once HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${24 * MB}\r\n\r\n`);
    socket.resume();
    const [first] = (await once(socket, 'data')) as [Buffer];
    expectRefused(first.toString());
    socket.destroy();
  });

  it('is followed by the end for who never stops, and for who says nothing more', async () => {
    const socket = await open();
    const broken = once(socket, 'error');
    await write(
      socket,
      `POST /short-patience HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${900 * MB}\r\n\r\n`,
    );
    const writing = (async () => {
      for (const piece of zeros(900)) await write(socket, piece);
    })();
    await expect(writing).rejects.toThrow();
    await broken;
    const answer = await send('/short-patience', [`Content-Length: ${MB}`], []);
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*\{\}$/s);
  });
});
