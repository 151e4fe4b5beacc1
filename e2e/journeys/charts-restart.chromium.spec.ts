import type { Page } from '@playwright/test';
import pg from 'pg';
import { axe, violations } from '../fixtures/axe';
import { importFile } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, launchConsole, test } from '../fixtures/test';

const LONG = { timeout: 60_000 };

test('after a restart the last minutes are what was recorded, and a gap is only what nobody watched', async ({}, info) => {
  test.setTimeout(240_000);
  const databaseUrl = await testDatabaseUrl();
  const launch = {
    env: { REDIS_URL: await testRedisUrl(), DATABASE_URL: databaseUrl },
    dataFolder: info.outputPath('data'),
  };

  const before = await launchConsole(info.project.name, launch);
  await importFile(before.page, info, 'before.csv', 'Name,Phone\nAnna,+12015550123\nBen,+12015550124\n');
  await expect(before.page.getByText('Imported before.csv')).toBeVisible(LONG);
  await showCharts(before.page);
  await expect(before.page.getByRole('status').filter({ hasText: 'in steps of 5s' })).toBeVisible();
  await before.close();
  await writeMinutes(databaseUrl);

  const { page, close } = await launchConsole(info.project.name, launch);
  const throughput = page.getByRole('figure', { name: 'Throughput' });
  await showCharts(page);
  await expect(page.getByRole('status').filter({ hasText: 'in steps of 1m' })).toBeVisible(LONG);
  await expect(page.getByText('Jobs failed in each 1m')).toBeVisible();

  await throughput.getByRole('button', { name: 'Show as table' }).click();
  // 120 jobs a minute in eight minutes, and between them two that nobody watched.
  await expect(throughput.getByRole('cell', { name: '2/s', exact: true })).toHaveCount(8);
  const cells = await throughput.getByRole('row').allTextContents();
  const whole = cells.findIndex((text) => /M2\/s$/.test(text));
  expect(cells.slice(whole, whole + 10).map((text) => text.endsWith('no reading'))).toEqual(
    Array.from({ length: 10 }, (_, index) => index === 4 || index === 5),
  );
  // The import of the console before this one.
  const imported = cells.slice(1, whole).filter((text) => /(?:0\.\d+\/s|\/min)$/.test(text));
  expect(imported.length).toBeGreaterThan(0);
  await throughput.getByRole('button', { name: 'Show as chart' }).click();

  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
    await page.screenshot({ path: info.outputPath(`charts-${colorScheme}.png`), fullPage: true });
  }
  await close();
});

/** The last 15 minutes of the imports. */
async function showCharts(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Overview' }).click();
  await page.getByRole('link', { name: 'Charts of Contact import' }).click();
  // The Overview has such a button as well.
  await expect(page.getByRole('heading', { level: 1, name: 'Charts' })).toBeVisible();
  await page.getByRole('button', { name: '15 min', exact: true }).click();
}

/** Minutes as a console kept them that ran until a while ago, but for two in which none did. */
async function writeMinutes(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `INSERT INTO queue_metrics (organization_id, queue_name, job_name, minute, completed, failed, wait_histogram,
                                  run_histogram, backlog, active, delayed, oldest_ms)
       SELECT (SELECT id FROM organizations LIMIT 1), 'contact-import', '', at, 120, 3, ARRAY[0, 0, 0, 5, 9, 2],
              ARRAY[0, 0, 0, 0, 0, 0, 7, 12, 1], 20 + 3 * extract(minute FROM at)::int % 7, 2, 4, 45000
         FROM generate_series(date_trunc('minute', now()) - interval '12 minutes',
                              date_trunc('minute', now()) - interval '3 minutes', interval '1 minute') AS at
        WHERE at NOT BETWEEN date_trunc('minute', now()) - interval '8 minutes'
                         AND date_trunc('minute', now()) - interval '7 minutes'
           ON CONFLICT DO NOTHING`,
    );
  } finally {
    await client.end();
  }
}
