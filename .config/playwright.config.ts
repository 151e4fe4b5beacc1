import { defineConfig } from '@playwright/test';

/**
 * `x.spec.ts` runs on both hosts, `x.electron.spec.ts` and `x.chromium.spec.ts` on one. Each test launches an
 * app of its own, with a database and a folder of its own, so files run side by side: three at a time, for a page waits
 * more than it works. Each process has a display of its own, for windows on one take the focus from each other.
 *
 * A journey that fails is tried once more, and what passes only then is told with what was on the screen: two
 * slow cores under a hundred journeys lose a click now and then, and one of them must not hide what all others
 * say. What dies in the middle of sending is never tried twice (`chaos`).
 */
export default defineConfig({
  testDir: '../e2e',
  outputDir: '../.cache/playwright',
  globalSetup: '../e2e/fixtures/playwright-setup.ts',
  workers: 3,
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['json', { outputFile: '../.cache/test-results/playwright.json' }]],
  projects: [
    { name: 'electron', workers: 2, testMatch: '**/*.spec.ts', testIgnore: '**/*.chromium.spec.ts' },
    { name: 'chromium', testMatch: '**/*.spec.ts', testIgnore: '**/*.electron.spec.ts' },
  ],
});
