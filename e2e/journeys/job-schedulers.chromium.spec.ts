import type { Page } from '@playwright/test';
import { Queue } from 'bullmq';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ redisUrl: string }>({
  redisUrl: ({}, use) => testRedisUrl().then(use),
  launch: async ({ redisUrl }, use) => {
    await withQueue(redisUrl, async (queue) => {
      await queue.upsertJobScheduler(
        'nightly-close',
        { pattern: '0 3 * * *', tz: 'Asia/Riyadh' },
        { name: 'close-day', data: { full: true }, opts: { attempts: 4 } },
      );
    });
    await use({ env: { REDIS_URL: redisUrl, DATABASE_URL: await testDatabaseUrl() } });
  },
});

/** Another program's queue, which nobody works. */
async function withQueue(url: string, work: (queue: Queue) => Promise<void>): Promise<void> {
  const queue = new Queue('orders', { connection: { url } });
  await work(queue);
  await queue.close();
}

test('the schedulers of another program are seen, made, changed, run now and removed', async ({
  page,
  redisUrl,
}) => {
  test.setTimeout(120_000);
  await page.evaluate(axe);
  const list = page.getByRole('dialog', { name: 'Schedulers of orders' });
  const row = (id: string) =>
    list.getByRole('row').filter({ has: page.getByRole('rowheader', { name: id, exact: true }) });
  const notice = (text: RegExp) => page.getByRole('region', { name: 'Notifications' }).getByText(text);

  await test.step('what makes jobs, and when next', async () => {
    await screen(page, 'Jobs').click();
    await page.getByRole('button', { name: 'orders', exact: true }).click();
    await page.getByRole('button', { name: 'Schedulers…' }).click();
    await expect(row('nightly-close')).toContainText('close-day0 3 * * *Asia/Riyadh');
    await check(page);
  });

  await test.step('a new one; a pattern that cannot be read is refused in words', async () => {
    await list.getByRole('button', { name: 'New scheduler' }).click();
    const form = page.getByRole('dialog', { name: 'New scheduler of orders' });
    await form.getByRole('button', { name: 'Save scheduler' }).click();
    await expect(form.getByText('Fill this in.')).toHaveCount(2);
    await form.getByRole('textbox', { name: 'Id' }).fill('weekly');
    await form.getByRole('textbox', { name: 'Job name' }).fill('report');
    await form.getByRole('textbox', { name: 'Cron pattern' }).fill('every monday');
    await form.getByRole('button', { name: 'Save scheduler' }).click();
    await expect(form.getByText('This pattern or time zone cannot be read.')).toBeVisible();
    await check(page);
    await form.getByRole('textbox', { name: 'Cron pattern' }).fill('0 9 * * 1');
    await form.getByRole('button', { name: 'Save scheduler' }).click();
    await expect(row('weekly')).toContainText('report0 9 * * 1');
  });

  await test.step('a change keeps what the form does not show', async () => {
    await list.getByRole('button', { name: 'Edit nightly-close' }).click();
    const form = page.getByRole('dialog', { name: 'Edit the scheduler nightly-close' });
    await expect(form.getByRole('textbox', { name: 'Id' })).toBeDisabled();
    await form.getByRole('button', { name: 'Every so often' }).click();
    await form.getByLabel('Seconds between two jobs').fill('3600');
    await form.getByLabel('Payload as JSON').fill('{ "full": false }');
    await form.getByRole('button', { name: 'Save scheduler' }).click();
    await expect(row('nightly-close')).toContainText('Every 1h');
    await withQueue(redisUrl, async (queue) => {
      expect(await queue.getJobScheduler('nightly-close')).toMatchObject({
        every: 3_600_000,
        template: { data: { full: false }, opts: { attempts: 4 } },
      });
    });
  });

  await test.step('one is run now, and one is removed', async () => {
    await list.getByRole('button', { name: 'Run weekly now' }).click();
    await expect(notice(/^report was added as job /)).toBeVisible();
    await list.getByRole('button', { name: 'Remove weekly' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove scheduler' }).click();
    await expect(row('weekly')).toHaveCount(0);
    await list.getByRole('button', { name: 'Close' }).last().click();
    const jobs = page.getByRole('grid', { name: 'Jobs of orders, waiting' }).getByRole('row');
    await jobs.filter({ hasText: 'report' }).click();
  });

  await test.step('what is said stands above the buttons of the panel', async () => {
    const duplicate = page.getByRole('complementary').getByRole('button', { name: 'Duplicate' });
    await duplicate.waitFor();
    // The place of messages, also while there is none.
    const place = page.getByRole('region', { name: 'Notifications' });
    const bottom = () => place.evaluate((element) => element.getBoundingClientRect().bottom);
    await expect.poll(async () => (await bottom()) < ((await duplicate.boundingBox())?.y ?? 0)).toBe(true);
    await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click();
    await expect.poll(bottom).toBeGreaterThan(850);
  });

  await test.step('the activity says who did what', async () => {
    await screen(page, 'Activity').click();
    await page.getByRole('button', { name: 'Audit log' }).click();
    for (const what of ['created', 'changed', 'removed'])
      await expect(page.getByText(`Job scheduler ${what}`)).toBeVisible();
  });
});

async function check(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', ['region'])).toEqual([]);
  }
}
