import type { Page } from '@playwright/test';
import { utils, write } from 'xlsx';
import { restClient } from '../api/rest-client';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const CONTACTS = [
  'name,phone,email,order_id,city',
  'Sara,+966512345678,sara@example.com,ORD-1,Riyadh',
  'Omar,+966512345679,omar@example.com,,Jeddah',
  'Lena 🎉,+966512345670,,,Riyadh',
  'سارة,+966512345671,,ORD-4,Riyadh',
].join('\n');

const LIST = ['mobile;order_id', '0512345678;ORD-9', '+4915112345678;ORD-10', 'call the office;ORD-11'].join(
  '\n',
);

test('an audience is chosen, checked to the last recipient, mended, tried out and sent', async ({
  page,
  host,
}) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports its contacts over REST.');
  await restClient(host.serve).upload('contacts.csv', CONTACTS);
  await page.evaluate(axe);
  await screen(page, 'Contacts').click();
  await expect(page.getByText('4 contacts')).toBeVisible();
  await screen(page, 'Compose').click();

  await test.step('those in one city, by a filter', async () => {
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByRole('button', { name: 'Add a field' }).click();
    // The field that most contacts have is proposed.
    await expect(page.getByRole('combobox', { name: 'Field' })).toHaveValue('city');
    await page.getByLabel('Value', { exact: true }).fill('riyadh');
    await page.getByLabel('Text', { exact: true }).fill('Hi {{name}}, order {{order_id}} is ready.');
    await expect(page.getByText('2 recipients get it as it is.')).toBeVisible();
    await expectAccessible(page);
  });

  await test.step('a contact itself is corrected from the grid, and that is taken back', async () => {
    await page.getByRole('button', { name: 'Show and mend' }).click();
    await page.getByRole('button', { name: 'Correct the contact of Lena 🎉' }).click();
    const form = page.getByRole('dialog', { name: 'Correct the contact' });
    await form.getByLabel('order_id').fill('ORD-3');
    await form.getByLabel('Phone number').fill('+966 51 234 5678');
    await form.getByRole('button', { name: 'Save the contact' }).click();
    await expect(form.getByText('Another contact has the number +966512345678 already.')).toBeVisible();
    await form.getByLabel('Phone number').fill('+966 51 234 5670');
    await expectAccessible(page);
    await form.getByRole('button', { name: 'Save the contact' }).click();
    await expect(page.getByText('3 recipients get it as it is.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('The contact is as it was before.')).toBeVisible();
    await expect(page.getByText('2 recipients get it as it is.')).toBeVisible();
    await page.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('a value is mended for this message only', async () => {
    await expect(page.getByRole('button', { name: /^Send to/ })).toBeDisabled();
    await page.getByRole('button', { name: 'Show and mend' }).click();
    await page.getByRole('button', { name: 'Change order_id of +966512345670: empty' }).click();
    await page.getByLabel('order_id of +966512345670').fill('ORD-3');
    await page.keyboard.press('Enter');
    await expect(page.getByText('3 recipients get it as it is.')).toBeVisible();
    await expect(page.getByText('One has values of its own for this message only.')).toBeVisible();
  });

  await test.step('a pasted list: what is no contact is written to, what is no address is named', async () => {
    await page.getByRole('button', { name: 'Paste' }).click();
    await page
      .getByLabel('Phone numbers or email addresses')
      .fill('+966512345679\n+966 51 234 5679; +4915112345678, call the office');
    await page.getByRole('button', { name: 'Take this list' }).click();
    await expect(page.getByText('4 entries')).toBeVisible();
    await page.getByRole('button', { name: 'Not an address: 1' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('row').filter({ hasText: 'call the office' })).toContainText(
      'Not an address',
    );
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByLabel('One order_id for all who lack it').fill('soon');
    const lacking = page.getByRole('listitem').filter({ hasText: 'have no order_id' });
    await lacking.getByRole('button', { name: 'Set', exact: true }).click();
    await expect(page.getByText(/have no order_id/)).toBeHidden();
  });

  await test.step('a file whose columns are variables', async () => {
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'recipients.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(LIST),
    });
    await expect(page.getByText('3 entries')).toBeVisible();
    await expect(page.getByText('{{order_id}}', { exact: true })).toBeVisible();
  });

  await test.step('its sheet and the column of its addresses are chosen', async () => {
    const book = utils.book_new();
    const sheetOf = (rows: unknown[][]) => utils.aoa_to_sheet(rows);
    utils.book_append_sheet(book, sheetOf([['Note'], ['nothing here']]), 'Cover');
    utils.book_append_sheet(
      book,
      sheetOf([
        ['Name', 'Work', 'Private'],
        ['Ada', '+966512345681', '+966512345691'],
        ['Grace', '+966512345682', '+966512345692'],
      ]),
      'People',
    );
    await page.getByRole('button', { name: 'Another file' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'people.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer,
    });
    await expect(page.getByText('No column was recognised')).toBeVisible();
    await page.getByLabel('Sheet').click();
    await page.getByRole('option', { name: 'People' }).click();
    await page.getByLabel('Phone numbers in').click();
    await page.getByRole('option', { name: /^Private/ }).click();
    await expect(page.getByText('2 entries')).toBeVisible();
    await expect(page.getByText('{{work}}', { exact: true })).toBeVisible();
  });

  await test.step('real recipients are stepped through by keys, each with why it is shown', async () => {
    await page.getByRole('button', { name: 'Everyone' }).click();
    const stepper = page.getByRole('group', { name: 'Recipients, one at a time' });
    await expect(stepper).toContainText('1 of 4');
    const reasons: string[] = [];
    await stepper.focus();
    for (let place = 1; place <= 4; place += 1) {
      await expect(stepper).toContainText(`${place} of 4`);
      reasons.push((await stepper.textContent()) ?? '');
      await page.keyboard.press('ArrowRight');
    }
    expect(reasons.some((text) => text.includes('right to left'))).toBe(true);
    expect(reasons.some((text) => text.includes('emoji') || text.includes('longest'))).toBe(true);
  });

  await test.step('it is tried out on oneself', async () => {
    await page.getByRole('button', { name: 'Send a test…' }).click();
    await page.getByLabel('Your phone number').fill('+966512345600');
    await page.getByRole('button', { name: 'Send the test' }).click();
    await expect(page.getByText('Accepted for +966512345600.')).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });

  await test.step('quiet hours and an end are named, and exactly those get it whom it names', async () => {
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    await expect(page.getByText(/^Takes about .*, until /).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('switch', { name: 'Quiet hours' }).click();
    await page.getByLabel('Name of the campaign').fill('Mended and sent');
    await page.getByRole('button', { name: 'Send to 4…' }).click();
    await page.getByRole('button', { name: 'Send to 4 recipients' }).click();
    await expect(page.getByText(/Completed|Partly done/).first()).toBeVisible({ timeout: 30_000 });
    await screen(page, 'Campaigns').click();
    await expect(page.getByRole('row').filter({ hasText: 'Mended and sent' })).toBeVisible();
    await expect(page.getByText('Test to')).toBeHidden();
  });
});

async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', ['region'])).toEqual([]);
  }
}
