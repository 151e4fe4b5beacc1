import type { Page } from '@playwright/test';
import { importFile, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const CONTACTS = 'name,phone\nSara,+966512345678\nOmar,+966512345679\n';
const SECRET = 'EAAJ-whatsapp-secret-7730915';

test('what is set takes effect at once, and a secret never comes back', async ({ page }, info) => {
  const work = page.getByRole('switch', { name: 'Work on Contact import' });
  const hosts = page.getByRole('table', { name: 'Worker processes' });
  const whatsapp = page.locator('form', { has: page.getByLabel('Messages a second') });
  const token = whatsapp.getByLabel('Access token');

  await test.step('without its workers a queue keeps its jobs', async () => {
    await screen(page, 'Overview').click();
    await expect(hosts.getByText(/^Contact import 0\/2$/)).toBeVisible();
    await screen(page, 'Settings').click();
    await work.click();
    await expect(work).not.toBeChecked();
    await importFile(page, info, 'contacts.csv', CONTACTS);
    await screen(page, 'Overview').click();
    await expect(page.getByText('Contact import has 1 job waiting and no worker')).toBeVisible();
    await expect(hosts.getByText(/^Bulk messages/)).toBeVisible();
    await expect(hosts.getByText(/^Contact import/)).toBeHidden();
  });

  await test.step('with workers again, more of them, it runs', async () => {
    await screen(page, 'Settings').click();
    await work.click();
    await expect(work).toBeChecked();
    const most = page.getByLabel('Jobs at once for Contact import');
    await most.fill('4');
    await most.press('Enter');
    await screen(page, 'Overview').click();
    await expect(hosts.getByText(/^Contact import 0\/4$/)).toBeVisible();
    await screen(page, 'Contacts').click();
    await expect(page.getByRole('row').filter({ hasText: 'Sara' })).toBeVisible();
  });

  await test.step('a token is taken and never shown again', async () => {
    await screen(page, 'Settings').click();
    await token.fill(SECRET);
    await whatsapp.getByRole('button', { name: 'Save' }).click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    await expect(whatsapp.getByText(/^Set .*Leave empty to keep it\.$/)).toBeVisible();
    await page.reload();
    await expect(token).toHaveValue('');
    expect(await everythingIn(page)).not.toContain(SECRET);
  });

  await test.step('where the REST API cannot be switched, nothing offers to', async () => {
    const own = page.getByRole('switch', { name: 'Serve the REST API' });
    if (info.project.name === 'electron') await expect(own).toBeVisible();
    else {
      await expect(page.getByText('Port and token were given when this console was started')).toBeVisible();
      await expect(own).toHaveCount(0);
    }
  });

  await test.step('the appearance is chosen, and kept', async () => {
    const root = page.locator('html');
    await page.getByRole('button', { name: /^Appearance/ }).click();
    await page.getByRole('menuitem', { name: 'Dark' }).click();
    await expect(root).toHaveAttribute('data-scheme', 'dark');
    await page.reload();
    await expect(root).toHaveAttribute('data-scheme', 'dark');
    await expect(token).toBeVisible();
    await page.keyboard.press('Shift+D');
    await expect(root).toHaveAttribute('data-scheme', 'light');
  });
});

const notice = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Notifications' }).getByText(title, { exact: true }).first();

/** What anyone who sits at the page could read: its document, the fields, and what the browser keeps. */
const everythingIn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const fields = Array.from(document.querySelectorAll('input'), (field) => field.value);
    return [document.documentElement.outerHTML, ...fields, JSON.stringify(Object.entries(localStorage))].join(
      '\n',
    );
  });
