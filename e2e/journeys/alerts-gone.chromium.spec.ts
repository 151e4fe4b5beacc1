import { Queue } from 'bullmq';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ redisUrl: string }>({
  redisUrl: ({}, use) => testRedisUrl().then(use),
  launch: async ({ redisUrl }, use) => {
    await use({ env: { REDIS_URL: redisUrl, DATABASE_URL: await testDatabaseUrl() } });
  },
});

const LONG = { timeout: 40_000 };

test('an operator hears of jobs that fail, also where none of them is left', async ({
  page,
  redisUrl,
}, info) => {
  test.setTimeout(120_000);
  await page.evaluate(axe);
  const rule = page
    .getByRole('grid', { name: 'Alert rules' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name: 'Jobs fail', exact: true }) });

  await test.step('who has only begun to watch does not say that all is well', async () => {
    await screen(page, 'Alerts').click();
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await expect(rule).toContainText('Not known', LONG);
    await expect(rule).toContainText('1 job or more failed within 5m');
  });

  await test.step('jobs that are removed as they fail are told, with the reason', async () => {
    const { hostname, port, pathname } = new URL(redisUrl);
    const connection = { host: hostname, port: Number(port), db: Number(pathname.slice(1) || '0') };
    const queue = new Queue('template-processing', { connection });
    await queue.addBulk(
      Array.from({ length: 3 }, () => ({
        name: 'process-template',
        data: { not: 'ours' },
        opts: { removeOnFail: true },
      })),
    );
    await expect(page.getByRole('button', { name: /^Alerts: / })).toHaveAccessibleName(
      'Alerts: 1 open alert',
      LONG,
    );
    await expect.poll(async () => (await queue.getJobCounts('failed'))['failed']).toBe(0);
    await queue.close();
    await expect(rule).toContainText('3 jobs in Template processing', LONG);
    await page.getByRole('button', { name: 'Incidents', exact: true }).click();
    await page
      .getByRole('grid', { name: 'Incidents' })
      .getByText(/Template processing: \d jobs? ha(s|ve) failed/)
      .click();
    const panel = page.getByRole('complementary');
    await expect(panel).toContainText('3 jobs');
    await expect(panel).toContainText("The job's data is not what this queue expects");
  });

  await test.step('the rule says what counts', async () => {
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await page.getByRole('button', { name: 'Edit Jobs fail' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit rule', exact: true });
    await expect(dialog.getByText(/also where it was retried, removed or not kept/)).toBeVisible();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
      expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
      await page.screenshot({ path: info.outputPath(`rule-${colorScheme}.png`) });
    }
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await expect(dialog).toBeHidden();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
      await page.screenshot({ path: info.outputPath(`rules-${colorScheme}.png`) });
    }
  });
});
