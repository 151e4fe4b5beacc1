import type { Page } from '@playwright/test';
import { z } from 'zod';
import { median, percentile } from './statistics';

/** How smoothly something moved: pictures a second by the median, and how long nineteen of twenty took at most. */
export interface Frames {
  readonly perSecond: number;
  readonly p95Ms: number;
}

/** Watches the page's pictures while `work` goes on, as the page itself is told of them. */
export async function framesWhile(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const state = globalThis as unknown as { frameTimes: number[] | null };
    const times: number[] = [];
    state.frameTimes = times;
    void (async () => {
      while (state.frameTimes === times) times.push(await new Promise(requestAnimationFrame));
    })();
  });
  await work();
  const taken = await page.evaluate(() => {
    const state = globalThis as unknown as { frameTimes: number[] | null };
    const times = state.frameTimes;
    state.frameTimes = null;
    return times;
  });
  const times = z.array(z.number()).min(2).parse(taken);
  const lengths = times.slice(1).map((time, index) => time - (times[index] ?? time));
  return { perSecond: 1_000 / median(lengths), p95Ms: percentile(lengths, 0.95) };
}
