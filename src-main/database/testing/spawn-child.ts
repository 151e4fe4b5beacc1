import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface TestChild {
  readonly process: ChildProcess;
  /** Everything that it has said, line by line. */
  readonly lines: readonly string[];
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts testing/child.ts and waits until it is at work. */
export async function spawnChild(role: 'lock' | 'write', path: string): Promise<TestChild> {
  const script = fileURLToPath(new URL('./child.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, role, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines[0] === 'ready') resolve();
    });
    child.once('exit', (code) => reject(new Error(`The child ended with code ${String(code)}.`)));
  });
  await ready;
  return {
    process: child,
    lines,
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
