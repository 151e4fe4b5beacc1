import type { QueueName } from '@shared/domain/queues';
import type { Heartbeat } from '../engine/coordination';
import type { WorkerClient } from '../engine/engine';

export interface WorkerCounts {
  /** Worker hosts that take jobs of a queue, by what they announce. */
  readonly own: ReadonlyMap<QueueName, number>;
  /** Workers that announce nothing: other programs'. Null where the engine does not tell who is connected. */
  readonly other: ReadonlyMap<QueueName, number> | null;
}

/** Counts each worker once: a host that announces itself is connected, too. */
export const countWorkers = (
  hosts: readonly Pick<Heartbeat, 'host' | 'pid' | 'queues'>[],
  clients: readonly WorkerClient[] | null,
): WorkerCounts => {
  const own = new Map<QueueName, number>();
  for (const { queues } of hosts) for (const { queue } of queues) add(own, queue);
  if (clients === null) return { own, other: null };
  // The name that a worker host gives its workers, see worker-host.ts.
  const announced = new Set(hosts.map(({ host, pid }) => `${host}:${String(pid)}`));
  const other = new Map<QueueName, number>();
  for (const { queue, name } of clients) if (name === null || !announced.has(name)) add(other, queue);
  return { own, other };
};

const add = (counts: Map<QueueName, number>, queue: QueueName): void => {
  counts.set(queue, (counts.get(queue) ?? 0) + 1);
};
