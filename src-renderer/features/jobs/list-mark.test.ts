import { describe, expect, it } from 'vitest';
import type { JobCounts, QueueOverview } from '@shared/contract/queues';
import { listMark } from './list-mark';

const none = { waiting: 0, active: 0, delayed: 0, completed: 0, failed: 0, waitingChildren: 0 } as JobCounts;
const queue = (counts: Partial<JobCounts>): QueueOverview =>
  ({ name: 'bulk-messages', counts: { ...none, ...counts } }) as QueueOverview;

describe('the mark of a list of jobs', () => {
  it('is another one when a count moves', () => {
    expect(listMark(queue({ failed: 3 }), 'failed', '10:00:01', 3)).not.toBe(
      listMark(queue({ failed: 2 }), 'failed', '10:00:01', 2),
    );
  });

  it('stays while nothing moves', () => {
    expect(listMark(queue({ failed: 3 }), 'failed', '10:00:01', 3)).toBe(
      listMark(queue({ failed: 3 }), 'failed', '10:00:02', 3),
    );
  });

  it('changes each second while the list is shorter than it should be, and while jobs run', () => {
    for (const [counts, state, listed] of [
      [{ failed: 3 }, 'failed', 2],
      [{ active: 1 }, 'active', 1],
    ] as const)
      expect(listMark(queue(counts), state, '10:00:01', listed)).not.toBe(
        listMark(queue(counts), state, '10:00:02', listed),
      );
  });
});
