import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

/** Something that is done once this process has gone, however it went. */
export interface LastWill {
  /** Does it now, and waits until it is done. */
  execute(): Promise<void>;
  /** It is not to be done any more. */
  cancel(): void;
}

/**
 * Runs a POSIX shell script once this process has ended, even by SIGKILL: a small shell waits on a pipe whose
 * other end only we hold. `args` are the script's `$1`, `$2`, …. Linux and macOS.
 */
export function afterDeath(script: string, args: readonly string[]): LastWill {
  const shell = spawn('sh', ['-c', `trap '' INT TERM HUP; cat >/dev/null; ${script}`, 'sh', ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  shell.unref();
  if (shell.stdin instanceof Socket) shell.stdin.unref();
  return { execute: () => execute(shell), cancel: () => void shell.kill('SIGKILL') };
}

/** Sees to it that a child process does not outlive this one. */
export function endWithUs(child: ChildProcess, signal: 'TERM' | 'KILL'): void {
  if (process.platform === 'win32' || child.pid === undefined) return;
  const will = afterDeath('kill -s "$2" "$1"', [String(child.pid), signal]);
  child.once('exit', () => {
    will.cancel();
  });
}

async function execute(shell: ChildProcess): Promise<void> {
  if (shell.exitCode !== null || shell.signalCode !== null) return;
  shell.ref(); // else Node, with nothing else to do, would end here without a word
  await new Promise<void>((resolve) => {
    shell.once('exit', () => {
      resolve();
    });
    shell.stdin?.end();
  });
}
