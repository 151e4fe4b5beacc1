import { Worker } from 'node:worker_threads';

/** A thread without a task is kept so long, in ms: somebody who drops a file opens, looks at and imports it. */
const IDLE_MS = 30_000;

interface Idle {
  readonly worker: Worker;
  readonly timer: NodeJS.Timeout;
}

/**
 * Keeps the thread of the last task for the next one: V8 takes most of a second to compile what reads a file
 * well. Only a thread that has ended its task as it should is kept, and only one, so that no memory piles up.
 */
export class WarmThreads {
  private idle: Idle | undefined;

  constructor(private readonly idleMs = IDLE_MS) {}

  /** The thread that was kept, or a new one; it belongs to the caller. */
  take(path: string, heapMb: number): Worker {
    const kept = this.forget();
    if (kept === undefined) return new Worker(path, { resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    kept.ref();
    return kept;
  }

  /** Keeps a thread that waits for its next task; its listeners are gone from here on. */
  keep(worker: Worker): void {
    this.drop();
    withoutListeners(worker);
    worker.unref();
    const drop = (): void => {
      if (this.idle?.worker === worker) this.drop();
    };
    worker.once('error', drop);
    worker.once('exit', drop);
    this.idle = { worker, timer: setTimeout(drop, this.idleMs).unref() };
  }

  private drop(): void {
    const worker = this.forget();
    // Whatever it still says, it is not wanted any more.
    worker?.on('error', () => undefined);
    void worker?.terminate();
  }

  private forget(): Worker | undefined {
    const { idle } = this;
    this.idle = undefined;
    clearTimeout(idle?.timer);
    return idle && withoutListeners(idle.worker);
  }
}

/** Only ours: Node listens to a worker's listeners to know whether to wait for its messages. */
function withoutListeners(worker: Worker): Worker {
  for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
  return worker;
}
