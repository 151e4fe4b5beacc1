import { randomUUID } from 'node:crypto';
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

test('a job is found by what is in its payload, mended, run again and duplicated', async ({ page }) => {
  const importId = randomUUID();
  const panel = page.getByRole('complementary');
  await page.evaluate(axe);

  await test.step('a job is added by hand, and what is missing is named', async () => {
    await screen(page, 'Jobs').click();
    await page.getByRole('button', { name: 'Add a job' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a job by hand' });
    await dialog.getByRole('combobox', { name: 'Queue' }).click();
    await page.getByRole('option', { name: 'Contact import' }).click();
    await dialog.getByRole('button', { name: 'Add job' }).click();
    await expect(dialog.getByText(/Not an id \(UUID\)/)).toBeVisible();
    await dialog.getByLabel('Import id').fill(importId);
    await dialog.getByLabel('Label').fill('Lantern');
    expect(await violations(page, false, [])).toEqual([]);
    await dialog.getByRole('button', { name: 'Add job' }).click();
    await expect(notice(page, /was added to Contact import/)).toBeVisible();
  });

  await test.step('a line that cannot be read says where', async () => {
    await search(page, 'state:fialed lantern');
    await expect(page.getByText(/There is no state “fialed”/)).toContainText('character 1: state:fialed');
  });

  await test.step('it is found by a path into its payload', async () => {
    await expect(async () => {
      await search(page, `data.importId:${importId} state:failed`);
      await expect(results(page)).toHaveCount(1, { timeout: 2_000 });
    }).toPass();
    await expect(page.getByText(/1 job found · \d+ of \d+ jobs looked through/)).toBeVisible();
    await expect(page).toHaveURL(/[?&]q=data\.importId/);
    expect(await violations(page, false, [])).toEqual([]);
  });

  await test.step('a part of the search is taken out, and the search is kept under a name', async () => {
    await page.getByRole('button', { name: 'Search without state:failed' }).click();
    await expect(page.getByRole('textbox', { name: 'Search jobs' })).toHaveValue(`data.importId:${importId}`);
    await expect(results(page)).toHaveCount(1);
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'Save this search…' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('My lantern');
    await page.getByRole('button', { name: 'Save search' }).click();
    await expect(notice(page, '“My lantern” is saved')).toBeVisible();
    await page.getByRole('button', { name: 'Clear the search' }).click();
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'My lantern' }).click();
    await expect(results(page)).toHaveCount(1);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Saved' }).click();
    await page.getByRole('menuitem', { name: 'Rename or remove…' }).click();
    await page.getByRole('button', { name: 'Copy the link to My lantern' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^adsapp:\/\/search\?q=data\.importId%3A/);
    await page.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('all that it finds is handed to an operation, counted first', async () => {
    await page.getByRole('button', { name: 'Act on all' }).click();
    await page.getByRole('menuitem', { name: 'Retry all that failed…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry jobs' });
    await expect(dialog.getByText('Exactly 1 job matches now.')).toBeVisible();
    await dialog.getByLabel('Reason').fill('To see it fail again');
    expect(await violations(page, false, ['region'])).toEqual([]);
    await dialog.getByRole('button', { name: 'Retry 1 job' }).click();
    await expect(notice(page, /^It has begun\./)).toBeVisible();
    await expect(results(page)).toHaveCount(1);
  });

  await test.step('its panel tells its life, and its payload is a tree', async () => {
    await results(page).first().click();
    await panel.getByRole('tab', { name: 'Facts' }).click();
    await expect(panel.getByRole('heading', { name: 'Life' })).toBeVisible();
    await expect(panel.getByText('Attempt 1 · failed').first()).toBeVisible();
    await panel.getByRole('tab', { name: 'Payload' }).click();
    const tree = panel.getByRole('tree', { name: 'Data' });
    await tree.getByRole('treeitem', { name: /importId/ }).click();
    await expect(panel.getByText('data.importId', { exact: true })).toBeVisible();
    expect(await violations(page, false, [])).toEqual([]);
    await page.reload();
    await expect(panel.getByRole('heading', { name: 'import-contacts' })).toBeVisible();
    await page.evaluate(axe);
  });

  await test.step('its payload is changed, after a look at what changes, and it runs again', async () => {
    await panel.getByRole('button', { name: 'Edit and retry' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit the payload and retry' });
    const box = dialog.getByRole('textbox', { name: 'Payload' });
    const text = await box.inputValue();
    await box.fill(text.replace(importId, 'nothing'));
    await expect(dialog.getByText(/importId: Not an id \(UUID\)/)).toBeVisible();
    await box.fill(text.replace('Lantern', 'Candle'));
    await dialog.getByRole('button', { name: 'See what changes' }).click();
    await expect(dialog.locator('del')).toHaveText('Lantern');
    await expect(dialog.locator('ins')).toHaveText('Candle');
    expect(await violations(page, false, [])).toEqual([]);
    await dialog.getByRole('button', { name: 'Save and retry' }).click();
    await expect(notice(page, 'The job waits again with its new payload')).toBeVisible();
    await panel.getByRole('tab', { name: 'Payload' }).click();
    await expect(panel.getByRole('treeitem', { name: /Candle/ })).toBeVisible();
    // It fails again; whoever reads its payload goes on reading.
    await expect(panel.getByRole('button', { name: 'Edit and retry' })).toBeVisible();
    await expect(panel.getByRole('treeitem', { name: /Candle/ })).toBeVisible();
  });

  await test.step('it is duplicated, and both are found', async () => {
    await panel.getByRole('button', { name: 'Duplicate' }).click();
    await page.getByRole('button', { name: 'See what changes' }).click();
    await page.getByRole('button', { name: 'Add the duplicate' }).click();
    await expect(notice(page, /was added to Contact import/).first()).toBeVisible();
    await page.getByRole('button', { name: 'Search again' }).click();
    await expect(results(page)).toHaveCount(2);
  });
});

test('a payload of 5 MB opens, and is searched', async ({ page, redisUrl }) => {
  const contacts = Array.from({ length: 50_000 }, (_, no) => ({
    no,
    phone: `+96650${String(no).padStart(7, '0')}`,
    note: 'A note that is there to be long, and says nothing.',
  }));
  const queue = new Queue('template-processing', { connection: { url: redisUrl } });
  await queue.pause();
  const { id = '' } = await queue.add('large', { contacts }, { jobId: 'large-one' });
  await queue.close();
  const panel = page.getByRole('complementary');

  await screen(page, 'Jobs').click();
  await search(page, id);
  await expect(panel).toContainText('large-one');
  await panel.getByRole('tab', { name: 'Payload' }).click();
  const tree = panel.getByRole('tree', { name: 'Data' });
  await expect(tree.getByRole('treeitem', { name: /^contacts/ })).toBeVisible();
  // What is not in sight is not on the page.
  expect(await tree.getByRole('treeitem').count()).toBeLessThan(100);
  const find = panel.getByRole('textbox', { name: 'Search in Data' });
  await find.fill('+966500049999');
  await expect(panel.getByText('1 of 1')).toBeVisible();
  await find.press('Enter');
  await expect(panel.getByText('data.contacts[49999].phone', { exact: true })).toBeVisible();
  await expect(tree.getByRole('treeitem', { name: /\+966500049999/ })).toBeInViewport();
});

const search = async (page: Page, line: string): Promise<void> => {
  const box = page.getByRole('textbox', { name: 'Search jobs' });
  await box.fill(line);
  await box.press('Enter');
};

const results = (page: Page) =>
  page.getByRole('grid', { name: 'Jobs that match' }).getByRole('row').filter({ hasText: 'import-contacts' });

const notice = (page: Page, title: string | RegExp) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(title);
