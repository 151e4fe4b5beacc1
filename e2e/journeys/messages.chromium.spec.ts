import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { restClient } from '../api/rest-client';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const CONTACTS = [
  'name,phone,email,order_id',
  'Sara <b>,+966512345678,sara@example.com,ORD-1',
  'Omar,+966512345679,omar@example.com,ORD-2',
].join('\n');

const HTML = [
  '<style>h1 { color: rgb(10, 120, 80) }</style>',
  '<h1>Hello {{name}}</h1><p style="font-weight: 700">Your order {{order_id}} is on its way.</p>',
  '<img src="x" onerror="parent.document.title = \'pwned\'">',
].join('');

test('a template message and an HTML email with a file are written, seen before and seen after', async ({
  page,
  host,
}, info) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports its contacts over REST.');
  await restClient(host.serve).upload('contacts.csv', CONTACTS);
  await screen(page, 'Contacts').click();
  await expect(page.getByText('2 contacts')).toBeVisible();

  await test.step('a template is filled in, with fields completed as they are typed', async () => {
    await screen(page, 'Compose').click();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Approved template' }).click();
    await page.getByLabel('Name of the template').fill('order_ready');
    const first = page.getByRole('textbox', { name: 'Body, parameter 1' });
    await first.pressSequentially('{{na');
    await expect(page.getByRole('option', { name: 'name', exact: true })).toBeVisible();
    await first.press('Enter');
    await expect(first).toHaveValue('{{name}}');
    await page.getByRole('button', { name: 'Add a parameter' }).click();
    await page.getByRole('textbox', { name: 'Body, parameter 2' }).pressSequentially('{{order{{');
    await expect(page.getByText(/never closed/).first()).toBeVisible();
    await page.getByRole('textbox', { name: 'Body, parameter 2' }).fill('');
    await page.getByRole('textbox', { name: 'Body, parameter 2' }).pressSequentially('{{ord');
    await page.getByRole('textbox', { name: 'Body, parameter 2' }).press('Tab');
    await page.getByLabel('Approved text').fill('Hello {{1}}, order {{2}} is ready.');
    await expect(page.getByText('Hello Sara <b>, order ORD-1 is ready.')).toBeVisible();
    await page.getByRole('button', { name: 'Next recipient' }).click();
    await expect(page.getByText('Hello Omar, order ORD-2 is ready.')).toBeVisible();
    await look(page, info, 'template');
    await send(page);
    await expect(page.getByText('The message as it was frozen')).toBeVisible();
    await expect(page.getByText('order_ready (en)')).toBeVisible();
    await expect(page.getByText('Completed').first()).toBeVisible({ timeout: 30_000 });
  });

  await test.step('an email is written as HTML, with a file', async () => {
    await screen(page, 'Compose').click();
    await page.getByRole('button', { name: 'Email', exact: true }).click();
    await page.getByLabel('Subject').fill('Order {{order_id}}');
    await page.getByRole('button', { name: 'HTML', exact: true }).first().click();
    await page.getByLabel('HTML body').fill(HTML);
    const file = info.outputPath('Price list.pdf');
    writeFileSync(file, Buffer.alloc(200_000, 'x'));
    await page.getByLabel('Files to attach').setInputFiles(file);
    await expect(page.getByRole('group', { name: 'Attachments' })).toContainText('Price list.pdf');
    // Also where it is seen as the recipient gets it.
    await expect(page.getByRole('list', { name: 'Attachments' })).toContainText('Price list.pdf');
    const frame = page.frameLocator('iframe[title="Email to sara@example.com"]');
    await expect(frame.getByRole('heading', { name: 'Hello Sara <b>' })).toBeVisible();
    await expect(frame.getByRole('heading')).toHaveCSS('color', 'rgb(10, 120, 80)');
    await expect(frame.getByText('Your order ORD-1')).toHaveCSS('font-weight', '700');
    await look(page, info, 'email');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect(page.locator('iframe').first()).toHaveCSS('background-color', 'rgb(255, 255, 255)');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.title()).not.toContain('pwned');
    await send(page, 'Price list.pdf');
    await expect(page.getByText('Completed').first()).toBeVisible({ timeout: 30_000 });
  });

  await test.step('what one of them got is there to be read, with batch and key', async () => {
    await page.getByRole('row').filter({ hasText: 'sara@example.com' }).click();
    const panel = page.getByRole('complementary', { name: 'Sara <b>' });
    await expect(panel.getByText('As frozen')).toBeVisible();
    await expect(panel.getByText('1 of 1 in one request')).toBeVisible();
    await expect(panel.getByText('Price list.pdf')).toBeVisible();
    await look(page, info, 'frozen-email');
    await panel.getByRole('button', { name: 'Text', exact: true }).click();
    await expect(panel.getByText('Your order ORD-1 is on its way.')).toBeVisible();
  });
});

/** Accessible in both themes, and kept as pictures. */
async function look(page: Page, info: { outputPath(name: string): string }, name: string): Promise<void> {
  await page.evaluate(axe);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
    await page.screenshot({ path: info.outputPath(`${name}-${colorScheme}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function send(page: Page, attached?: string): Promise<void> {
  await page.getByRole('button', { name: 'Send to 2…' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question.getByText('Nobody', { exact: true })).toBeVisible();
  if (attached !== undefined) await expect(question.getByText(attached)).toBeVisible();
  await page.getByRole('button', { name: 'Send to 2 recipients' }).click();
}
