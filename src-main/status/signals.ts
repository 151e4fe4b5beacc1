import type { AppSignal } from '@shared/contract/app';

/** News from outside the window: a file opened with the app, a menu item, a link. */
export interface Signals {
  /** Delivered to every window that listens; kept for the first one while none does. */
  send(signal: AppSignal): void;
  listen(listener: (signal: AppSignal) => void): () => void;
}

/** What arrives before the window is there waits for it: "open with" must not be lost to a slow start. */
export const createSignals = (): Signals => {
  const listeners = new Set<(signal: AppSignal) => void>();
  const waiting: AppSignal[] = [];
  return {
    send(signal) {
      if (listeners.size === 0) waiting.push(signal);
      for (const listener of listeners) listener(signal);
    },
    listen(listener) {
      listeners.add(listener);
      for (const signal of waiting.splice(0)) listener(signal);
      return () => listeners.delete(listener);
    },
  };
};
