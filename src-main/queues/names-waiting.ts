import type { QueueName } from '@shared/domain/queues';
import type { Coverage, Selection } from '../engine/selection';

/** What waits under one name. */
export interface NameWaiting {
  readonly waiting: number;
  /** When the oldest of them was added, in ms since 1970. */
  readonly oldest: number;
}

export interface NamesWaiting {
  readonly found: ReadonlyMap<string, NameWaiting>;
  readonly coverage: Coverage;
}

export interface NamesWaitingOptions {
  /** After so many jobs it is enough: then what was found is not all. */
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each step; others have a turn until its answer is there. */
  readonly onStep?: () => Promise<void> | undefined;
}

/** No engine keeps jobs by name: those that wait are looked through, the oldest first. */
export async function namesWaiting(
  selection: Pick<Selection, 'scan'>,
  queue: QueueName,
  { most, signal, onStep }: NamesWaitingOptions,
): Promise<NamesWaiting> {
  const found = new Map<string, NameWaiting>();
  const coverage = await selection.scan(
    { queues: [queue], states: ['waiting'] },
    {
      order: 'oldest',
      fields: ['name', 'addedAt'],
      ...(signal !== undefined && { signal }),
      onBatch: async ({ jobs, coverage: { scanned } }) => {
        for (const { name, addedAt } of jobs) addWaiting(found, name, { waiting: 1, oldest: addedAt });
        await onStep?.();
        return scanned >= most ? { stop: true } : undefined;
      },
    },
  );
  return { found, coverage };
}

/** More of what is counted under a key already. */
export const addWaiting = <Key>(sums: Map<Key, NameWaiting>, key: Key, more: NameWaiting): void => {
  const known = sums.get(key);
  sums.set(
    key,
    known === undefined
      ? more
      : { waiting: known.waiting + more.waiting, oldest: Math.min(known.oldest, more.oldest) },
  );
};

/** The name under which the most waits first. Thousands may have one each: their order is to cost little. */
export const mostFirst = (found: ReadonlyMap<string, NameWaiting>): [string, NameWaiting][] =>
  [...found].sort(([a, x], [b, y]) => y.waiting - x.waiting || (a < b ? -1 : 1));
