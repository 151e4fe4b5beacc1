import type { Page } from '@playwright/test';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

test('a new user imports the sample data, writes to the contacts, and recovers those who failed', async ({
  page,
}) => {
  await test.step('the sandbox is told to fail as the providers do', async () => {
    await screen(page, 'Settings').click();
    const sandbox = page.locator('form', { has: page.getByLabel('Answers lost, %') });
    await sandbox.getByLabel('Longest answer, ms').fill('0');
    await sandbox.getByLabel('Shortest answer, ms').fill('0');
    await sandbox.getByLabel('Answers lost, %').fill('2');
    await sandbox.getByLabel('Error 131026, %').fill('3');
    await sandbox.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.').first()).toBeVisible();
  });

  await test.step('the sample data is imported with honest totals', async () => {
    await screen(page, 'Overview').click();
    await expect(page.getByRole('heading', { name: 'Welcome to the Queue Console' })).toBeVisible();
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await expect(page.getByRole('heading', { name: 'Sample contacts.xlsx' })).toBeVisible();
    await page.getByRole('button', { name: /^Import \d+ rows$/ }).click();
    await expect(page.getByText(/new \+ 0 updated .* = 1,000 read/)).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText('“call the office” is not a phone number.').first()).toBeVisible();
  });

  await test.step('the message is written, and who lacks a value is named before it is sent', async () => {
    await page.getByRole('link', { name: 'Send to these contacts' }).click();
    const message = page.getByLabel('Text', { exact: true });
    await message.fill('Hello {{name}}, your order {{order_id}} is {{colour}}!');
    await expect(page.getByText(/have no colour/)).toBeVisible();
    await expect(page.getByRole('button', { name: /^Send to/ })).toBeDisabled();
    await message.fill('Hello {{name|there}}, your order {{order_id}} is ready!');
    await expect(page.getByText(/^Hello .*, your order ORD-\d+ is ready!$/).first()).toBeVisible();
    await page.getByLabel('Name of the campaign').fill('Orders ready for pick-up');
    await page.getByRole('button', { name: /^Send to \d+…$/ }).click();
  });

  await test.step('it goes out live, to the last recipient', async () => {
    const dialog = page.getByRole('alertdialog');
    await expect(dialog).toContainText('The sandbox plays the provider');
    await dialog.getByRole('button', { name: /^Send to \d+ recipients$/ }).click();
    await expect(page.getByRole('heading', { name: 'Orders ready for pick-up' })).toBeVisible();
    await expect(page.getByText('Running').first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByText('Paused').first()).toBeVisible();
    await page.getByRole('button', { name: 'Resume' }).click();
  });

  await test.step('the operator speeds it up', async () => {
    const campaign = page.url();
    await screen(page, 'Settings').click();
    const whatsapp = page.locator('form', { has: page.getByLabel('Messages a second') });
    await whatsapp.getByLabel('Messages a second').fill('80');
    await whatsapp.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.').first()).toBeVisible();
    await page.goto(campaign);
    await expect(page.getByText('Partly done').first()).toBeVisible({ timeout: 60_000 });
  });

  await test.step('failures are told by reason, unknown ones apart', async () => {
    await expect(page.getByRole('heading', { name: 'Failures by reason' })).toBeVisible();
    await expect(page.getByText('131026')).toBeVisible();
    await page.getByRole('button', { name: 'Show them' }).click();
    await expect(rowsOf(page).first()).toContainText('Unknown');
  });

  await test.step('one of them is found by the number, whatever the state', async () => {
    const number =
      (await rowsOf(page)
        .first()
        .getByText(/^\+\d+$/)
        .textContent()) ?? '';
    const search = page.getByRole('searchbox', { name: 'Find a number, address or name' });
    await search.fill(`${number.slice(0, 3)} ${number.slice(3)}`);
    await expect(rowsOf(page)).toHaveCount(1);
    await expect(rowsOf(page).first()).toContainText(number);
    await search.fill('nobody of this name');
    await expect(page.getByText('No recipient is found')).toBeVisible();
    await search.fill('');
    await expect(rowsOf(page).first()).toContainText('Unknown');
  });

  await test.step('an unknown one is looked up and resolved as failed, and then sent again', async () => {
    await rowsOf(page).first().getByRole('checkbox').click();
    await page.getByRole('button', { name: 'It failed (1)' }).click();
    await expect(page.getByText('1 recipient was resolved.')).toBeVisible();
    await page.getByRole('button', { name: 'Retry 1' }).click();
    await expect(page.getByText('1 recipient was put back.')).toBeVisible();
    await expect(page.getByText('It may be sent again.')).toBeHidden();
  });

  await test.step('the history of jobs leads back to the campaign', async () => {
    const name = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
    await screen(page, 'Activity').click();
    await page.getByRole('row').filter({ hasText: 'Bulk messages' }).first().click();
    await page.getByRole('link', { name: 'Open the campaign' }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  });
});

/** The recipients in sight, without the head of the table. */
const rowsOf = (page: Page) =>
  page
    .getByRole('row')
    .filter({ has: page.getByRole('checkbox') })
    .filter({ hasText: '+' });
