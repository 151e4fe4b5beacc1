import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { createFileExchange, type FileExchange } from './exchange';

let directory: string;
let exchange: FileExchange;
const open = async (options: { keptForMs?: number; maxBytes?: number } = {}): Promise<FileExchange> =>
  createFileExchange({ directory, report: () => undefined, ...options });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'adsapp-files-'));
  exchange = await open();
});
afterEach(async () => {
  await exchange.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a download', () => {
  it('can be fetched once, under an address that cannot be guessed', async () => {
    const { url, fileName } = await exchange.offer(Buffer.from('hi'), 'a b/ü.xlsx', 'text/plain');
    expect(fileName).toBe('ü.xlsx');
    expect(url).toMatch(/^\/files\/[0-9a-f-]{36}\/%C3%BC\.xlsx$/);
    const file = exchange.resolve(url);
    expect(file).toMatchObject({ fileName: 'ü.xlsx', contentType: 'text/plain' });
    expect(await readFile(file?.path ?? '', 'utf8')).toBe('hi');
    expect(exchange.resolve(url)).toBeNull();
    expect(exchange.resolve('/files/../../etc/passwd')).toBeNull();
  });

  it('is removed when nobody fetches it', async () => {
    exchange = await open({ keptForMs: 20 });
    const { url } = await exchange.offer(Buffer.from('hi'), 'a.txt', 'text/plain');
    await expect.poll(() => readdir(directory)).toEqual([]);
    expect(exchange.resolve(url)).toBeNull();
  });
});

describe('an upload', () => {
  it('waits under an id until it is taken', async () => {
    const { uploadId, path } = unwrap(
      await exchange.accept(Readable.from([Buffer.from('rows')]), '../../list.csv'),
    );
    expect(exchange.uploaded(uploadId)).toEqual({ path, fileName: 'list.csv' });
    await exchange.release(uploadId);
    expect(exchange.uploaded(uploadId)).toBeNull();
    expect(await readdir(directory)).toEqual([]);
  });

  it('is refused when it is too large or breaks off, and leaves nothing', async () => {
    exchange = await open({ maxBytes: 10 });
    expect(await exchange.accept(Readable.from([Buffer.alloc(8), Buffer.alloc(8)]), 'a')).toMatchObject({
      ok: false,
      error: { code: 'payload_too_large' },
    });
    const breakOff = async (): Promise<void> => {
      const broken = new Readable({ read: () => broken.destroy(new Error('gone')) });
      expect(await exchange.accept(broken, 'a')).toMatchObject({
        ok: false,
        error: { code: 'connection_lost' },
      });
    };
    // Now and then one is over before its file is open.
    for (let round = 0; round < 50; round += 1) await Promise.all(Array.from({ length: 20 }, breakOff));
    expect(await readdir(directory)).toEqual([]);
  });

  it('does not survive a restart', async () => {
    unwrap(await exchange.accept(Readable.from([Buffer.from('rows')]), 'list.csv'));
    exchange = await open();
    expect(await readdir(directory)).toEqual([]);
  });
});
