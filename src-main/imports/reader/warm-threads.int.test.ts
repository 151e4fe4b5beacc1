import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppFailure } from '@shared/errors';
import { bundle } from '../testing/bundle';
import { runReader } from './reader-thread';
import { WarmThreads } from './warm-threads';

/** Remembers which threads were handed out. */
class WatchedThreads extends WarmThreads {
  readonly taken: Worker[] = [];

  override take(path: string, heapMb: number): Worker {
    const worker = super.take(path, heapMb);
    this.taken.push(worker);
    return worker;
  }
}

describe('the threads that read files', () => {
  let folder: string;
  let thread: { path: string; dispose: () => Promise<void> };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-threads-'));
    thread = await bundle('src-main/imports/reader/thread.ts');
    await writeFile(join(folder, 'good.csv'), 'phone,name\n+966512345678,Ann\n');
    await writeFile(join(folder, 'bad.xlsx'), Buffer.from('PK\u0003\u0004 but no more'));
  });
  afterAll(async () => {
    await thread.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const inspect = (threads: WarmThreads, name: string, signal = new AbortController().signal) =>
    runReader(
      { kind: 'inspect', ref: { path: join(folder, name) } },
      { threadPath: thread.path, threads },
      signal,
      () => Promise.resolve(),
    );

  it('are kept for the next file', async () => {
    const threads = new WatchedThreads();
    const first = await inspect(threads, 'good.csv');
    expect(await inspect(threads, 'good.csv')).toEqual(first);
    const [one, two] = threads.taken;
    expect(two).toBe(one);
    await one?.terminate();
  });

  it('are two where two files are read at once, of which one is kept', async () => {
    const threads = new WatchedThreads();
    await Promise.all([inspect(threads, 'good.csv'), inspect(threads, 'good.csv')]);
    await inspect(threads, 'good.csv');
    expect(new Set(threads.taken).size).toBe(2);
    await Promise.all(threads.taken.map((worker) => worker.terminate()));
  });

  it('are not kept after a file that was refused, or was given up', async () => {
    const threads = new WatchedThreads();
    await expect(inspect(threads, 'bad.xlsx')).rejects.toThrow(AppFailure);
    const given = new AbortController();
    const giving = inspect(threads, 'good.csv', given.signal);
    given.abort();
    await expect(giving).rejects.toThrow(AppFailure);
    await inspect(threads, 'good.csv');
    expect(new Set(threads.taken).size).toBe(3);
    await Promise.all(threads.taken.map((worker) => worker.terminate()));
  });

  it('end when no file comes, and one that ends meanwhile is replaced', async () => {
    const threads = new WatchedThreads(50);
    await inspect(threads, 'good.csv');
    await expect.poll(() => threads.taken[0]?.threadId).toBe(-1);
    const lasting = new WatchedThreads();
    await inspect(lasting, 'good.csv');
    await lasting.taken[0]?.terminate();
    await delay(10);
    expect(await inspect(lasting, 'good.csv')).toMatchObject({ type: 'inspected' });
    expect(new Set(lasting.taken).size).toBe(2);
    await lasting.taken[1]?.terminate();
  });
});
