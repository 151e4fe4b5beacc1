import { fork } from 'node:child_process';
import { ACKNOWLEDGEMENT, type ReaderTask } from './protocol';
import { rejectFile } from './rejection';
import type { WarmThreads } from './warm-threads';

/** Where a task runs: a thread or a process that has one task and can be killed at any time. */
export interface ReaderHost {
  onMessage(listener: (value: unknown) => void): void;
  /** Called at most once, when it ends before it was killed. */
  onEnd(listener: (error: Error) => void): void;
  acknowledge(): void;
  /** Its task ended as it should; resolves when the next one may begin. */
  release(): Promise<void>;
  /** Resolves when it is gone. */
  kill(): Promise<void>;
}

const outOfMemory = (): Error =>
  rejectFile('out-of-memory', 'The file needs more memory than the reader is allowed.');

const endedEarly = (how: string): Error => new Error(`The spreadsheet reader ended early (${how}).`);

/** Quick to start, and shares our memory: for the readers that bound what they take themselves. */
export function threadHost(path: string, task: ReaderTask, heapMb: number, threads: WarmThreads): ReaderHost {
  const worker = threads.take(path, heapMb);
  worker.postMessage(task);
  return {
    onMessage: (listener) => void worker.on('message', listener),
    onEnd(listener) {
      worker.on('error', (error: unknown) => listener(explain(error)));
      worker.on('exit', (code) => listener(endedEarly(`exit code ${code}`)));
    },
    acknowledge: () => worker.postMessage(ACKNOWLEDGEMENT),
    release() {
      threads.keep(worker);
      return Promise.resolve();
    },
    async kill() {
      await worker.terminate();
    },
  };
}

function explain(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return outOfMemory();
  return error instanceof Error ? error : new Error(String(error));
}

/** Neither secrets nor switches of ours reach a process that reads files of strangers. */
const PASSED_ON = ['PATH', 'TZ', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot'] as const;
/** V8 aborts a process whose heap is full; the system kills one that takes the machine's memory. */
const OUT_OF_MEMORY = new Set<unknown>(['SIGABRT', 'SIGKILL', 'SIGTRAP', 'SIGILL', 134]);

/**
 * For SheetJS: where V8 cannot grow an array of a thread any more, it ends the whole process, and what a few
 * hundred bytes of .ods ask for is enough for that.
 */
export function processHost(path: string, task: ReaderTask, heapMb: number): ReaderHost {
  const env = Object.fromEntries(
    PASSED_ON.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
  const child = fork(path, [], {
    // In Electron, the program that we are is a Node only when it is told to be.
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    execArgv: [`--max-old-space-size=${heapMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Bytes stay bytes, as between threads.
    serialization: 'advanced',
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  child.send(task);
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return {
    onMessage: (listener) => void child.on('message', listener),
    onEnd(listener) {
      child.once('error', listener);
      child.once('exit', (code, signal) => {
        const how = signal ?? code;
        listener(OUT_OF_MEMORY.has(how) ? outOfMemory() : endedEarly(String(how)));
      });
    },
    acknowledge: () => void child.send(ACKNOWLEDGEMENT),
    release: kill,
    kill,
  };
}
