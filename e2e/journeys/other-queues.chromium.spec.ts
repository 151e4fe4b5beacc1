import type { Page } from '@playwright/test';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ redisUrl: string }>({
  redisUrl: ({}, use) => testRedisUrl().then(use),
  launch: async ({ redisUrl }, use) => {
    await makeOthers(redisUrl);
    await use({ env: { REDIS_URL: redisUrl, DATABASE_URL: await testDatabaseUrl() } });
  },
});

/** Another program: a dozen queues, of which one has failures and one a worker that is at work. */
async function makeOthers(url: string): Promise<void> {
  const connection = { url };
  for (let tenant = 0; tenant < 12; tenant += 1) {
    const queue = new Queue(`tenant-${String(tenant).padStart(2, '0')}`, { connection });
    await queue.add('sync', { tenant });
    await queue.close();
  }
  // An engine that may evict leaves ids behind whose jobs are gone.
  const client = new Redis(url);
  await client.zadd('bull:tenant-00:completed', Date.now(), 'evicted');
  client.disconnect();
  const reports = new Queue('reports', { connection });
  for (const month of ['09', '10', '11']) await reports.add('monthly', { month: `2026-${month}` });
  const worker = new Worker('reports', () => Promise.reject(new Error('The printer is out of paper')), {
    connection,
  });
  await expect.poll(() => reports.getFailedCount()).toBe(3);
  await worker.close();
  await reports.close();
}

test('queues of another program are watched like ADSapp’s own', async ({ page, redisUrl }) => {
  await page.evaluate(axe);
  const others = page.getByRole('grid', { name: 'Other queues, live' });
  const row = (name: string) => others.getByRole('row').filter({ hasText: name });

  await test.step('they are listed below ADSapp’s, and found by a part of their names', async () => {
    await expect(page.getByText('13 queues of other programs in the same engine')).toBeVisible();
    await page.getByRole('textbox', { name: 'Find a queue' }).fill('report');
    await expect(row('reports')).toContainText('3');
    await expect(others.getByRole('row')).toHaveCount(2);
    await expect(row('reports')).toContainText('None');
    await page.getByRole('textbox', { name: 'Find a queue' }).fill('');
    await others.getByRole('columnheader', { name: 'Failed' }).click();
    await expect(others.getByRole('row').nth(1)).toContainText('reports');
    expect(await violations(page, false, [])).toEqual([]);
  });

  await test.step('a queue that is new is there when somebody comes to look for it', async () => {
    await page.waitForTimeout(2_500);
    const late = new Queue('latecomer', { connection: { url: redisUrl } });
    await late.add('first', {});
    await late.close();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('jobs of latecomer');
    await expect(page.getByRole('option', { name: 'Show the jobs of latecomer' })).toBeVisible({
      timeout: 4_000,
    });
    await page.keyboard.press('Escape');
  });

  await test.step('a job whose data is gone is shown as what is left of it', async () => {
    await page.getByRole('textbox', { name: 'Find a queue' }).fill('tenant-00');
    await row('tenant-00').click();
    await page.getByRole('tab', { name: 'Completed 1' }).click();
    const jobs = page.getByRole('grid', { name: 'Jobs of tenant-00, completed' }).getByRole('row');
    await expect(jobs.nth(1)).toContainText('evicted');
    await expect(jobs.nth(1)).toContainText('Its data is gone');
    await screen(page, 'Overview').click();
  });

  await test.step('a worker of the other program is counted', async () => {
    const connection = { url: redisUrl };
    const worker = new Worker('tenant-07', () => Promise.resolve('done'), { connection, name: 'mill-3' });
    await page.getByRole('textbox', { name: 'Find a queue' }).fill('tenant-07');
    await expect(row('tenant-07').getByRole('gridcell').last()).toHaveText('1');
    await expect(row('tenant-07').getByRole('gridcell').nth(5)).toHaveText('1');
    const workers = page.getByRole('table', { name: 'Workers of other programs' });
    await expect(workers.getByRole('row').filter({ hasText: 'mill-3' })).toContainText('tenant-07127.0.0.1:');
    // The heading and this one: what carries the console's own schedules is no other program.
    await expect(workers.getByRole('row')).toHaveCount(2);
    await worker.close();
    await expect(row('tenant-07').getByRole('gridcell').last()).toHaveText('None');
  });
});

test('jobs of another program are mended like ADSapp’s own', async ({ page }) => {
  test.setTimeout(180_000);
  await page.evaluate(axe);

  await test.step('their failures have a cause', async () => {
    await screen(page, 'Failures').click();
    const group = page.getByRole('grid', { name: 'Failures by cause' }).getByRole('row').nth(1);
    await expect(group).toContainText('The printer is out of paper');
    await expect(group).toContainText('reports');
    await choose(page, 'Queue', 'reports');
    await expect(page).toHaveURL(/queue=reports/);
    await group.click();
    await page.getByRole('button', { name: 'Change and retry…' }).click();
  });

  await test.step('the change is made on one payload, seen on others, and done to all', async () => {
    const dialog = page.getByRole('dialog', { name: 'Change payloads and retry' });
    const example = dialog.getByRole('textbox', { name: 'The payload of one of the jobs' });
    await expect(example).toHaveValue(/"month": "2026-\d\d"/);
    await example.fill('{ "month": ');
    await expect(dialog.getByText(/This is not JSON/)).toBeVisible();
    await example.fill('{ "month": "2027-01", "printer": "second" }');
    await expect(dialog.getByLabel('JSON Patch')).toContainText('"path": "/printer"');
    await expect(dialog.getByText('Exactly 3 jobs match now.')).toBeVisible();
    await expect(dialog.locator('ins').filter({ hasText: 'printer' }).first()).toBeVisible();
    expect(await violations(page, false, ['region'])).toEqual([]);
    await dialog.getByLabel('Reason').fill('The first printer is gone');
    await dialog.getByRole('button', { name: 'Change and retry 3 jobs' }).click();
    await expect(page.getByText('3 jobs are waiting again with their new payloads').first()).toBeVisible();
  });

  await test.step('a job is found by its payload, and one is added with a payload of any kind', async () => {
    await screen(page, 'Jobs').click();
    const box = page.getByRole('textbox', { name: 'Search jobs' });
    await box.fill('queue:reports data.month:2027-*');
    await box.press('Enter');
    await expect(page.getByRole('grid', { name: 'Jobs that match' }).getByRole('row')).toHaveCount(4);
    await box.fill('queue:report');
    await box.press('Enter');
    await expect(
      page.getByText(/There is no queue “report”\. There are bulk-messages, .* and 9 more\./),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await choose(page, 'Queue', 'reports');
    await page.getByRole('button', { name: 'Add a job' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a job by hand' });
    await dialog.getByLabel('Payload as JSON').fill('{ "month": "2026-12" }');
    await dialog.getByRole('button', { name: 'Add job' }).click();
    await expect(dialog.getByText('Give the name that this queue’s workers know.')).toBeVisible();
    await dialog.getByLabel('Job name').fill('monthly');
    await dialog.getByRole('button', { name: 'Add job' }).click();
    await expect(page.getByRole('region', { name: 'Notifications' })).toContainText('was added to reports');
    await expect(page.getByRole('grid', { name: 'Jobs of reports, waiting' }).getByRole('row')).toHaveCount(
      5,
    );
    expect(await violations(page, false, [])).toEqual([]);
  });
});

test('jobs are moved to another queue, and a queue is drained and filled again', async ({ page }) => {
  test.setTimeout(180_000);
  await page.evaluate(axe);
  const notice = (text: RegExp) => page.getByRole('region', { name: 'Notifications' }).getByText(text);

  await test.step('where they go is chosen, what is known of it is said, and they are counted', async () => {
    await screen(page, 'Jobs').click();
    const box = page.getByRole('textbox', { name: 'Search jobs' });
    await box.fill('queue:reports');
    await box.press('Enter');
    await expect(page.getByRole('grid', { name: 'Jobs that match' }).getByRole('row')).toHaveCount(4);
    await page.getByRole('button', { name: 'Act on all' }).click();
    await page.getByRole('menuitem', { name: 'Move all to another queue…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Move jobs to another queue' });
    await dialog.getByRole('combobox', { name: 'To the queue' }).fill('Bulk');
    await page.getByRole('option', { name: 'Bulk messages' }).click();
    await expect(dialog.getByText('The workers of Bulk messages do something else with a job')).toBeVisible();
    await expect(dialog.getByText('3 jobs are left: this does not fit them.')).toBeVisible();
    await dialog.getByRole('combobox', { name: 'To the queue' }).fill('tenant-03');
    await page.getByRole('option', { name: 'tenant-03' }).click();
    await expect(
      dialog.getByText('No worker takes jobs of tenant-03 now: they will wait there.'),
    ).toBeVisible();
    await expect(dialog.getByText('Exactly 3 jobs match now.')).toBeVisible();
    expect(await violations(page, false, ['region'])).toEqual([]);
    await dialog.getByLabel('Reason').fill('That worker has paper');
    await dialog.getByRole('button', { name: 'Move 3 jobs' }).click();
    await expect(notice(/^It has begun\./)).toBeVisible();
  });

  await test.step('they wait there, and say where they came from', async () => {
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await choose(page, 'Queue', 'tenant-03');
    await page.getByRole('tab', { name: /^Waiting \d/ }).click();
    const grid = page.getByRole('grid', { name: 'Jobs of tenant-03, waiting' });
    await expect(grid.getByRole('row')).toHaveCount(5);
    await grid.getByRole('row').filter({ hasText: 'monthly' }).first().click();
    const panel = page.getByRole('complementary');
    await panel.getByRole('tab', { name: 'Facts' }).click();
    await expect(panel.getByText(/Moved here from reports, job \d, by /).first()).toBeVisible();
    await page.keyboard.press('Escape');
  });

  await test.step('the queue is drained with a reason, and the jobs are put back', async () => {
    await page.getByRole('button', { name: 'Drain…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Drain the queue' });
    await expect(dialog.getByText('Exactly 4 jobs match now.')).toBeVisible();
    await expect(dialog.getByRole('checkbox', { name: 'Also delayed jobs' })).not.toBeChecked();
    expect(await violations(page, false, ['region'])).toEqual([]);
    await dialog.getByLabel('Reason').fill('Sent twice');
    await dialog.getByRole('button', { name: 'Remove 4 jobs' }).click();
    await notice(/^It has begun\./)
      .last()
      .waitFor();
    await page.getByRole('tab', { name: 'Waiting 0' }).waitFor();
    await screen(page, 'Failures').click();
    await page.getByRole('button', { name: 'Operations' }).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'Sent twice' })
      .getByRole('button', { name: 'Undo' })
      .click();
    await expect(notice(/^4 jobs are back$/)).toBeVisible();
    await screen(page, 'Jobs').click();
    await choose(page, 'Queue', 'tenant-03');
    await expect(page.getByRole('tab', { name: 'Waiting 4' })).toBeVisible();
  });
});

const choose = async (page: Page, label: string, queue: string): Promise<void> => {
  await page.getByRole('combobox', { name: label, exact: true }).fill(queue);
  await page.getByRole('option').filter({ hasText: queue }).click();
};
