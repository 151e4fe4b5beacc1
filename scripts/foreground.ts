import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { endWithUs } from './reaper';

const PARENT_CHECK_MS = 250;

export interface ForegroundOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program in our place: it has our terminal, gets our signals, ends with us, and its exit code is what
 * is returned (128 + the signal's number where a signal ended it, as shells say it).
 */
export async function runInForeground(
  command: string,
  args: readonly string[],
  options: ForegroundOptions = {},
): Promise<number> {
  const child = spawn(command, args, { ...options, stdio: 'inherit' });
  endWithUs(child, 'TERM');
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  const orphaned = onNpmGone(() => child.kill('SIGTERM'));
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
    clearInterval(orphaned);
  }
}

/**
 * npm runs a script through a shell, and its signals reach that shell only: who ends `npm run serve` would
 * leave us running. So we notice when the shell that started us is gone. Undefined outside npm.
 */
export function onNpmGone(end: () => void): NodeJS.Timeout | undefined {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parent = process.ppid;
  return setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_CHECK_MS);
}

/** Runs a script's `main`, prints what went wrong in one line, and sets the exit code. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const expected = error instanceof Error && error.name === 'SetupError';
      console.error(expected ? error.message : error);
      process.exitCode = 1;
    },
  );
}

/** A failure that its message explains, with what to do about it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
