import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import { serialize } from 'pg-protocol';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fromWorkerPort } from './duplex-ports';
import type { HostEvent } from './pglite-events';
import { PGliteHost, type PGliteHostOptions } from './pglite-host';
import { PortConnector } from './pglite-port';
import { createSessionPool } from './pglite-stream';
import type { Pool } from './pool';
import { SET_UP_MS, openTestHost, testSeed } from './testing/databases';
import { spawnChild } from './testing/spawn-child';

describe('the embedded database', () => {
  const opened: PGliteHost[] = [];
  const folders: string[] = [];

  beforeAll(async () => {
    await testSeed();
  }, SET_UP_MS);
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((host) => host.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  const open = async (options: Partial<PGliteHostOptions> = {}) => {
    const events: HostEvent[] = [];
    const host = await openTestHost({ onEvent: (event) => events.push(event), ...options });
    opened.push(host);
    folders.push(host.root);
    return { host, events, kinds: () => events.map(({ kind }) => kind) };
  };
  const count = async (pool: Pool, table: string) =>
    (await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]?.n;

  test('refuses a folder that is open already', async () => {
    const { host } = await open();
    await expect(PGliteHost.open({ folder: host.root, lockWaitMs: 0 })).rejects.toMatchObject({
      error: { code: 'conflict' },
    });
  });

  test('keeps every acknowledged row of a process that was killed, and opens at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'adsapp-killed-'));
    await (await openTestHost({ folder })).close();
    const child = await spawnChild('write', folder);
    await expect.poll(() => child.lines.length, { timeout: 30_000 }).toBeGreaterThan(200);
    await child.kill();
    const acknowledged = child.lines.length - 1;
    const { host } = await open({ folder, lockWaitMs: 0 });
    const pool = host.createPool();
    expect(await count(pool, 'survivors')).toBeGreaterThanOrEqual(acknowledged);
    await pool.end();
  });

  test('comes back by itself when the engine fails, and so do its clients', async () => {
    const { host, kinds } = await open();
    const pool = host.createPool();
    await pool.query('CREATE TABLE kept (n INT); INSERT INTO kept VALUES (1)');
    const vandal = host.open({ receive: () => undefined, closed: () => undefined });
    vandal.send(serialize.startup({ user: 'postgres' }));
    // A message that no client may send: PostgreSQL ends its process for it.
    vandal.send(Buffer.concat([Buffer.from('!\0\0\0\u0004', 'latin1'), serialize.sync()]));
    await expect.poll(kinds, { timeout: 20_000 }).toContain('engine_failed');
    await expect.poll(() => count(pool, 'kept').catch(() => 'not yet'), { timeout: 30_000 }).toBe(1);
    await pool.end();
  });

  test('restores the newest backup where the data folder is damaged, and keeps that one aside', async () => {
    const first = await open();
    const pool = first.host.createPool();
    await pool.query('CREATE TABLE precious (n INT); INSERT INTO precious VALUES (1)');
    await first.host.backUp();
    await pool.query('INSERT INTO precious VALUES (2)');
    await first.host.backUp();
    await pool.query('INSERT INTO precious VALUES (3)');
    await first.host.backUp();
    await pool.end();
    await first.host.close();
    const { root } = first.host;
    expect(await readdir(join(root, 'backups'))).toHaveLength(2);
    await writeFile(join(root, 'data', 'global', 'pg_control'), Buffer.alloc(8_192));
    const second = await open({ folder: root });
    expect(second.kinds()).toContain('restored');
    const restored = second.host.createPool();
    expect(await count(restored, 'precious')).toBe(3);
    await restored.end();
    expect((await readdir(root)).some((name) => name.startsWith('data.broken-'))).toBe(true);
  });

  test('vacuums and analyzes what changed', async () => {
    const { host, kinds } = await open();
    const pool = host.createPool();
    await pool.query('CREATE TABLE churned AS SELECT g AS n FROM generate_series(1, 5000) g');
    await pool.query('DELETE FROM churned WHERE n > 100');
    await host.maintain();
    const { rows } = await pool.query(`SELECT n_dead_tup, reltuples FROM pg_stat_user_tables
      JOIN pg_class ON oid = relid WHERE pg_class.relname = 'churned'`);
    expect(rows).toEqual([{ n_dead_tup: 0, reltuples: 100 }]);
    expect(kinds()).toContain('vacuumed');
    await pool.end();
  });

  test('rolls back a transaction that stands idle, so that it cannot block the others for ever', async () => {
    const { host } = await open({ idleTransactionMs: 200 });
    const pool = host.createPool();
    await pool.query('CREATE TABLE blocked (n INT)');
    const idle = await pool.connect();
    const ended = new Promise<Error>((resolve) => idle.on('error', resolve));
    await idle.query('BEGIN; INSERT INTO blocked VALUES (1)');
    expect(await count(pool, 'blocked')).toBe(0);
    expect(await ended).toMatchObject({ code: '25P03' });
    idle.release(true);
    await pool.end();
  });

  test('tells the clients of a port that closed, rolls them back, and serves the next port', async () => {
    const { host } = await open();
    const errors: Error[] = [];
    const connector = new PortConnector();
    const attach = () => {
      const { port1, port2 } = new MessageChannel();
      host.servePort(fromWorkerPort(port1));
      connector.attach(fromWorkerPort(port2));
      return port2;
    };
    const port = attach();
    const pool = createSessionPool(connector, { onError: (error) => errors.push(error) });
    await pool.query('CREATE TABLE remote (n INT)');
    const client = await pool.connect();
    client.on('error', (error) => errors.push(error));
    await client.query('BEGIN; INSERT INTO remote VALUES (1)');
    const unanswered = client.query('SELECT pg_sleep(0.2)');
    port.close();
    await expect(unanswered).rejects.toThrow('Connection terminated');
    client.release(true);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    const later = count(pool, 'remote');
    const next = attach();
    expect(await later).toBe(0);
    await pool.end();
    next.close();
  });

  test('takes COPY data, and refuses what would stop the engine', async () => {
    const { host } = await open();
    const pool = host.createPool();
    await pool.query('CREATE TABLE copied (n INT, word TEXT)');
    await expect(pool.query('SELECT 1; COPY copied FROM STDIN')).rejects.toMatchObject({ code: '0A000' });
    await expect(pool.query({ name: 'kept', text: 'SELECT 1' })).rejects.toMatchObject({ code: '0A000' });
    expect((await pool.query('SELECT 1 AS alive')).rows).toEqual([{ alive: 1 }]);
    await pool.end();
  });

  test('ends its clients and gives the folder back when it closes', async () => {
    const { host } = await open();
    const errors: Error[] = [];
    const pool = host.createPool({ onError: (error) => errors.push(error) });
    await pool.query('SELECT 1');
    await host.close();
    await expect.poll(() => errors).toMatchObject([{ code: '57P01' }]);
    expect(await readdir(host.root)).toEqual(['data']);
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '57P01' });
    await pool.end();
  });
});
