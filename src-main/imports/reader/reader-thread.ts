import { stat } from 'node:fs/promises';
import { AppFailure } from '@shared/errors';
import { processHost, type ReaderHost, threadHost } from './hosts';
import { type ReaderTask, type SpoolProgress, ThreadMessage } from './protocol';
import { rejectFile } from './rejection';
import { WarmThreads } from './warm-threads';

export interface ReaderOptions {
  /** The built thread (out/main/spreadsheet.js). */
  readonly threadPath: string;
  /** Where threads are kept for the next task; without it, each task has one of its own. */
  readonly threads?: WarmThreads;
  /** A reader that says nothing for so long, in ms, is killed; SheetJS has less for small files. Default 120,000. */
  readonly silenceMs?: number;
  /** Heap of a reader in MB; SheetJS has less for small files. Default 1,024. */
  readonly heapMb?: number;
}

interface Limits {
  readonly silenceMs: number;
  readonly heapMb: number;
}

const DEFAULTS: Limits = { silenceMs: 120_000, heapMb: 1_024 };

type Batch = Extract<ThreadMessage, { type: 'staged' }>;
type Answer = Exclude<ThreadMessage, Batch | { type: 'failed' | 'spooling' }>;
type Outcome = Exclude<Answer, { type: 'needs-process' }>;
type OnBatch = (batch: Batch) => Promise<void>;
type OnSpooling = (progress: SpoolProgress) => void;

/**
 * Runs one task in a thread, or in a process where SheetJS has to read the file. Either is killed
 * when the signal aborts, when it stays silent or needs too much memory. Batches are acknowledged after
 * `onBatch`, so the reader waits for a slow database. `onSpooling` is told how far a sheet is. Rejects with an AppFailure.
 */
export async function runReader(
  task: ReaderTask,
  options: ReaderOptions,
  signal: AbortSignal,
  onBatch: OnBatch,
  onSpooling: OnSpooling = () => undefined,
): Promise<Outcome> {
  const limits = { ...DEFAULTS, ...options };
  const threads = options.threads ?? new WarmThreads(0);
  const run = (start: typeof threadHost, { heapMb, silenceMs }: Limits): Promise<Answer> => {
    if (signal.aborted) return Promise.reject(cancelled());
    const host = start(options.threadPath, task, heapMb, threads);
    return runOn(host, silenceMs, signal, { onBatch, onSpooling });
  };
  const answer = await run(threadHost, limits);
  if (answer.type !== 'needs-process') return answer;
  const last = await run(processHost, await sheetJsLimits(task, limits));
  if (last.type === 'needs-process') throw new Error('The process that reads spreadsheets does not.');
  return last;
}

/** What SheetJS needs grows with the file: a small one that asks for much is a bomb, and ends sooner. */
async function sheetJsLimits(task: ReaderTask, { heapMb, silenceMs }: Limits): Promise<Limits> {
  const { size } = await stat(task.kind === 'inspect' ? task.ref.path : task.plan.path);
  const megabytes = size / 1024 ** 2;
  return {
    heapMb: Math.min(heapMb, Math.ceil(256 + 64 * megabytes)),
    silenceMs: Math.min(silenceMs, 10_000 + 5_000 * megabytes),
  };
}

function runOn(
  host: ReaderHost,
  silenceMs: number,
  signal: AbortSignal,
  { onBatch, onSpooling }: { readonly onBatch: OnBatch; readonly onSpooling: OnSpooling },
): Promise<Answer> {
  return new Promise<Answer>((resolve, reject) => {
    const watchdog = new Watchdog(silenceMs, () => {
      finish(() => reject(rejectFile('timed-out', 'Reading the file took too long and was stopped.')));
    });
    let finished = false;
    const finish = (settle: () => void, end: 'kill' | 'release' = 'kill'): void => {
      if (finished) return;
      finished = true;
      watchdog.stop();
      signal.removeEventListener('abort', abort);
      void host[end]().then(settle, settle);
    };
    const abort = (): void => finish(() => reject(cancelled()));
    signal.addEventListener('abort', abort, { once: true });

    const pass = async (batch: Batch): Promise<void> => {
      watchdog.pause();
      try {
        await onBatch(batch);
        watchdog.resume();
        if (!finished) host.acknowledge();
      } catch (error) {
        finish(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    };
    host.onMessage((value) => {
      const parsed = ThreadMessage.safeParse(value);
      if (!parsed.success) return finish(() => reject(parsed.error));
      const message = parsed.data;
      watchdog.touch();
      switch (message.type) {
        case 'staged':
          void pass(message);
          return;
        case 'spooling':
          onSpooling(message.progress);
          return;
        case 'failed':
          finish(() => reject(new AppFailure(message.error)));
          return;
        default:
          finish(() => resolve(message), 'release');
      }
    });
    host.onEnd((error) => finish(() => reject(error)));
  });
}

const cancelled = (): AppFailure =>
  new AppFailure({ code: 'cancelled', message: 'Reading the file was given up.' });

/** Counts the reader's silence, but not the time in which it waits for us. */
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
