import { useSyncExternalStore } from 'react';

/** Where the pointer is over a group of charts. */
export interface Pointed {
  /** The moment, in epoch milliseconds. */
  readonly at: number;
  /** The chart that the pointer is over: it shows the values. */
  readonly over: string;
}

/** One crosshair for the charts of a group: who moves it and who draws it need not know each other. */
class CrosshairGroups {
  readonly #pointed = new Map<string, Pointed>();
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  of(group: string): Pointed | undefined {
    return this.#pointed.get(group);
  }

  point(group: string, pointed: Pointed | undefined): void {
    if (pointed === undefined) this.#pointed.delete(group);
    else this.#pointed.set(group, pointed);
    for (const listener of this.#listeners) listener();
  }
}

const groups = new CrosshairGroups();

export function useCrosshair(group: string): Pointed | undefined {
  return useSyncExternalStore(groups.subscribe, () => groups.of(group));
}

export const pointAt = (group: string, pointed: Pointed | undefined): void => groups.point(group, pointed);
