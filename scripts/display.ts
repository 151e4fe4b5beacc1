import { type ChildProcess, spawn } from 'node:child_process';
import { connect, type NetConnectOpts, Socket } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { SetupError } from './foreground';
import { endWithUs } from './reaper';

/** Where windows are shown. */
export interface Display {
  /** Variables that a program needs to show windows there. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments that Electron needs. */
  readonly electronArgs: readonly string[];
  /** Whether it is one that nobody sees. */
  readonly virtual: boolean;
  /** What to tell the user; empty for a real display. */
  readonly notice: string;
  /** Ends a virtual display; it also ends with this process. */
  close(): void;
}

const SCREEN = '1600x1000x24';
const START_TIMEOUT_MS = 15_000;

/** The user's display where there is a usable one, else a virtual one. @throws SetupError without either */
export async function findDisplay(): Promise<Display> {
  return (await realDisplay()) ?? startVirtualDisplay();
}

/** The display that the environment names, where something answers there. */
export async function realDisplay(): Promise<Display | undefined> {
  const real = { virtual: false, notice: '', close: () => undefined };
  if (process.platform !== 'linux') return { ...real, env: {}, electronArgs: [] };
  const wayland = process.env['WAYLAND_DISPLAY'] ?? '';
  const x11 = process.env['DISPLAY'] ?? '';
  if (x11 !== '' && (await answers(x11Address(x11))))
    return { ...real, env: { DISPLAY: x11 }, electronArgs: [] };
  if (wayland !== '' && (await answers({ path: waylandSocket(wayland) })))
    return { ...real, env: { WAYLAND_DISPLAY: wayland }, electronArgs: ['--ozone-platform=wayland'] };
  return undefined;
}

/** Starts Xvfb, which must be installed, on a free display number. @throws SetupError when it does not start */
export async function startVirtualDisplay(): Promise<Display> {
  // Xvfb itself finds a free number and tells it on file descriptor 3.
  const args = ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-noreset'];
  const xvfb = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  endWithUs(xvfb, 'TERM');
  const number = await displayNumber(xvfb);
  // Neither the display nor its pipes keep us running.
  xvfb.unref();
  for (const pipe of xvfb.stdio) if (pipe instanceof Socket) pipe.unref();
  return {
    env: { DISPLAY: `:${number}` },
    // Xvfb has no GPU: Chromium draws in software at once instead of finding out.
    electronArgs: ['--disable-gpu', '--disable-software-rasterizer'],
    virtual: true,
    notice: howToLook(`:${number}`),
    close: () => void xvfb.kill('SIGTERM'),
  };
}

function displayNumber(xvfb: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let messages = '';
    const fail = (why: string): void => {
      clearTimeout(timer);
      xvfb.kill('SIGKILL');
      reject(new SetupError(`The virtual display (Xvfb) did not start: ${why}\n${messages}`));
    };
    const timer = setTimeout(() => {
      fail(`no answer within ${START_TIMEOUT_MS / 1_000} s`);
    }, START_TIMEOUT_MS);
    xvfb.once('error', (error) => {
      fail(error.message);
    });
    xvfb.once('exit', (code) => {
      fail(`exit code ${code ?? 'none'}`);
    });
    xvfb.stderr?.on('data', (chunk: Buffer) => {
      messages += chunk.toString();
    });
    const numbers = xvfb.stdio[3];
    if (!(numbers instanceof Readable)) {
      fail('no channel for its number');
      return;
    }
    numbers.once('data', (chunk: Buffer) => {
      clearTimeout(timer);
      resolve(chunk.toString().trim());
    });
  });
}

function howToLook(display: string): string {
  return [
    `No display here: the window is on the virtual display ${display}. To look at it:`,
    `  live:     x11vnc -display ${display} -localhost   then a VNC viewer on localhost:5900   (Debian: apt-get install x11vnc)`,
    `  picture:  import -display ${display} -window root console.png   (Debian: apt-get install imagemagick)`,
  ].join('\n');
}

/** Where an X server listens: `:0` is a local socket, `host:10.0` is TCP port 6010 (ssh -X). */
function x11Address(display: string): NetConnectOpts {
  const parsed = /^(?<host>[^:]*):(?<number>\d+)(?:\.\d+)?$/.exec(display)?.groups;
  const number = Number(parsed?.['number'] ?? 0);
  const host = parsed?.['host'] ?? '';
  if (host === '' || host === 'unix') return { path: `/tmp/.X11-unix/X${number}` };
  return { host, port: 6_000 + number };
}

function waylandSocket(name: string): string {
  return isAbsolute(name) ? name : join(process.env['XDG_RUNTIME_DIR'] ?? '/run', name);
}

function answers(address: NetConnectOpts): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const answer = (usable: boolean) => (): void => {
      socket.destroy();
      resolve(usable);
    };
    socket.setTimeout(2_000, answer(false));
    socket.once('connect', answer(true)).once('error', answer(false));
  });
}
