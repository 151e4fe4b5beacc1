import { setImmediate } from 'node:timers/promises';

/** Ms of work after which others have a turn. */
const SLICE_MS = 10;

/** Long work in slices: the window and the other calls share this thread. */
export class Yielder {
  private began = performance.now();

  /** @param signal stops the work at its next turn */
  constructor(readonly signal?: AbortSignal) {}

  isDue(): boolean {
    return performance.now() - this.began > SLICE_MS;
  }

  restart(): void {
    this.began = performance.now();
  }
}

/** @throws the signal's reason where the work was stopped */
export async function yieldNow(pace: Yielder): Promise<void> {
  await setImmediate();
  pace.signal?.throwIfAborted();
  pace.restart();
}
