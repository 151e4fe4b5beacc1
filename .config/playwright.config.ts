import { defineConfig } from '@playwright/test';

/**
 * `x.spec.ts` runs on both hosts, `x.electron.spec.ts` and `x.chromium.spec.ts` on one. Each test launches an
 * app of its own, and times are measured, so they run one after the other; a flaky test is a bug, so none is
 * tried twice.
 */
export default defineConfig({
  testDir: '../e2e',
  outputDir: '../.cache/playwright',
  globalSetup: '../e2e/fixtures/playwright-setup.ts',
  workers: 1,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 10_000 },
  forbidOnly: process.env['CI'] !== undefined,
  reporter: [['list'], ['json', { outputFile: '../.cache/test-results/playwright.json' }]],
  projects: [
    { name: 'electron', testMatch: '**/*.spec.ts', testIgnore: '**/*.chromium.spec.ts' },
    { name: 'chromium', testMatch: '**/*.spec.ts', testIgnore: '**/*.electron.spec.ts' },
  ],
});
