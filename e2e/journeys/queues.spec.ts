import type { Page } from '@playwright/test';
import pg from 'pg';
import { importFile, runCommand, screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const QUEUES = ['Bulk messages', 'Contact import', 'Template processing', 'Email notification'];

const test = base.extend<{ databaseUrl: string }>({
  databaseUrl: ({}, use) => testDatabaseUrl().then(use),
  launch: async ({ databaseUrl }, use) => {
    await use({ env: { REDIS_URL: await testRedisUrl(), DATABASE_URL: databaseUrl } });
  },
});

test('an operator holds a queue, follows its jobs, and brings failed ones back', async ({
  page,
  databaseUrl,
}, info) => {
  const add = (name: string, rows: number): Promise<void> =>
    importFile(page, info, `${name}.csv`, contacts(name, rows));
  const queueRow = page.getByRole('table', { name: 'Queues, live' }).getByRole('row', {
    name: 'Contact import',
  });

  await test.step('the overview shows the four queues and what they did', async () => {
    for (const queue of QUEUES) await expect(page.getByRole('rowheader', { name: queue })).toBeVisible();
    for (const chart of ['Throughput', 'Backlog', 'Failures', 'Run time'])
      await expect(page.getByRole('heading', { name: chart })).toBeVisible();
  });

  await test.step('a paused queue keeps its jobs, and says so', async () => {
    await page.getByRole('button', { name: 'Pause Contact import' }).click();
    await expect(notice(page, 'Contact import is paused')).toBeVisible();
    await expect(queueRow.getByText('Paused')).toBeVisible();
    await add('first', 2);
    await page.keyboard.press('g');
    await page.keyboard.press('j');
    await page.getByRole('button', { name: 'Contact import', exact: true }).click();
    await expect(page.getByText('This queue is paused.')).toBeVisible();
    await expect(jobs(page)).toHaveCount(1);
  });

  await test.step('resumed from what needs attention, it runs what waited', async () => {
    await screen(page, 'Overview').click();
    const attention = page.getByRole('listitem').filter({ hasText: 'Contact import is paused' });
    await expect(attention).toContainText('with 1 job waiting');
    await attention.getByRole('button', { name: 'Resume' }).click();
    await expect(notice(page, 'Contact import runs again')).toBeVisible();
    await expect(attention).toBeHidden();
    await expect(queueRow.getByText('Paused')).toBeHidden();
    // The job may still wait or run: another link says 1 then.
    await queueRow.locator('a[href*="state=completed"]', { hasText: /^1$/ }).click();
    await expect(page.getByRole('tab', { name: /^Completed/, selected: true })).toBeVisible();
    await jobs(page).first().click();
  });

  await test.step('the job tells everything about itself', async () => {
    const panel = page.getByRole('complementary');
    await expect(panel.getByText('Run time')).toBeVisible();
    await expect(panel.getByText('Completed').first()).toBeVisible();
    await panel.getByRole('tab', { name: 'Payload' }).click();
    await expect(panel.getByText('importId')).toBeVisible();
    await panel.getByRole('tab', { name: /^Attempts/ }).click();
    await expect(panel.getByText('Attempt 1', { exact: true })).toBeVisible();
    await panel.getByRole('tab', { name: 'Logs' }).click();
    await expect(panel.getByRole('log')).toContainText('completed {');
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
  });

  await test.step('a job is found by its id from the keyboard', async () => {
    const id = await jobs(page)
      .first()
      .getByText(/^import-[0-9a-f]{8}-/)
      .innerText();
    await screen(page, 'Jobs').click();
    await page.keyboard.press('/');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary')).toContainText(id);
    await page.keyboard.press('Escape');
  });

  await test.step('all queues are held with one command', async () => {
    await runCommand(page, 'Pause all queues');
    await expect(notice(page, '4 queues are paused')).toBeVisible();
    for (const name of ['unwanted', 'second', 'third', 'fourth', 'fifth']) await add(name, 1);
  });

  await test.step('a waiting job is cancelled for good', async () => {
    await screen(page, 'Jobs').click();
    await page.getByRole('button', { name: 'Contact import', exact: true }).click();
    await page.getByRole('button', { name: 'Oldest first' }).click();
    await expect(jobs(page)).toHaveCount(5);
    await jobs(page).first().click();
    await page.getByRole('complementary').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel 1 job' }).click();
    await expect(notice(page, '1 job cancelled')).toBeVisible();
    await expect(jobs(page)).toHaveCount(4);
  });

  const database = new pg.Client(databaseUrl);
  await database.connect();

  await test.step('jobs that the database refuses end as failures with their reason', async () => {
    await database.query('ALTER TABLE contacts RENAME TO contacts_away');
    await runCommand(page, 'Resume all queues');
    await expect(notice(page, '4 queues run again')).toBeVisible();
    await everyFailure(page);
    await expect(failures(page)).toHaveCount(4, { timeout: 30_000 });
    await expect(failures(page).first()).toContainText('The database refused a batch');
    await expect(screen(page, 'Failures')).toContainText('4');
    await failures(page).first().click();
    const panel = page.getByRole('complementary');
    await expect(panel.getByText('Attempt 3', { exact: true })).toBeVisible();
    await expect(panel.getByText(/SQLSTATE 42P01/).first()).toBeVisible();
    await panel.getByRole('tab', { name: 'Logs' }).click();
    await expect(panel.getByRole('log')).toContainText('Attempt 3 stopped');
  });

  await test.step('once the cause is gone, one is retried and completes', async () => {
    await database.query('ALTER TABLE contacts_away RENAME TO contacts');
    await database.end();
    const panel = page.getByRole('complementary');
    await panel.getByRole('button', { name: 'Retry', exact: true }).click();
    await expect(notice(page, '1 job is waiting again')).toBeVisible();
    await expect(panel.getByText('Completed').first()).toBeVisible();
    await everyFailure(page);
    await expect(failures(page)).toHaveCount(3);
  });

  await test.step('one is removed, after a question', async () => {
    await failures(page).first().getByRole('checkbox').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
    const dialog = page.getByRole('alertdialog', { name: 'Remove 1 failed job?' });
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await dialog.getByRole('button', { name: 'Remove 1 job' }).click();
    await expect(notice(page, '1 job removed')).toBeVisible();
    await expect(failures(page)).toHaveCount(2);
  });

  await test.step('the rest is retried at once, seen and given a reason before, and nothing is left', async () => {
    await page.getByRole('button', { name: 'Retry all' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry jobs' });
    await expect(dialog.getByText('Exactly 2 jobs match now.')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('The provider is back');
    await dialog.getByRole('button', { name: 'Retry 2 jobs' }).click();
    // It waits a few seconds in which it can be called off.
    await expect(page.getByRole('button', { name: 'Call off' })).toBeVisible();
    await expect(notice(page, '2 jobs are waiting again')).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('Nothing has failed')).toBeVisible();
    await screen(page, 'Overview').click();
    await expect(queueRow.getByRole('link', { name: '4', exact: true })).toBeVisible();
  });
});

/** A message that came up in the corner. */
const notice = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(title, { exact: true });

const jobs = (page: Page) => page.getByRole('row').filter({ hasText: 'import-contacts' });
const failures = jobs;
const everyFailure = async (page: Page): Promise<void> => {
  await screen(page, 'Failures').click();
  await page.getByRole('button', { name: 'Every job' }).click();
};

let nextPhone = 512_345_600;
const contacts = (name: string, rows: number): string =>
  ['name,phone', ...Array.from({ length: rows }, () => `${name},+966${(nextPhone += 1)}`)].join('\n');
