import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Yielder } from '../yielder';
import type { FailureEntry } from './failure-index';
import { groupFailures, TREND_STEPS, type IndexedQueue } from './groups';

const now = Date.parse('2026-05-01T12:00:00Z');
const entry = (over: Partial<FailureEntry> = {}): FailureEntry => ({
  cause: { fingerprint: 'a'.repeat(16), title: 'Timeout after <n> ms' },
  finishedAt: now - 60_000,
  name: 'send',
  campaignId: null,
  importId: null,
  ...over,
});
const queue = (name: string, entries: readonly FailureEntry[]): IndexedQueue => ({
  queue: name,
  all: () => entries.map((each, index) => [String(index), each] as const),
  label: (id) => (id === 'c1' ? 'Spring sale' : null),
});

describe('failures by cause', () => {
  it('gathers one cause over all queues, with what it hit', async () => {
    const cause = { fingerprint: 'b'.repeat(16), title: 'Cancelled by Dana' };
    const { total, groups } = await groupFailures(
      [
        queue('one', [entry({ campaignId: 'c1' }), entry({ campaignId: 'c1', finishedAt: now - 5_000 })]),
        queue('two', [entry({ importId: 'i1', name: 'import' }), entry({ cause })]),
      ],
      now,
      new Yielder(),
    );
    expect(total).toBe(4);
    expect(groups).toMatchObject([
      {
        title: 'Timeout after <n> ms',
        count: 3,
        share: 0.75,
        cancelled: false,
        firstSeen: new Date(now - 60_000).toISOString(),
        lastSeen: new Date(now - 5_000).toISOString(),
        queues: [
          { queue: 'one', count: 2 },
          { queue: 'two', count: 1 },
        ],
        names: [
          { name: 'send', count: 2 },
          { name: 'import', count: 1 },
        ],
        campaigns: [{ id: 'c1', label: 'Spring sale', count: 2 }],
        imports: [{ id: 'i1', label: null, count: 1 }],
      },
      { title: 'Cancelled by Dana', cancelled: true, count: 1 },
    ]);
  });

  it('counts every failure once, and none of the last day is missing in the trend', async () => {
    const times = fc.array(fc.integer({ min: now - 3 * 86_400_000, max: now + 5_000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(times, async (all) => {
        const { total, groups, trendFrom } = await groupFailures(
          [
            queue(
              'one',
              all.map((finishedAt) => entry({ finishedAt })),
            ),
          ],
          now,
          new Yielder(),
        );
        expect(total).toBe(all.length);
        const [group] = groups;
        if (group === undefined) return;
        expect(group.trend).toHaveLength(TREND_STEPS);
        const drawn = group.trend.reduce((sum, each) => sum + each, 0);
        expect(drawn).toBe(all.filter((at) => at >= trendFrom).length);
      }),
    );
  });
});
