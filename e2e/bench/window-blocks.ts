import type { ElectronApplication, Page } from '@playwright/test';
import { z } from 'zod';

/** The longest time in which main or the page of the real app did nothing else, in ms. */
export interface Blocks {
  readonly main: number;
  /** By Chromium's own long tasks, those over 50 ms: 0 where there was none. */
  readonly renderer: number;
}

/** The blocks since the watch began, or since they were last taken. */
export type TakeBlocks = () => Promise<Blocks>;

/**
 * Watches main by the drift of a timer of 5 ms, and the page by its long tasks; with `sinceOpening` also by those that
 * it has had since it was opened.
 */
export async function watchWindow(
  app: ElectronApplication,
  page: Page,
  { sinceOpening = false } = {},
): Promise<TakeBlocks> {
  await app.evaluate(() => {
    const state = globalThis as unknown as { longestBlockMs: number };
    state.longestBlockMs = 0;
    let last = performance.now();
    setInterval(() => {
      const now = performance.now();
      state.longestBlockMs = Math.max(state.longestBlockMs, now - last - 5);
      last = now;
    }, 5);
  });
  await page.evaluate((buffered) => {
    const state = globalThis as unknown as { longestTaskMs: number };
    state.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        state.longestTaskMs = Math.max(state.longestTaskMs, duration);
    }).observe({ type: 'longtask', buffered });
  }, sinceOpening);
  return async () => {
    const main = await app.evaluate(() => {
      const state = globalThis as unknown as { longestBlockMs: number };
      const longest = state.longestBlockMs;
      state.longestBlockMs = 0;
      return longest;
    });
    const renderer = await page.evaluate(() => {
      const state = globalThis as unknown as { longestTaskMs: number };
      const longest = state.longestTaskMs;
      state.longestTaskMs = 0;
      return longest;
    });
    return z.object({ main: z.number(), renderer: z.number() }).parse({ main, renderer });
  };
}
