import { describe, expect, it } from 'vitest';
import type { QueueOverview } from '@shared/contract/queues';
import { attentionOf, SLOW_MS } from './attention';

const NOW = Date.UTC(2026, 10, 24, 12);
const idle: QueueOverview = {
  name: 'bulk-messages',
  counts: { waiting: 0, active: 0, delayed: 0, waitingChildren: 0, completed: 9, failed: 0, paused: 0 },
  paused: false,
  workers: 5,
  completedPerSecond: 0,
  failedPerSecond: 0,
  oldestWaitingAt: null,
  backlogEtaSeconds: null,
  wait: null,
  run: null,
  spark: [],
};
const waitingSince = (ms: number): Partial<QueueOverview> => ({
  counts: { ...idle.counts, waiting: 3 },
  oldestWaitingAt: new Date(NOW - ms).toISOString(),
});
const kinds = (change: Partial<QueueOverview>): readonly string[] =>
  attentionOf(undefined, [{ ...idle, ...change }], NOW).map(({ kind }) => kind);

describe('what needs attention', () => {
  it('is nothing while the queues run', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds(waitingSince(SLOW_MS))).toEqual([]);
  });

  it('is a paused queue only while jobs wait in it', () => {
    expect(kinds({ paused: true })).toEqual([]);
    const held = { ...idle, paused: true, counts: { ...idle.counts, waiting: 2, paused: 2 } };
    expect(attentionOf(undefined, [held], NOW)).toEqual([{ kind: 'paused', queue: held.name, waiting: 2 }]);
  });

  it('is said once: no workers, not also slow', () =>
    expect(kinds({ ...waitingSince(SLOW_MS * 2), workers: 0 })).toEqual(['noWorkers']));

  it('is a job that waits too long although workers run', () =>
    expect(kinds(waitingSince(SLOW_MS + 1))).toEqual(['slow']));

  it('names failures', () => expect(kinds({ counts: { ...idle.counts, failed: 1 } })).toEqual(['failed']));
});
