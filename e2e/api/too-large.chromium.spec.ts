import { readdirSync, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { launchServe, type LaunchedServe } from '../fixtures/serve';
import { restClient } from './rest-client';

const MB = 1024 ** 2;
const FILE_BYTES = 2048 * MB;
/** What the sockets of both ends hold and what goes out while the answer comes is not counted. */
const BEFORE_ANSWER_BYTES = { told: 32 * MB, untold: 512 * MB };

test.describe('a file of 2 GB', () => {
  let serve: LaunchedServe;
  test.beforeAll(async () => {
    serve = await launchServe();
  });
  test.afterAll(() => serve.stop());

  test('is refused by its length, before it is sent', async () => {
    const before = peakMb(serve.pid);
    const refused = await send(serve, true);
    expect(refused.answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(refused.sent).toBeLessThan(BEFORE_ANSWER_BYTES.told);
    expect(peakMb(serve.pid) - before).toBeLessThan(150);
    await expectNothingKept(serve);
  });

  test('is refused at the limit where its length is not told', async () => {
    const before = peakMb(serve.pid);
    const refused = await send(serve, false);
    expect(refused.answer).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
    expect(refused.sent).toBeLessThan(BEFORE_ANSWER_BYTES.untold);
    expect(peakMb(serve.pid) - before).toBeLessThan(150);
    await expectNothingKept(serve);
  });

  async function expectNothingKept({ dataFolder }: LaunchedServe): Promise<void> {
    await expect.poll(() => largest(dataFolder)).toBeLessThan(100 * MB);
    // It still answers, and an upload right after works.
    const good = await restClient(serve).upload('small.csv', 'Phone,Name\n+966512345678,Small\n');
    expect(good.status).toBe(202);
  }
});

interface Sent {
  /** Bytes that went out before the answer came. */
  readonly sent: number;
  readonly answer: { readonly status: number; readonly body: unknown };
}

/** Uploads zeros until the whole file is sent or the answer is there. */
function send(serve: LaunchedServe, tellLength: boolean): Promise<Sent> {
  const boundary = 'a-boundary-of-a-test';
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="huge.csv"\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const piece = Buffer.alloc(MB);
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = false;
    const outgoing = request(`${serve.url}/api/imports`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${serve.token}`,
        'Content-Type': `multipart/form-data; boundary=${boundary}`,
        ...(tellLength ? { 'Content-Length': head.length + FILE_BYTES + tail.length } : {}),
      },
    });
    outgoing.once('response', (response) => {
      answered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        outgoing.destroy();
        const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
        resolve({ sent, answer: { status: response.statusCode ?? 0, body } });
      });
    });
    outgoing.on('error', (error) => {
      // The server hangs up on what it does not want; what counts is that its answer came before.
      if (!answered) reject(error);
    });
    const pump = (): void => {
      while (!answered && sent < FILE_BYTES) {
        sent += piece.length;
        const isFull = !outgoing.write(piece);
        if (isFull) {
          outgoing.once('drain', pump);
          return;
        }
      }
      if (!answered) outgoing.end(tail);
    };
    outgoing.write(head);
    pump();
  });
}

/** The most memory a process had, where the system tells. */
function peakMb(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(peak ?? 0) / 1024;
}

function largest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(
    0,
    ...files.map((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
  );
}
