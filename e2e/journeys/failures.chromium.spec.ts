import type { Page } from '@playwright/test';
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

test('an operator sees why jobs fail, tries two first, retries the rest, and takes a removal back', async ({
  page,
  redisUrl,
}) => {
  await page.evaluate(axe);
  await addUnreadable(redisUrl, 'email-notification', 5, { version: 0 });
  await addUnreadable(redisUrl, 'template-processing', 2, 'nothing that anybody reads');

  await test.step('failures stand by their cause, the most frequent first', async () => {
    await screen(page, 'Failures').click();
    await expect(causes(page)).toHaveCount(2, { timeout: 30_000 });
    await expect(causes(page).first()).toContainText('Email notification · legacy');
    await expect(causes(page).first().getByRole('gridcell', { name: '5', exact: true })).toBeVisible();
    await expect(causes(page).first()).toContainText('71.4%');
    await expect(causes(page).nth(1)).toContainText('Template processing');
    await clean(page);
  });

  await test.step('a cause shows its jobs', async () => {
    await causes(page).first().click();
    await expect(page.getByText('71.4% of all failed jobs')).toBeVisible();
    await expect(jobs(page)).toHaveCount(5);
    await clean(page);
  });

  await test.step('two are tried first: the dialog says exactly how many match', async () => {
    await pause(redisUrl, 'email-notification', true);
    await page.getByRole('button', { name: 'Retry…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry jobs' });
    await expect(dialog.getByText('Exactly 5 jobs match now.')).toBeVisible();
    await expect(dialog.getByRole('region', { name: 'Some of them' }).getByRole('listitem')).toHaveCount(4);
    await dialog.getByRole('button', { name: 'Retry 5 jobs' }).click();
    await expect(dialog.getByText('At least 3 characters.')).toBeVisible();
    await dialog.getByLabel('Reason').fill('The producer is mended');
    await dialog.getByRole('checkbox', { name: 'Try a few first' }).click();
    await expect(dialog.getByLabel('Jobs to try first')).toHaveValue('2');
    await clean(page);
    await dialog.getByRole('button', { name: 'Retry 5 jobs' }).click();
    await expect(underWay(page)).toContainText('0 of 2 succeeded, 0 failed again, 2 still open.');
    await expect(jobs(page)).toHaveCount(3);
  });

  await test.step('what becomes of them is seen before anything else happens', async () => {
    await pause(redisUrl, 'email-notification', false);
    await expect(underWay(page)).toContainText('0 of 2 succeeded, 2 failed again, 0 still open.');
    await clean(page);
    await pause(redisUrl, 'email-notification', true);
    await underWay(page).getByRole('button', { name: 'Retry the rest' }).click();
    await expect(notice(page, '5 jobs are waiting again')).toBeVisible();
    await expect(underWay(page)).toBeHidden();
    await expect(jobs(page)).toHaveCount(2);
    await pause(redisUrl, 'email-notification', false);
    await expect(jobs(page)).toHaveCount(5);
  });

  await test.step('a cause is removed, and put back', async () => {
    await page.getByRole('button', { name: 'Remove…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Remove jobs' });
    await dialog.getByLabel('Reason').fill('Nobody needs them');
    await dialog.getByRole('button', { name: 'Remove 5 jobs' }).click();
    await expect(notice(page, '5 jobs removed')).toBeVisible();
    await expect(page.getByText('No job has failed for this cause any more')).toBeVisible();
    await page.getByRole('region', { name: 'Notifications' }).getByRole('button', { name: 'Undo' }).click();
    await expect(notice(page, '5 jobs are back')).toBeVisible();
    await expect(jobs(page)).toHaveCount(5);
  });

  await test.step('one that has not begun is called off', async () => {
    await page.getByRole('button', { name: 'Retry…', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry jobs' });
    await dialog.getByLabel('Reason').fill('Too early');
    await dialog.getByLabel('Begin in').fill('600');
    await dialog.getByLabel('Begin in').blur();
    await dialog.getByRole('button', { name: 'Retry 5 jobs' }).click();
    await expect(underWay(page)).toContainText(/^Retry Too earlyBegins in [1-9]\d* s/);
    await underWay(page).getByRole('button', { name: 'Call off' }).click();
    await expect(notice(page, 'Retry was called off')).toBeVisible();
    await expect(underWay(page)).toBeHidden();
    await expect(jobs(page)).toHaveCount(5);
  });

  await test.step('everything that was done stands in the history', async () => {
    await page.getByRole('button', { name: 'Operations', exact: true }).click();
    const rows = page.getByRole('grid', { name: 'Operations' }).getByRole('row');
    await expect(rows.filter({ hasText: 'The producer is mended' })).toContainText('5 / 5');
    await expect(rows.filter({ hasText: 'Takes back: Nobody needs them' })).toContainText('Completed');
    await expect(rows.filter({ hasText: 'Too early' })).toContainText('Cancelled');
    await rows.filter({ hasText: 'Too early' }).click();
    await expect(page.getByRole('dialog', { name: 'Report', exact: true })).toContainText(
      'Nothing was changed.',
    );
    await page.keyboard.press('Escape');
    await clean(page);
    await screen(page, 'Activity').click();
    await page
      .getByRole('button', { name: 'Audit log' })
      .or(page.getByRole('tab', { name: 'Audit log' }))
      .click();
    await expect(page.getByText('Operation on jobs started').first()).toBeVisible();
  });
});

/** Nothing that axe finds, in either theme. */
async function clean(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', ['region'])).toEqual([]);
  }
}

/** Jobs of a producer that nobody understands: each fails at once, for good. */
async function addUnreadable(redisUrl: string, queue: string, count: number, data: unknown): Promise<void> {
  await withQueue(redisUrl, queue, (bull) =>
    bull.addBulk(Array.from({ length: count }, () => ({ name: 'legacy', data }))),
  );
}

async function pause(redisUrl: string, queue: string, paused: boolean): Promise<void> {
  await withQueue(redisUrl, queue, (bull) => (paused ? bull.pause() : bull.resume()));
}

async function withQueue(
  redisUrl: string,
  name: string,
  work: (queue: Queue) => Promise<unknown>,
): Promise<void> {
  const { hostname: host, port, pathname } = new URL(redisUrl);
  const queue = new Queue(name, {
    connection: { host, port: Number(port), db: Number(pathname.slice(1) || 0) },
  });
  await work(queue);
  await queue.close();
}

const causes = (page: Page) =>
  page.getByRole('grid', { name: 'Failures by cause' }).getByRole('row').filter({ hasText: 'legacy' });
const jobs = (page: Page) =>
  page.getByRole('grid', { name: 'Failed jobs' }).getByRole('row').filter({ hasText: 'legacy' });
const underWay = (page: Page) => page.getByRole('region', { name: 'Operations under way' });
const notice = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(title, { exact: true });
