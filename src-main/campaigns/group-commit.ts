/**
 * Many callers, one statement: items that come while a flush is on its way go together with the next.
 * Alone, an item waits for nothing.
 */
export interface GroupCommit<T, R> {
  /** Resolves with this item's result once it is committed; rejects when its flush failed. */
  add(item: T): Promise<R>;
}

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export function createGroupCommit<T, R>(
  flush: (items: readonly T[]) => Promise<(item: T) => R>,
  maxItems = 200,
): GroupCommit<T, R> {
  const queue: Waiting<T, R>[] = [];
  let flushing = false;

  const drain = async (): Promise<void> => {
    flushing = true;
    while (queue.length > 0) {
      const group = queue.splice(0, maxItems);
      try {
        const resultOf = await flush(group.map(({ item }) => item));
        for (const { item, resolve } of group) resolve(resultOf(item));
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    flushing = false;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        // A turn later, so that callers of the same turn share the first flush.
        if (!flushing) {
          flushing = true;
          setImmediate(() => void drain());
        }
      }),
  };
}
