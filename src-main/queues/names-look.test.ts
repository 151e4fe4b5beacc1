import { describe, expect, it } from 'vitest';
import { MOST_NAMED_BACKLOG } from '@shared/contract/charts';
import { QueueName } from '@shared/domain/queues';
import type { QueueSnapshot } from '../engine/engine';
import type { ScanOptions, SelectedJob, Selection } from '../engine/selection';
import { NamesLook } from './names-look';

const PAGE = 1_000;
const { signal } = new AbortController();

const job = (name: string): SelectedJob => ({
  ...{ queue: '', id: '', state: 'waiting', name, reason: null, attemptsMade: 0, addedAt: 5 },
  ...{ finishedAt: null, priority: 0, data: null, stack: null, about: null },
});

/** Queues with so many jobs when they were counted, and when they are looked through. */
const stage = (sizes: readonly (readonly [counted: number, there: number])[]) => {
  const queues = sizes.map(([counted], index) => snapshot(`q${String(index).padStart(3, '0')}`, counted));
  const looked: string[] = [];
  const found: string[] = [];
  const scan: Selection['scan'] = async ({ queues: [queue = ''] = [] }, { onBatch }: ScanOptions) => {
    looked.push(queue);
    const total = sizes[Number(queue.slice(1))]?.[1] ?? 0;
    for (let scanned = 0; scanned < total;) {
      const count = Math.min(PAGE, total - scanned);
      scanned += count;
      const jobs = Array.from({ length: count }, () => job('send'));
      const verdict = await onBatch({ jobs, coverage: { scanned, total, complete: false } });
      if (verdict?.stop === true) return { scanned, total, complete: false };
    }
    return { scanned: total, total, complete: true };
  };
  const look = new NamesLook({ selection: { scan }, onFound: (queue) => found.push(queue) });
  return { queues, looked, found, look };
};

const snapshot = (name: string, waiting: number): QueueSnapshot => ({
  queue: QueueName.parse(name),
  counts: { waiting, active: 0, delayed: 0, waitingChildren: 0, completed: 0, failed: 0, paused: 0 },
  paused: false,
  oldestWaitingAt: null,
});

describe('a look at the names that wait', () => {
  it('leaves out empty queues and those in which too many wait, also where they came meanwhile', async () => {
    const { queues, looked, found, look } = stage([
      [0, 0],
      [MOST_NAMED_BACKLOG, MOST_NAMED_BACKLOG],
      [MOST_NAMED_BACKLOG + 1, 1],
      [10, MOST_NAMED_BACKLOG + 1],
      [2, 2],
    ]);
    expect(await look.look(queues, signal)).toBe(3);
    expect([...looked].sort()).toEqual(['q001', 'q003', 'q004']);
    expect([...found].sort()).toEqual(['q001', 'q004']);
  });

  it('takes only so much, and the next time what had to wait', async () => {
    const { queues, looked, look } = stage(Array.from({ length: 25 }, () => [5_000, 5_000] as const));
    for (const [from, to] of [
      [0, 10],
      [10, 20],
      [20, 25],
    ] as const) {
      looked.length = 0;
      await look.look(queues, signal);
      expect(looked).toHaveLength(10);
      expect(looked.slice(0, to - from)).toEqual(queues.slice(from, to).map(({ queue }) => queue));
    }
  });

  it('ends when it is stopped', async () => {
    const { queues, looked, look } = stage([[2, 2]]);
    await expect(look.look(queues, AbortSignal.abort(new Error('closed')))).rejects.toThrow('closed');
    expect(looked).toEqual([]);
  });
});
