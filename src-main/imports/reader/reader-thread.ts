import { Worker } from 'node:worker_threads';
import { AppFailure } from '@shared/errors';
import { ACKNOWLEDGEMENT, type ReaderTask, ThreadMessage } from './protocol';
import { rejectFile } from './rejection';

export interface ReaderOptions {
  /** The built thread (out/main/spreadsheet.js). */
  readonly threadPath: string;
  /** A thread that says nothing for so long, in ms, is killed. Default 120,000. */
  readonly silenceMs?: number;
  /** Heap of the thread in MB; SheetJS needs most of it for its largest sheets. Default 1,024. */
  readonly heapMb?: number;
}

type Batch = Extract<ThreadMessage, { type: 'staged' | 'phones' }>;
type Outcome = Exclude<ThreadMessage, Batch | { type: 'failed' }>;

/**
 * Runs one task in a thread of its own, which is killed when the signal aborts, when it stays silent or
 * needs too much memory. Batches are acknowledged after `onBatch`, so the thread waits for a slow database.
 * Rejects with an AppFailure.
 */
export function runReader(
  task: ReaderTask,
  options: ReaderOptions,
  signal: AbortSignal,
  onBatch: (batch: Batch) => Promise<void>,
): Promise<Outcome> {
  if (signal.aborted) return Promise.reject(cancelled());
  const worker = new Worker(options.threadPath, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: options.heapMb ?? 1_024 },
  });
  return new Promise<Outcome>((resolve, reject) => {
    const watchdog = new Watchdog(options.silenceMs ?? 120_000, () => {
      finish(() => reject(rejectFile('timed-out', 'Reading the file took too long and was stopped.')));
    });
    let finished = false;
    const finish = (settle: () => void): void => {
      if (finished) return;
      finished = true;
      watchdog.stop();
      signal.removeEventListener('abort', abort);
      void worker.terminate().then(settle, settle);
    };
    const abort = (): void => finish(() => reject(cancelled()));
    signal.addEventListener('abort', abort, { once: true });

    const pass = async (batch: Batch): Promise<void> => {
      watchdog.pause();
      try {
        await onBatch(batch);
        watchdog.resume();
        worker.postMessage(ACKNOWLEDGEMENT);
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    worker.on('message', (value: unknown) => {
      const parsed = ThreadMessage.safeParse(value);
      if (!parsed.success) return finish(() => reject(parsed.error));
      const message = parsed.data;
      watchdog.touch();
      switch (message.type) {
        case 'staged':
        case 'phones':
          void pass(message);
          return;
        case 'failed':
          finish(() => reject(new AppFailure(message.error)));
          return;
        default:
          finish(() => resolve(message));
      }
    });
    worker.on('error', (error: unknown) => finish(() => reject(explain(error))));
    worker.on('exit', (code) =>
      finish(() => reject(new Error(`The spreadsheet reader ended early (exit code ${code}).`))),
    );
  });
}

const cancelled = (): AppFailure =>
  new AppFailure({ code: 'cancelled', message: 'Reading the file was given up.' });

function explain(error: unknown): Error {
  if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return rejectFile('out-of-memory', 'The file needs more memory than the reader is allowed.');
  }
  return error instanceof Error ? error : new Error(String(error));
}

/** Counts the thread's silence, but not the time in which it waits for us. */
class Watchdog {
  private timer: NodeJS.Timeout | undefined;
  private waiting = 0;

  constructor(
    private readonly silenceMs: number,
    private readonly bark: () => void,
  ) {
    this.touch();
  }

  touch(): void {
    clearTimeout(this.timer);
    if (this.waiting === 0) this.timer = setTimeout(this.bark, this.silenceMs);
  }

  pause(): void {
    this.waiting += 1;
    clearTimeout(this.timer);
  }

  resume(): void {
    this.waiting -= 1;
    this.touch();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting = Number.POSITIVE_INFINITY;
  }
}
