import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Display, realDisplay, startVirtualDisplay } from './display';
import { type ElectronRuntime, electronRuntime } from './electron-runtime';
import { SetupError } from './foreground';
import { isRoot } from './project';
import { prepareSystem } from './system';

/** An Electron and a place to show its windows. */
export interface Stage {
  readonly runtime: ElectronRuntime;
  readonly display: Display;
  /** Arguments that this machine makes necessary. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Chromium's own remarks (no D-Bus, no GPU) would bury what the app and we say; fatal ones still come. */
const QUIET = '--log-level=3';

/** Prepares the system, the Electron and the display for the app, and says which they are. */
export async function setTheStage(userArgs: readonly string[]): Promise<Stage> {
  const real = await realDisplay();
  prepareSystem(real ? ['electron', 'fonts'] : ['electron', 'display', 'fonts']);
  const runtime = await electronRuntime();
  console.log(runtime.why);
  const sandbox = sandboxArgs(runtime.execPath, userArgs);
  const display = real ?? (await startVirtualDisplay());
  if (display.notice !== '') console.log(display.notice);
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  return {
    runtime,
    display,
    args: [...sandbox, ...display.electronArgs, QUIET],
    env: { ...env, ...display.env },
  };
}

/**
 * Why Chromium's sandbox cannot work here, and what would help; undefined where it can. It needs an account
 * other than root, and user namespaces or else its helper owned by root with the setuid bit.
 */
export function sandboxProblem(execPath: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (isRoot) return "Chromium's sandbox does not work for root.";
  if (spawnSync('unshare', ['--user', 'true']).status === 0) return undefined;
  const helper = join(dirname(execPath), 'chrome-sandbox');
  const stats = existsSync(helper) ? statSync(helper) : undefined;
  if (stats?.uid === 0 && (stats.mode & 0o4000) !== 0) return undefined;
  return (
    "This system forbids user namespaces to ordinary users, which Chromium's sandbox needs. Allow them, once:\n\n" +
    '  sudo sysctl -w kernel.unprivileged_userns_clone=1\n\n' +
    `or give Electron's own helper its rights:\n\n  sudo chown root:root ${helper} && sudo chmod 4755 ${helper}\n\n` +
    'or, where neither is possible (in a container, say), run without it: npm start -- --no-sandbox\n'
  );
}

/** The sandbox stays on but for root; others decide themselves whether to do without. @throws SetupError */
function sandboxArgs(execPath: string, userArgs: readonly string[]): string[] {
  const problem = sandboxProblem(execPath);
  if (problem === undefined || userArgs.includes('--no-sandbox')) return [];
  if (isRoot) return ['--no-sandbox'];
  throw new SetupError(problem);
}

/** npm runs scripts in the project's folder: names of files are meant from where the user is. */
export function absoluteFiles(args: readonly string[]): string[] {
  const from = process.env['INIT_CWD'] ?? process.cwd();
  return args.map((arg) =>
    !arg.startsWith('-') && existsSync(resolve(from, arg)) ? resolve(from, arg) : arg,
  );
}
