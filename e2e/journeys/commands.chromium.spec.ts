import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { Queue } from 'bullmq';
import { axe, violations } from '../fixtures/axe';
import { runCommand, screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ redisUrl: string }>({
  redisUrl: ({}, use) => testRedisUrl().then(use),
  launch: async ({ redisUrl }, use) => {
    await use({ env: { REDIS_URL: redisUrl, DATABASE_URL: await testDatabaseUrl() } });
  },
});

const NAMES = ['lost-one', 'lost-two', 'lost-three'];

test('failed jobs are looked through, chosen, retried and found again with the keys alone', async ({
  page,
  redisUrl,
}) => {
  test.setTimeout(120_000);
  await addFailing(redisUrl, NAMES);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(axe);
  const grid = page.getByRole('grid');

  await test.step('g f and the list: j and k move, wherever the focus was', async () => {
    // Two keys are one command only when they come within a moment of each other.
    await expect(async () => {
      await page.keyboard.press('g');
      await page.keyboard.press('f');
      await page.getByRole('heading', { level: 1, name: 'Failures' }).waitFor({ timeout: 5_000 });
    }).toPass();
    await page.getByRole('button', { name: 'Every job' }).click();
    await expect(rows(grid)).toHaveCount(3, { timeout: 30_000 });
    await page.keyboard.press('Escape');
    await page.locator('#content').focus();
    await page.keyboard.press('j');
    await expect(grid).toBeFocused();
    await expect(active(grid)).toHaveAttribute('aria-rowindex', '2');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await expect(active(grid)).toHaveAttribute('aria-rowindex', '3');
  });

  await test.step('the row has a menu by its key, with what its keys do', async () => {
    await page.keyboard.press('Shift+F10');
    const menu = page.getByRole('menu');
    await expect(menu.getByRole('menuitem')).toHaveText([/^Open job/, /^Copy link/, /^Retry/, /^Remove/]);
    expect(await violations(page, false, ['region'])).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(menu).toBeHidden();
    await expect(grid).toBeFocused();
  });

  await test.step('x chooses, r retries what is chosen; without a choice r retries the row', async () => {
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await expect(page.getByText('2 selected')).toBeVisible();
    await page.keyboard.press('r');
    await expect(notice(page, /^2 jobs/)).toBeVisible();
    await expect(page.getByText('2 selected')).toBeHidden();
    await expect(rows(grid)).toHaveCount(3, { timeout: 30_000 });
    await grid.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('r');
    await expect(notice(page, /^1 job/)).toBeVisible();
    await expect(rows(grid)).toHaveCount(3, { timeout: 30_000 });
  });

  await test.step('y copies the link, and the palette finds what was pasted', async () => {
    await page.keyboard.press('y');
    await expect(notice(page, 'The link is on the clipboard')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+v');
    await expect(palette.getByRole('combobox')).toHaveValue(/^adsapp:\/\/job\?queue=contact-import&id=lost-/);
    await expect(palette.getByRole('option')).toHaveCount(1);
    await expect(palette.getByRole('group', { name: 'Jobs' })).toBeVisible();
    expect(await violations(page, false, ['region'])).toEqual([]);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('complementary')).toContainText('lost-');
    await expect(page).toHaveURL(/\/jobs\?(?=.*queue=contact-import)(?=.*job=lost-)/);
    await expect(page.getByRole('tab', { name: /^Failed/ })).toHaveAttribute('aria-selected', 'true');
  });

  await test.step('an id finds it too, and a link to what is gone says so', async () => {
    const panel = page.getByRole('complementary');
    await panel.getByRole('button', { name: 'Close' }).click();
    await page.keyboard.press('ControlOrMeta+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('combobox').fill('lost-two');
    await expect(palette.getByRole('option', { name: /lost-two/ })).toBeVisible();
    await palette.getByRole('combobox').fill('adsapp://job?queue=contact-import&id=never');
    await expect(palette.getByText('Nothing here has this link')).toBeVisible();
    await palette.getByRole('combobox').fill(`adsapp://campaign?id=${randomUUID()}`);
    await expect(palette.getByText('Nothing here has this link')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.evaluate(() => {
      window.location.hash = '#/jobs?queue=contact-import&job=never';
    });
    await expect(panel.getByText('This job is no longer in the queue')).toBeVisible();
  });

  await test.step('a dropped id is looked for', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.setData('text/plain', 'lost-three\n');
      return data;
    });
    await palette.getByRole('combobox').dispatchEvent('drop', { dataTransfer: transfer });
    await palette.getByRole('option', { name: /lost-three/ }).click();
    await expect(page.getByRole('complementary')).toContainText('lost-three');
    await expect(page.getByRole('tab', { name: /^Failed/ })).toHaveAttribute('aria-selected', 'true');
  });

  await test.step('keys are never taken from a field, and / goes to it', async () => {
    await screen(page, 'Contacts').click();
    await page.getByRole('heading', { level: 1, name: 'Contacts' }).waitFor();
    await page.keyboard.press('/');
    const field = page.getByRole('searchbox', { name: 'Search' });
    await expect(field).toBeFocused();
    await page.keyboard.type('jkxr/?gj');
    await expect(field).toHaveValue('jkxr/?gj');
    await expect(page.getByRole('heading', { level: 1, name: 'Contacts' })).toBeVisible();
  });

  await test.step('short lists have the same keys', async () => {
    await runCommand(page, 'Go to Overview');
    const list = page.getByRole('table', { name: 'Queues, live' });
    await expect(list.getByRole('link', { name: 'Bulk messages', exact: true })).toBeVisible();
    await page.locator('#content').focus();
    await page.keyboard.press('j');
    await expect(list.getByRole('link', { name: 'Bulk messages', exact: true })).toBeFocused();
    await page.keyboard.press('j');
    await expect(list.getByRole('link', { name: 'Contact import', exact: true })).toBeFocused();
    await page.keyboard.press('p');
    await expect(list.getByRole('row', { name: /Contact import/ }).getByText('Paused')).toBeVisible();
    await page.keyboard.press('Shift+F10');
    await expect(page.getByRole('menuitem', { name: /Resume the queue/ })).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(list.getByRole('link', { name: 'Contact import', exact: true })).toBeFocused();
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toContainText('Resume the queue');
  });
});

/** Jobs that name an import which is not there: they fail at once. */
async function addFailing(redisUrl: string, ids: readonly string[]): Promise<void> {
  const queue = new Queue('contact-import', { connection: { url: redisUrl } });
  for (const jobId of ids)
    await queue.add('import-contacts', { importId: randomUUID() }, { jobId, attempts: 1 });
  await queue.close();
}

const rows = (grid: Locator): Locator => grid.getByRole('row').filter({ hasText: 'lost-' });

/** The row that the keys stand on: the grid names it. */
const active = (grid: Locator): Locator => grid.locator('[role=row][class*="before:bg-accent"]');

const notice = (page: Page, title: string | RegExp): Locator =>
  page.getByRole('region', { name: 'Notifications' }).getByText(title).first();
