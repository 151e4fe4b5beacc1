import type { Page } from '@playwright/test';
import { dropFile, importFile } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const SMALL = 'Name,Phone\nSara,+966512345678\nOmar,+966512345679\n';

test('columns that cannot be used are named, with what follows from it, and nothing is offered that does not help', async ({
  page,
}) => {
  await dropFile(page, 'Prices.csv', 'Product,Price,Call\nShoe,12,+966512345678\nHat,13,+966512345679\n');
  await page.getByLabel('Goes into: Call').click();
  await page.getByRole('option', { name: 'Nothing: leave out' }).click();
  const rows = page
    .getByRole('main')
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Rows' }) });
  await expect(rows).toContainText('Choose the column that holds the phone number.');
  await expect(rows).toContainText('The rows are checked as soon as the columns are right.');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeHidden();
  await expect(rows.getByRole('button', { name: 'Replace…' })).toBeDisabled();
  await expect(page.getByText('2 new + 0 updated')).toBeHidden();
  await page.getByLabel('Goes into: Call').click();
  await page.getByRole('option', { name: 'Phone' }).click();
  await expect(shown(page, 'New')).toHaveText('New 2');
});

test('a file of which nothing would be imported says why, and what to do', async ({ page }, info) => {
  const nothing = page.getByRole('status').filter({ hasText: 'As it stands, nothing would be imported.' });

  await test.step('numbers of one country, which is not named', async () => {
    await dropFile(page, 'Local.csv', 'Name,Phone\nSara,0512345678\nOmar,0512345679\n');
    await expect(nothing).toContainText(
      '2 numbers have no country code: choose the default country under Options.',
    );
    await expect(page.getByText('2 rows have a number without a country code.')).toBeVisible();
    // The reason stands for both of them.
    await expect(shown(page, 'No country code')).toBeVisible();
    await page.getByRole('combobox', { name: 'Default country' }).fill('Saudi');
    await page.getByRole('option', { name: 'Saudi Arabia (SA)' }).click();
    await expect(shown(page, 'New')).toHaveText('New 2');
    await expect(nothing).toBeHidden();
  });

  await test.step('the same file once more', async () => {
    await importFile(page, info, 'small.csv', SMALL);
    await expect(page.getByText('2 new + 0 updated + 0 skipped + 0 rejected = 2 read')).toBeVisible();
    await dropFile(page, 'again.csv', SMALL);
    await expect(nothing).toContainText(
      '2 rows are contacts that exist already: have them updated under Options.',
    );
    await expect(page.getByRole('grid').getByRole('row').nth(1)).toContainText(
      'A contact has this phone number already.',
    );
    const same = page.getByRole('status').filter({ hasText: 'This very file was imported before.' });
    await same.getByRole('button', { name: 'Open that import' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'small.csv' })).toBeVisible();
    await page.goBack();
  });

  await test.step('two boxes for one question say what they mean together', async () => {
    const update = page.getByRole('checkbox', { name: 'Update contacts that exist already' });
    const skip = page.getByRole('checkbox', { name: 'Skip contacts that exist already' });
    await update.check();
    await expect(skip).toHaveAccessibleDescription('Without effect while they are updated.');
    await expect(nothing).toBeHidden();
    await update.uncheck();
    await skip.uncheck();
    await expect(skip).toHaveAccessibleDescription(
      'They are rejected, and so are rows that double another one.',
    );
    await expect(nothing).toContainText('2 rows are rejected: the reasons stand above the rows.');
  });

  await test.step('a header with nothing below it', async () => {
    await dropFile(page, 'header.csv', 'Name,Phone\n');
    await expect(page.getByText('This sheet has no row below its header.')).toBeVisible();
    await expect(page.getByRole('grid', { name: 'Rows' })).toContainText('There is no row below the header.');
  });
});

const shown = (page: Page, label: string) =>
  page.getByRole('button', { name: new RegExp(`^${label} [\\d,]+$`) });
