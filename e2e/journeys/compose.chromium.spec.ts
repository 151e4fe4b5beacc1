import type { Page } from '@playwright/test';
import { restClient } from '../api/rest-client';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const CONTACTS = [
  'name,phone,email,order_id',
  'Sara,+966512345678,sara@example.com,ORD-1',
  'Omar,+966512345679,omar@example.com,ORD-2',
  'Lena,+966512345670,,ORD-3',
].join('\n');

test('every kind of message is written and sent, now or later, and can be called off', async ({
  page,
  host,
}) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports its contacts over REST.');
  await test.step('who has no contacts yet is told where they come from', async () => {
    await screen(page, 'Compose').click();
    await expect(page.getByText('There are no contacts yet.')).toBeVisible();
    await page.locator('#content').getByRole('link', { name: 'Import contacts' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import contacts' })).toBeVisible();
  });
  await restClient(host.serve).upload('contacts.csv', CONTACTS);
  await screen(page, 'Contacts').click();
  await expect(page.getByText('3 contacts')).toBeVisible();

  await test.step('a template is saved and a message is started from it', async () => {
    await screen(page, 'Templates').click();
    await page.getByRole('button', { name: 'New template' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Pick-up');
    await page.getByLabel('Text', { exact: true }).fill('Hi {{name|there}}, {{order_id}} is ready.');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'Use in a message' }).click();
    await expect(page.getByLabel('Text', { exact: true })).toHaveValue(
      'Hi {{name|there}}, {{order_id}} is ready.',
    );
    await expect(page.getByText(/^Hi (Sara|Omar|Lena), ORD-\d is ready\.$/)).toBeVisible();
  });

  await test.step('it waits for its time, and is called off before', async () => {
    await page.getByRole('button', { name: 'After a while' }).click();
    await page.getByLabel('Minutes from now').fill('90');
    await send(page, 3);
    await expect(page.getByText('Scheduled').first()).toBeVisible();
    await page.getByRole('button', { name: 'Cancel…' }).click();
    await page.getByRole('button', { name: 'Cancel for 3 recipients' }).click();
    await expect(page.getByText('Cancelled').first()).toBeVisible();
  });

  await test.step('an image with a caption goes out', async () => {
    await screen(page, 'Compose').click();
    await page.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Image' }).click();
    await page.getByLabel('Address of the file').fill('https://example.com/winter.jpg');
    await page.getByLabel('Caption').fill('Winter hours, {{name|dear customer}}');
    await send(page, 3);
    await expect(page.getByText(/Completed|Partly done/).first()).toBeVisible({ timeout: 30_000 });
  });

  await test.step('an email goes to those who have an address', async () => {
    await screen(page, 'Compose').click();
    await page.getByRole('button', { name: 'Email', exact: true }).click();
    await page.getByLabel('Subject').fill('Order {{order_id}}');
    await page.getByLabel('Text', { exact: true }).fill('Hello {{name}}, thank you.');
    await expect(page.getByText('Without an address: 1')).toBeVisible();
    await page.getByLabel('Name of the campaign').fill('Thanks by email');
    await send(page, 2);
    await screen(page, 'Emails').click();
    await expect(page.getByRole('row').filter({ hasText: 'Thanks by email' })).toContainText(
      /Completed|Partly done/,
      { timeout: 30_000 },
    );
  });
});

async function send(page: Page, recipients: number): Promise<void> {
  await page.getByRole('button', { name: `Send to ${recipients}…` }).click();
  await page.getByRole('button', { name: `Send to ${recipients} recipients` }).click();
}
