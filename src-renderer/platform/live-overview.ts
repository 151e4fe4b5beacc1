import { startTransition, useEffect, useState, useSyncExternalStore } from 'react';
import type { Overview, QueueOverview } from '@shared/contract/queues';
import { withFrame } from '@shared/domain/overview-frames';
import { adsappQueues, type QueueName } from '@shared/domain/queues';
import { client } from './client';
import { shareStream } from './shared-stream';
import type { StreamState } from './use-stream';

const overview = shareStream(client.queues.live, withFrame);

/**
 * The queues as they are now, up to ten times a second, one subscription for the whole window. Drawn in slices: a
 * table of hundreds of queues in one go keeps the window from answering.
 */
export function useLiveOverview(): StreamState<Overview> {
  const [state, setState] = useState(overview.read);
  useEffect(() => {
    const follow = (): void => startTransition(() => setState(overview.read()));
    follow();
    return overview.subscribe(follow);
  }, []);
  return state;
}

/** One figure or object of the overview: who shows no more is drawn anew with that only. */
export function useOfOverview<T>(part: (overview: Overview | undefined) => T): T {
  return useSyncExternalStore(overview.subscribe, () => part(overview.read().value));
}

/** One queue as it is now, while it is known. */
export function useLiveQueue(queue: QueueName): QueueOverview | undefined {
  return useOfOverview((value) => value?.queues.find(({ name }) => name === queue));
}

/** All queues: ADSapp's first, then the others by name. The same array until the list changes. */
export function useQueueNames(): readonly QueueName[] {
  return useOfOverview(namesOf);
}

/** All queues and whether they are paused: the same array until that changes. */
export function useQueueSwitches(): readonly QueueSwitch[] {
  return useOfOverview(switchesOf);
}

export type QueueSwitch = Pick<QueueOverview, 'name' | 'paused'>;

const namesOf = remembered<QueueName>(
  adsappQueues,
  ({ name }) => name,
  ({ name }, known) => name === known,
);
const switchesOf = remembered<QueueSwitch>(
  [],
  ({ name, paused }) => ({ name, paused }),
  ({ name, paused }, known) => name === known.name && paused === known.paused,
);

/** Something of each queue, as the same array until one of them is another. */
function remembered<T>(
  first: readonly T[],
  pick: (queue: QueueOverview) => T,
  isAs: (queue: QueueOverview, known: T) => boolean,
): (overview: Overview | undefined) => readonly T[] {
  let known = first;
  let of: readonly QueueOverview[] = [];
  return (value) => {
    const queues = value?.queues ?? [];
    if (queues === of || queues.length === 0) return known;
    of = queues;
    const isSame =
      queues.length === known.length &&
      queues.every((queue, index) => {
        const before = known[index];
        return before !== undefined && isAs(queue, before);
      });
    if (!isSame) known = queues.map(pick);
    return known;
  };
}
