import type { Page } from '@playwright/test';
import { utils, write } from 'xlsx';
import { dropFile, importFile, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const FILE = [
  'Name,Mobile,Mail,City',
  'Sara,+966512345678,sara@example.com,Riyadh',
  'Omar,call me,,Jeddah',
  'Sara Al-Harbi,00966512345678,,Riyadh',
  'Lena,+966512345679,lena at example,n/a',
  'Adam,+966512345670,,n/a',
  'Test,+966512345671,,Riyadh',
].join('\n');

test('rows are looked through and corrected before anything is written, and the import ends as it was shown', async ({
  page,
}) => {
  await dropFile(page, 'Rows.csv', FILE);
  const grid = page.getByRole('grid', { name: 'Rows' });

  await test.step('all rows are there, with what would become of each', async () => {
    await expect(shown(page, 'All')).toHaveText('All 6');
    await expect(shown(page, 'New')).toHaveText('New 3');
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 2');
    await expect(row(page, 'Omar')).toContainText('is not a phone number');
  });

  await test.step('a filter by reason shows the rows that have it', async () => {
    await page.getByRole('button', { name: /has no @/ }).click();
    await expect(grid.getByRole('row')).toHaveCount(2);
    await expect(row(page, 'Lena')).toBeVisible();
    await shown(page, 'All').click();
  });

  await test.step('while one types into a cell, the row is judged', async () => {
    await cell(page, 'Mobile', 3).click();
    const editor = page.getByLabel('Correct Mobile in row 3');
    await editor.fill('+96651234');
    await expect(page.getByRole('status').filter({ hasText: 'Row 3' })).toContainText('would be rejected');
    await editor.fill('+966512345678');
    await expect(page.getByRole('status').filter({ hasText: 'Row 3' })).toContainText(
      'Row 2 has the same phone number and comes first.',
    );
    await editor.fill('+966512345672');
    await expect(page.getByRole('status').filter({ hasText: 'Row 3' })).toContainText('new contact');
    await editor.press('Enter');
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 1');
    await expect(shown(page, 'Corrected')).toHaveText('Corrected 1');
  });

  await test.step('the keyboard corrects the row it stands on, cell by cell', async () => {
    await shown(page, 'Will be rejected').click();
    await expect(grid.getByRole('row')).toHaveCount(2);
    await grid.focus();
    await page.keyboard.press('Enter');
    const mail = page.getByLabel('Correct Mail in row 5');
    await mail.fill('lena@example.com');
    await mail.press('Tab');
    await page.getByLabel('Correct City in row 5').press('Escape');
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 0');
    await shown(page, 'All').click();
  });

  await test.step('a text is replaced in a whole column, and that is taken back and done again', async () => {
    const replace = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Replace…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Replace in a column' });
      await dialog.getByRole('combobox', { name: 'Column' }).click();
      await page.getByRole('option', { name: 'City' }).click();
      await dialog.getByLabel('Find').fill('N/A');
      await dialog.getByLabel('Replace with').fill('');
      await dialog.getByRole('checkbox', { name: 'Whole cells only' }).check();
      await dialog.getByRole('button', { name: 'Replace all' }).click();
      await expect(page.getByText('2 rows were changed.').first()).toBeVisible();
    };
    await replace();
    await expect(cell(page, 'City', 6)).toHaveText('');
    await page.getByRole('button', { name: 'Undo: replace in City' }).click();
    await expect(cell(page, 'City', 6)).toHaveText('n/a');
    await replace();
  });

  await test.step('doubles stand beside the row that counts, and the last one can count instead', async () => {
    await shown(page, 'Twice in the file').click();
    await expect(row(page, '00966512345678')).toContainText('Row 2 counts');
    await page.getByRole('radio', { name: 'The last one counts' }).click();
    await expect(row(page, 'sara@example.com')).toContainText('Row 4 counts');
    await shown(page, 'All').click();
  });

  await test.step('rows are left out, one by one or as they are shown', async () => {
    await page.getByLabel('Import row 7').uncheck();
    await expect(shown(page, 'Left out')).toHaveText('Left out 1');
    await page.getByPlaceholder('Search in the cells').fill('adam');
    await expect(grid.getByRole('row')).toHaveCount(2);
    await page.getByRole('button', { name: 'Leave out 1 row' }).click();
    await expect(shown(page, 'Left out')).toHaveText('Left out 2');
    await page.getByPlaceholder('Search in the cells').fill('');
    await shown(page, 'Left out').click();
    await expect(grid.getByRole('row')).toHaveCount(3);
  });

  await test.step('a reload loses no correction', async () => {
    const sum = page.getByText('3 new + 0 updated + 1 skipped + 0 rejected = 4 rows');
    await expect(sum).toBeVisible();
    await page.reload();
    await page.getByRole('radio', { name: 'The last one counts' }).click();
    await expect(sum).toBeVisible();
  });

  await test.step('the import ends exactly as it was shown', async () => {
    await page.getByRole('button', { name: 'Import 3 rows' }).click();
    await expect(page.getByText('3 new + 0 updated + 1 skipped + 0 rejected = 4 read')).toBeVisible();
    await page.getByRole('link', { name: 'Show the contacts' }).click();
    for (const name of ['Sara Al-Harbi', 'Omar', 'Lena']) await expect(row(page, name)).toBeVisible();
    await expect(row(page, 'Omar')).toContainText('+966512345672');
    await expect(page.getByRole('row').filter({ hasText: 'Adam' })).toHaveCount(0);
  });
});

test('contacts that exist are shown beside their rows, and only what may be overwritten is', async ({
  page,
}, info) => {
  await importFile(page, info, 'first.csv', 'Name,Phone,Email\nSara,+966512345678,sara@example.com\n');
  await expect(page.getByText('1 new + 0 updated + 0 skipped + 0 rejected = 1 read')).toBeVisible();
  await dropFile(
    page,
    'second.csv',
    'Name,Phone,Email\nS. Al-Harbi,0512345678,\nNew,+966512345679,new@example.com\n',
  );
  await page.getByRole('combobox', { name: 'Default country' }).fill('Saudi');
  await page.getByRole('option', { name: 'Saudi Arabia (SA)' }).click();
  await expect(shown(page, 'Will be skipped')).toHaveText('Will be skipped 1');

  await test.step('what was chosen just before the start is shown, and not started', async () => {
    const update = page.getByRole('checkbox', { name: 'Update contacts that exist already' });
    const start = await page.getByRole('button', { name: 'Import 1 row' }).elementHandle();
    // One right after the other, as only the quickest hand does it.
    await update.evaluate((box: HTMLElement, button) => {
      box.click();
      (button as HTMLElement | null)?.click();
    }, start);
    await expect(page.getByText(/With your last changes, other rows would be imported/)).toBeVisible();
    await expect(update).toBeChecked();
    await expect(shown(page, 'Will be updated')).toHaveText('Will be updated 1');
  });
  await shown(page, 'Exist already').click();
  await expect(row(page, 'S. Al-Harbi')).toContainText('Contact today');
  await expect(row(page, 'S. Al-Harbi')).toContainText('sara@example.com');

  const rules = page.getByRole('group', { name: 'What the file may do to contacts that exist' });
  await rules.getByRole('combobox', { name: 'Name' }).click();
  await page.getByRole('option', { name: 'Keep what is there' }).click();
  await page.getByRole('checkbox', { name: 'Blank cells overwrite, too' }).check();
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await expect(page.getByText('1 new + 1 updated + 0 skipped + 0 rejected = 2 read')).toBeVisible();
  await page.getByRole('link', { name: 'Show the contacts' }).click();
  await expect(row(page, '+966512345679')).toContainText('new@example.com');
  await screen(page, 'Contacts').click();
  await expect(row(page, '+966512345678')).toContainText('Sara');
  await expect(row(page, '+966512345678')).not.toContainText('sara@example.com');
});

test('another sheet with the same columns shows its own rows, and is what is imported', async ({ page }) => {
  const book = utils.book_new();
  const sheetOf = (month: string, names: readonly string[], first: number): void => {
    const rows = names.map((name, index) => [name, `+96651234567${first + index}`]);
    utils.book_append_sheet(book, utils.aoa_to_sheet([['Name', 'Phone'], ...rows]), month);
  };
  sheetOf('March', ['Sara', 'Omar'], 0);
  sheetOf('April', ['Lena', 'Adam', 'Huda'], 5);
  await dropFile(page, 'months.xlsx', write(book, { type: 'buffer', bookType: 'xlsx' }) as Buffer);
  await expect(row(page, 'Omar')).toBeVisible();
  await page.getByRole('combobox', { name: 'Sheet' }).click();
  await page.getByRole('option', { name: 'April' }).click();
  await expect(row(page, 'Lena')).toBeVisible();
  await expect(row(page, 'Omar')).toBeHidden();
  await expect(shown(page, 'All')).toHaveText('All 3');
  await page.getByRole('button', { name: 'Import 3 rows' }).click();
  await expect(page.getByText('3 new + 0 updated + 0 skipped + 0 rejected = 3 read')).toBeVisible();
});

test('tags that no contact can have are named where they are typed', async ({ page }) => {
  await dropFile(page, 'tagged.csv', 'Name,Phone\nSara,+966512345678');
  const tags = page.getByLabel('Tags for all of them');
  const start = page.getByRole('button', { name: 'Import 1 row' });
  await expect(start).toBeEnabled();
  await tags.fill(`spring, ${'x'.repeat(65)}`);
  await tags.blur();
  await expect(tags).toHaveAccessibleDescription(/none of them longer than 64 characters/);
  await expect(start).toBeDisabled();
  await expect(row(page, 'Sara')).toBeVisible();
  await tags.fill('spring');
  await tags.blur();
  await start.click();
  await expect(page.getByText('1 new + 0 updated + 0 skipped + 0 rejected = 1 read')).toBeVisible();
});

test('dates in numbers are read as the whole column says, and asked about where it cannot tell', async ({
  page,
}) => {
  const rows = ['Name,Phone,Born,Joined', 'Sara,+966512345678,03/04/1990,03/04/2024'];
  await dropFile(page, 'dates.csv', [...rows, 'Omar,+966512345679,13/04/1991,05/06/2024'].join('\n'));
  const born = page.getByRole('combobox', { name: /^born: / });
  const joined = page.getByRole('combobox', { name: /^joined: / });
  await expect(born).toContainText('April 13, 1991 (day first)');
  await expect(joined).toContainText('Please choose');
  await joined.click();
  await page.getByRole('option', { name: 'March 4, 2024 (month first)' }).click();
  await page.getByRole('button', { name: 'Import 2 rows' }).click();
  await expect(page.getByText('2 new + 0 updated + 0 skipped + 0 rejected = 2 read')).toBeVisible();
  await page.getByRole('link', { name: 'Show the contacts' }).click();
  await row(page, 'Sara').click();
  await expect(page.getByText('1990-04-03')).toBeVisible();
  await expect(page.getByText('2024-03-04')).toBeVisible();
});

const shown = (page: Page, label: string) =>
  page.getByRole('button', { name: new RegExp(`^${label} [\\d,]+$`) });
const row = (page: Page, text: string) => page.getByRole('grid').getByRole('row').filter({ hasText: text });
const cell = (page: Page, column: string, number: number) =>
  page.getByRole('button', { name: new RegExp(`^${column}, row ${number}: `) });
