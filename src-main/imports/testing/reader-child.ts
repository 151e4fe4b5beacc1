import { readFileSync } from 'node:fs';
import { AppFailure } from '@shared/errors';
import { runReader } from '../reader/reader-thread';

/**
 * Opens a file in a reader thread as the background process does, in a process of its own, so that what it
 * takes can be seen: prints `{ result, ms, peakMb, longestBlockMs }`. argv: the built thread, the file.
 */
async function main(threadPath: string, path: string): Promise<void> {
  const startedAt = performance.now();
  const block = watchLoop();
  const result = await outcome(threadPath, path);
  const ms = Math.round(performance.now() - startedAt);
  process.stdout.write(JSON.stringify({ result, ms, peakMb: peakMb(), longestBlockMs: block() }));
}

async function outcome(threadPath: string, path: string): Promise<string> {
  try {
    await runReader({ kind: 'inspect', ref: { path } }, { threadPath }, new AbortController().signal, () =>
      Promise.resolve(),
    );
    return 'opened';
  } catch (error) {
    if (error instanceof AppFailure && error.error.code === 'file_rejected') return error.error.reason;
    return String(error);
  }
}

/** The most memory this process had; what maxRSS says on Linux begins with what the parent had. */
function peakMb(): number {
  if (process.platform !== 'linux') return Math.round(process.resourceUsage().maxRSS / 1024);
  const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  return Math.round(Number(peak) / 1024);
}

/** The longest time this process did not answer, in ms. */
function watchLoop(): () => number {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  return () => {
    clearInterval(timer);
    return Math.round(longest);
  };
}

void main(process.argv[2] ?? '', process.argv[3] ?? '');
