import { z } from 'zod';
import { launchElectron } from '../fixtures/electron';
import type { Resources } from './resources';

const READY_MS = 30_000;
const IMPORT_MS = 600_000;

/** The longest time in which main or the page of the real app did nothing else, in ms. */
export interface Blocks {
  readonly main: number;
  readonly renderer: number;
}

/**
 * Drops the file on the real app in its Electron window, looks at the preview, imports it and waits for the
 * totals. Main is watched by the drift of a timer of 5 ms, the page by Chromium's own long tasks (those over
 * 50 ms; 0 where there was none).
 */
export async function watchBlocks(
  file: string,
  env: Readonly<Record<string, string>>,
  resources: Resources,
): Promise<Blocks> {
  const launched = await launchElectron({ env });
  resources.add(launched.kill);
  const { app, page } = launched;
  await page.getByRole('navigation').getByRole('link', { name: 'Import' }).click();
  const input = page.locator('input[type=file]');
  await input.waitFor({ state: 'attached', timeout: READY_MS });
  // The start of the app is another benchmark's.
  await page.waitForTimeout(3_000);
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
  await page.evaluate(() => {
    const state = globalThis as unknown as { longestTaskMs: number };
    state.longestTaskMs = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries())
        state.longestTaskMs = Math.max(state.longestTaskMs, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  await input.setInputFiles(file);
  const button = page.getByRole('button', { name: /^Import [\d,]+ rows$/ });
  await button.click({ timeout: IMPORT_MS });
  await page.getByText(/= [\d,]+ read/).waitFor({ timeout: IMPORT_MS });
  const main = await app.evaluate(() => (globalThis as unknown as { longestBlockMs: number }).longestBlockMs);
  const renderer = await page.evaluate(
    () => (globalThis as unknown as { longestTaskMs: number }).longestTaskMs,
  );
  await launched.close();
  return z.object({ main: z.number(), renderer: z.number() }).parse({ main, renderer });
}
