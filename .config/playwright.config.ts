import { defineConfig } from '@playwright/test';

/**
 * `x.spec.ts` runs on both hosts, `x.electron.spec.ts` and `x.chromium.spec.ts` on one. Each test launches an
 * app of its own, with a database and a folder of its own, so two files run side by side; windows of Electron share
 * one display and its focus, so those go one after the other.
 *
 * A journey that fails is tried once more, and what passes only then is told with what was on the screen: two
 * slow cores under a hundred journeys lose a click now and then, and one of them must not hide what all others
 * say. What dies in the middle of sending is never tried twice (`chaos`).
 */
export default defineConfig({
  testDir: '../e2e',
  outputDir: '../.cache/playwright',
  globalSetup: '../e2e/fixtures/playwright-setup.ts',
  workers: 2,
  retries: 1,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['json', { outputFile: '../.cache/test-results/playwright.json' }]],
  projects: [
    { name: 'electron', workers: 1, testMatch: '**/*.spec.ts', testIgnore: '**/*.chromium.spec.ts' },
    { name: 'chromium', testMatch: '**/*.spec.ts', testIgnore: '**/*.electron.spec.ts' },
  ],
});
