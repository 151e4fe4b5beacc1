import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChangeFeed } from './change-feed';
import type { QueueChange } from './engine';

describe('events of the engine', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const listen = () => {
    const feed = new ChangeFeed();
    const batches: (readonly QueueChange[])[] = [];
    feed.subscribe((changes) => batches.push(changes));
    const completed = (jobId: string) =>
      feed.push([{ queue: 'bulk-messages', event: 'completed', jobId, name: null, reason: null }]);
    return { feed, batches, completed };
  };

  it('come at once, and then at most ten times a second, with nothing left out', () => {
    const { batches, completed } = listen();
    for (let ms = 0; ms < 2_000; ms += 1) {
      completed(String(ms));
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(200);
    expect(batches.length).toBeGreaterThan(15);
    expect(batches.length).toBeLessThanOrEqual(21);
    expect(batches.flat().reduce((sum, change) => sum + change.completed, 0)).toBe(2_000);
    expect(new Set(batches.flat().flatMap((change) => [...(change.jobIds ?? [])])).size).toBe(2_000);
  });

  it('come also after the clock was set back', () => {
    const { batches, completed } = listen();
    completed('before');
    vi.advanceTimersByTime(200);
    vi.setSystemTime(Date.now() - 3_600_000);
    completed('after');
    vi.advanceTimersByTime(200);
    expect(batches).toHaveLength(2);
  });

  it('name no jobs where there are more than a thousand, but count them', () => {
    const { batches, completed } = listen();
    for (let job = 0; job < 3_000; job += 1) completed(String(job));
    vi.advanceTimersByTime(200);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.[0]).toMatchObject({ jobIds: null, completed: 3_000, failed: 0 });
    expect(batches[0]?.[0]?.finishedIds).toHaveLength(500);
  });

  it('tell how many jobs of each name ended, and whose name is not known', () => {
    const { feed, batches } = listen();
    const say = (event: string, jobId: string, name: string | null = null, reason: string | null = null) =>
      feed.push([{ queue: 'bulk-messages', event, jobId, name, reason }]);
    for (const id of ['1', '2', '3']) say('added', id, 'send');
    say('added', '4', 'check');
    say('completed', '1');
    say('failed', '2');
    say('completed', '4');
    say('completed', 'older');
    vi.advanceTimersByTime(200);
    const changes = batches.flat();
    expect(changes.map(({ completed, failed }) => [completed, failed])).toEqual([[3, 1]]);
    expect([...(changes[0]?.named ?? [])]).toEqual([
      ['send', { completed: 1, failed: 1 }],
      ['check', { completed: 1, failed: 0 }],
    ]);
    expect([...(changes[0]?.nameless ?? [])]).toEqual([['older', 'completed']]);
    // What failed may be retried, and ends under the same name.
    say('completed', '2');
    vi.advanceTimersByTime(200);
    expect([...(batches.at(-1)?.[0]?.named ?? [])]).toEqual([['send', { completed: 1, failed: 0 }]]);
  });

  it('tell which failures somebody meant, and why the newest of the others failed', () => {
    const { feed, batches } = listen();
    const failed = (reason: string | null) =>
      feed.push([{ queue: 'bulk-messages', event: 'failed', jobId: '1', name: null, reason }]);
    for (const reason of ['no paper', 'no printer', null, 'Cancelled by Op']) failed(reason);
    vi.advanceTimersByTime(200);
    expect(batches[0]).toMatchObject([{ failed: 4, cancelled: 1, reason: 'no printer' }]);
  });

  it('that were missed ask for everything to be read again', () => {
    const { feed, batches } = listen();
    feed.missed(['contact-import']);
    vi.advanceTimersByTime(200);
    expect(batches[0]).toEqual([
      {
        queue: 'contact-import',
        jobIds: null,
        ...{ completed: 0, failed: 0, cancelled: 0, reason: null, finishedIds: [] },
        named: new Map(),
        nameless: new Map(),
      },
    ]);
  });
});
