import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Duplex } from '@shared/rpc/duplex';
import { ImportId, OrganizationId } from '@shared/domain/ids';
import { unwrap, type Result } from '@shared/errors';
import { backgroundEnvironment } from './control';
import { forkBackground } from './fork-background';
import { superviseBackground, type Background } from './supervisor';

const root = join(__dirname, '../..');
const modulePath = join(root, 'e2e/fixtures/background-child.ts');
const env = { ...backgroundEnvironment(process.env), NODE_OPTIONS: '--import=tsx' };
const Seen = z.object({ pid: z.int(), config: z.string(), argv: z.string(), secret: z.string() });

const seen = async (background: Background): Promise<z.infer<typeof Seen>> =>
  Seen.parse(JSON.parse(unwrap(await background.client.workers.settings({})).hostId));

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.code);

const until = async (condition: () => boolean, what: string, timeoutMs = 20_000): Promise<void> => {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
};

/** Makes the process end as a crash would: `stage` of the fixture exits. */
const crash = (background: Background): Promise<Result<unknown>> =>
  background.client.spreadsheets.stage({
    importId: ImportId.parse('11111111-1111-4111-8111-111111111111'),
    organizationId: OrganizationId.parse('11111111-1111-4111-8111-111111111111'),
    path: '/x',
    sheet: 'x',
    headerRow: 1,
    mapping: [],
    options: {},
  });

describe('the background process of a console without a window', () => {
  const running: Background[] = [];
  const reports: string[] = [];
  const start = (
    config: unknown = { databaseUrl: 'postgres://u:hunter2@h/d' },
    graceMs = 2_000,
  ): Background => {
    const background = superviseBackground({
      spawn: () => forkBackground({ modulePath, env }),
      config: () => config,
      report: (message) => reports.push(message),
      graceMs,
    });
    running.push(background);
    return background;
  };
  afterEach(async () => {
    for (const background of running.splice(0)) await background.stop();
    reports.length = 0;
  });

  it('is told everything over its channel: nothing on its command line, no secret in its environment', async () => {
    process.env['DATABASE_URL'] = 'postgres://u:hunter2@h/d';
    const background = start();
    const { config, argv, secret } = await seen(background);
    delete process.env['DATABASE_URL'];
    expect(config).toContain('hunter2');
    expect(argv).not.toContain('hunter2');
    expect(secret).toBe('none');
    expect(background.health().state).toBe('up');
  });

  it('has a channel to its database, bytes unchanged', async () => {
    const background = start();
    const echoed = new Promise<unknown>((resolve) =>
      background.onDatabase((port: Duplex) => {
        port.onMessage(resolve);
        port.post(Buffer.from([0, 255, 10, 13]));
      }),
    );
    expect(Buffer.from(z.instanceof(Uint8Array).parse(await echoed))).toEqual(Buffer.from([0, 255, 10, 13]));
  });

  it('is started again after a crash: the call under way fails, streams and database come back', async () => {
    const background = start();
    const states: string[] = [];
    background.onHealth(({ state }) => states.push(state));
    const ports: Duplex[] = [];
    background.onDatabase((port) => ports.push(port));
    let beats = 0;
    background.client.process.health({}, { next: () => (beats += 1) });
    const first = await seen(background);
    await until(() => beats > 0, 'a beat');

    expect(codeOf(await crash(background))).toBe('background_unavailable');
    expect(codeOf(await background.client.workers.settings({}))).toBe('background_unavailable');
    await until(() => background.health().state === 'up', 'a new process');
    beats = 0;
    await until(() => beats > 0, 'a beat of the new process');

    expect((await seen(background)).pid).not.toBe(first.pid);
    expect(states).toEqual(['up', 'down', 'up']);
    expect(ports).toHaveLength(2);
    expect(reports).toEqual(['The background process ended.']);
  });

  it('says why it cannot start, and goes on trying', async () => {
    const background = start('refuse');
    expect(await background.started()).toMatchObject({ code: 'conflict' });
    expect(background.health()).toMatchObject({
      state: 'down',
      problem: 'Another console uses this data folder.',
    });
    await until(() => reports.length >= 2, 'a second attempt');
  });

  it('ends cleanly when stopped, and is not started again', async () => {
    const background = start();
    const { pid } = await seen(background);
    await background.stop();
    expect(isAlive(pid)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(codeOf(await background.client.workers.settings({}))).toBe('background_unavailable');
    expect(reports).toEqual([]);
  });

  it('is killed when it does not end by itself', async () => {
    const background = start('stubborn', 300);
    const { pid } = await seen(background);
    await background.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it('ends with its parent, even one that is killed', async () => {
    const parent = spawn(
      process.execPath,
      ['--import=tsx', join(root, 'e2e/fixtures/background-parent.ts')],
      {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const line = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (data) => resolve(String(data))),
    );
    const pid = Number(line);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid), 'the child to end', 5_000);
  });
});
