import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LockFile } from './lock-file';
import { spawnChild } from './testing/spawn-child';

describe('the lock on a data folder', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'adsapp-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const content = (more: object) =>
    JSON.stringify({ pid: process.pid, host: hostname(), processStart: null, token: 't', ...more });
  const refused = { error: { code: 'conflict' } };

  test('is held by one, and free after release', async () => {
    const lock = await LockFile.acquire(path);
    await expect(LockFile.acquire(path, { waitMs: 0 })).rejects.toMatchObject(refused);
    await lock.release();
    await (await LockFile.acquire(path, { waitMs: 0 })).release();
  });

  test('waits for a holder that is just closing', async () => {
    const lock = await LockFile.acquire(path);
    const next = LockFile.acquire(path, { waitMs: 10_000 });
    await lock.release();
    await (await next).release();
  });

  test('is waited for longer where its holder says that it closes', async () => {
    const lock = await LockFile.acquire(path);
    await lock.announceRelease();
    const next = LockFile.acquire(path, { waitMs: 0 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    await lock.release();
    await (await next).release();
  });

  test('is not announced by one that has lost it', async () => {
    const lock = await LockFile.acquire(path);
    await writeFile(path, content({ token: 'somebody else' }));
    await lock.announceRelease();
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ token: 'somebody else' });
    expect(JSON.parse(await readFile(path, 'utf8'))).not.toHaveProperty('closing');
    await lock.release();
  });

  test('is taken over from a killed process at once, and only then', async () => {
    const child = await spawnChild('lock', path);
    await expect(LockFile.acquire(path, { waitMs: 0 })).rejects.toMatchObject(refused);
    await child.kill();
    const lock = await LockFile.acquire(path, { waitMs: 0 });
    await lock.release();
  });

  test('goes to exactly one of many who find it stale', async () => {
    const child = await spawnChild('lock', path);
    await child.kill();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => LockFile.acquire(path, { waitMs: 0 })),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    await winners[0]?.release();
  });

  test.runIf(process.platform === 'linux')('is stale where another process has the id now', async () => {
    await writeFile(path, content({ processStart: 'an earlier boot:1' }));
    await (await LockFile.acquire(path, { waitMs: 0 })).release();
  });

  test('of another machine is stale after half a minute of silence', async () => {
    await writeFile(path, content({ host: 'another-machine' }));
    await expect(LockFile.acquire(path, { waitMs: 0 })).rejects.toMatchObject(refused);
    const then = new Date(Date.now() - 31_000);
    await utimes(path, then, then);
    await (await LockFile.acquire(path, { waitMs: 0 })).release();
  });

  test('left empty by a crash is stale after a moment', async () => {
    await writeFile(path, '');
    await expect(LockFile.acquire(path, { waitMs: 0 })).rejects.toMatchObject(refused);
    const then = new Date(Date.now() - 6_000);
    await utimes(path, then, then);
    await (await LockFile.acquire(path, { waitMs: 0 })).release();
  });

  test('of a new holder survives the release of an old one', async () => {
    const old = await LockFile.acquire(path);
    await writeFile(path, content({ token: 'the new one' }));
    await old.release();
    expect(await readFile(path, 'utf8')).toContain('the new one');
  });
});
