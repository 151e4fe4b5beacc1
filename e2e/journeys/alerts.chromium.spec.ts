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

const LONG = { timeout: 40_000 };

test('an operator makes a rule, hears of it, takes it on, and finds it in the history', async ({
  page,
  redisUrl,
}) => {
  test.setTimeout(240_000);
  await page.evaluate(axe);
  const bell = page.getByRole('button', { name: /^Alerts: / });

  await test.step('the rules that came with the console say what they watch and how they stand', async () => {
    await expect(bell).toHaveAccessibleName('Alerts: No open alerts', LONG);
    await page.keyboard.press('g');
    await page.keyboard.press('b');
    await expect(page.getByRole('heading', { level: 1, name: 'Alerts' })).toBeVisible();
    await expect(page.getByText('Nothing has gone wrong')).toBeVisible();
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await expect(rule(page, 'Queue engine not reachable')).toContainText(
      'the engine cannot be reached, for 30s',
    );
    await expect(rule(page, 'Queue engine not reachable')).toContainText('Fine', LONG);
    // Redis of the tests has no limit of its memory: that is neither good nor bad.
    await expect(rule(page, 'Engine runs out of memory')).toContainText('Not known', LONG);
    await clean(page);
  });

  await test.step('a rule of their own', async () => {
    await rule(page, 'Jobs fail').getByRole('switch', { name: 'Jobs fail is on' }).click();
    await expect(rule(page, 'Jobs fail')).toContainText('Off');
    await page.getByRole('button', { name: 'New rule' }).click();
    const dialog = page.getByRole('dialog', { name: 'New rule', exact: true });
    await dialog.getByLabel('Name', { exact: true }).fill('Templates fail');
    await dialog.getByRole('combobox', { name: 'What is watched' }).click();
    await page.getByRole('option', { name: 'Failed jobs that stand' }).click();
    await dialog.getByRole('combobox', { name: 'Where' }).click();
    await page.getByRole('option', { name: 'Template processing' }).click();
    await dialog.getByRole('combobox', { name: 'Severity' }).click();
    await page.getByRole('option', { name: 'Critical' }).click();
    await dialog.getByLabel('Jobs or more').fill('2');
    await dialog.getByLabel('Has to last').fill('0');
    await dialog.getByLabel('Has to last').press('Tab');
    await expect(
      dialog.getByText('Fires when 2 jobs or more stand as failed, in Template processing, at once.'),
    ).toBeVisible();
    await clean(page);
    await dialog.getByRole('button', { name: 'Save rule' }).click();
    await expect(dialog).toBeHidden();
    await expect(rule(page, 'Templates fail')).toContainText('Fine', LONG);
  });

  await test.step('it fires: a message in the window, and the bell', async () => {
    await addUnreadable(redisUrl, 3);
    await expect(bell).toHaveAccessibleName('Alerts: 1 open alert', LONG);
    // What is critical stays until somebody closes it.
    const message = page.getByRole('alertdialog', { name: /^Template processing: [23] failed jobs stand$/ });
    await message.getByRole('button', { name: 'Show' }).click();
    await expect(panel(page)).toContainText('3 jobs');
    await expect(panel(page).getByRole('link', { name: 'Open the failures' })).toBeVisible();
    await clean(page);
  });

  await test.step('it is snoozed, annotated and taken on', async () => {
    await panel(page).getByRole('button', { name: 'Snooze' }).click();
    await page.getByRole('menuitem', { name: '1 hour' }).click();
    await expect(panel(page)).toContainText('Snoozed');
    await expect(bell).toHaveAccessibleName('Alerts: No open alerts', LONG);
    await panel(page).getByRole('button', { name: 'End the snooze' }).click();
    await expect(bell).toHaveAccessibleName('Alerts: 1 open alert', LONG);
    await panel(page).getByLabel('Add a note').fill('The template is being mended.');
    await panel(page).getByRole('button', { name: 'Add', exact: true }).click();
    await expect(panel(page).getByRole('listitem')).toContainText('The template is being mended.');
    await panel(page).getByRole('button', { name: 'Acknowledge' }).click();
    await expect(panel(page)).toContainText('Taken on');
    await expect(bell).toHaveAccessibleName('Alerts: No open alerts', LONG);
    await clean(page);
  });

  await test.step('failures that were looked at are no longer counted', async () => {
    const failures = screen(page, 'Failures');
    await expect(failures).toContainText('3', LONG);
    await failures.click();
    await expect(page.getByRole('grid', { name: 'Failures by cause' })).toBeVisible();
    await expect(failures).toHaveText('Failures', LONG);
  });

  await test.step('it is over by itself, and stands in the history', async () => {
    await obliterate(redisUrl);
    await screen(page, 'Alerts').click();
    await page.getByRole('combobox', { name: 'State' }).click();
    await page.getByRole('option', { name: 'Over', exact: true }).click();
    await expect(incidents(page)).toHaveCount(1, LONG);
    await expect(incidents(page)).toContainText('Template processing: 3 failed jobs stand');
    await incidents(page).click();
    await expect(panel(page)).toContainText('The template is being mended.');
    await expect(panel(page).getByRole('button', { name: 'Acknowledge' })).toHaveCount(0);
    await clean(page);
  });

  await test.step('the activity says who did what', async () => {
    await screen(page, 'Activity').click();
    await page.getByRole('button', { name: 'Audit log' }).click();
    for (const what of [
      'Alert rule created',
      'Alert snoozed',
      'Alert acknowledged',
      'Note written on an alert',
    ])
      await expect(page.getByText(what).first()).toBeVisible();
  });
});

const rule = (page: Page, name: string) =>
  page
    .getByRole('grid', { name: 'Alert rules' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell', { name, exact: true }) });
const incidents = (page: Page) =>
  page
    .getByRole('grid', { name: 'Incidents' })
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') });
const panel = (page: Page) => page.getByRole('complementary');

async function clean(page: Page): Promise<void> {
  expect(await violations(page, false, [])).toEqual([]);
}

/** Jobs that no worker can read: they fail at once and for good. */
async function addUnreadable(redisUrl: string, count: number): Promise<void> {
  await withQueue(redisUrl, async (queue) => {
    await queue.addBulk(
      Array.from({ length: count }, () => ({ name: 'process-template', data: { not: 'ours' } })),
    );
  });
}

async function obliterate(redisUrl: string): Promise<void> {
  await withQueue(redisUrl, async (queue) => {
    await queue.clean(0, 1_000, 'failed');
  });
}

async function withQueue(redisUrl: string, work: (queue: Queue) => Promise<void>): Promise<void> {
  const { hostname, port, pathname } = new URL(redisUrl);
  const connection = { host: hostname, port: Number(port), db: Number(pathname.slice(1) || '0') };
  const queue = new Queue('template-processing', { connection });
  await work(queue);
  await queue.close();
}
