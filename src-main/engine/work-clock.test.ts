import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorkClock } from './work-clock';

describe('the time at work of a job', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes on from what earlier runs took, and is written down while it runs', () => {
    const written: number[] = [];
    const clock = createWorkClock((ms) => {
      written.push(ms);
      return Promise.resolve();
    }, 1_000);
    vi.advanceTimersByTime(500);
    clock.goOn(60_000);
    vi.advanceTimersByTime(2_100);
    expect(written).toEqual([61_500, 62_500]);
    expect(clock.ms()).toBe(62_600);
    clock.end();
    vi.advanceTimersByTime(5_000);
    expect(written).toHaveLength(2);
  });
});
