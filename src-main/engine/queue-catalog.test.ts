import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { adsappQueues } from '@shared/domain/queues';
import { QueueCatalog } from './queue-catalog';

/** An engine whose look takes so long, and the names in it. */
const stage = (tookMs: number) => {
  const names: string[] = [];
  const find = vi.fn(async () => {
    await vi.advanceTimersByTimeAsync(tookMs);
    return [...names];
  });
  return { names, find, catalog: new QueueCatalog({ find }) };
};

describe('glances at the queues', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('find a new queue at once, and look no more often however many come', async () => {
    const { names, find, catalog } = stage(1);
    const added = vi.fn();
    catalog.onChange(added);
    await catalog.glance();
    names.push('reports');
    await Promise.all([catalog.glance(), catalog.glance()]);
    expect(find).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await Promise.all([catalog.glance(), catalog.glance(), catalog.glance()]);
    expect(find).toHaveBeenCalledTimes(2);
    expect(catalog.names()).toEqual([...adsappQueues, 'reports']);
    expect(added).toHaveBeenCalledWith(['reports']);
  });

  it('leave an engine alone in which a look is dear', async () => {
    const { find, catalog } = stage(1_500);
    await catalog.glance();
    await vi.advanceTimersByTimeAsync(29_000);
    await catalog.glance();
    expect(find).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await catalog.glance();
    expect(find).toHaveBeenCalledTimes(2);
  });

  it('say nothing where the engine is away', async () => {
    const catalog = new QueueCatalog({ find: () => Promise.reject(new Error('away')) });
    await expect(catalog.glance()).resolves.toBeUndefined();
  });
});
