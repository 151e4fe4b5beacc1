import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { read, utils } from 'xlsx';
import { dropFile, screen } from '../fixtures/console-page';
import { saveOffered } from '../fixtures/download';
import { expect, test } from '../fixtures/test';

const FILE = [
  'Customers of the shop,,,',
  ',,,',
  'Full name,Mobile,Mail,Order no.',
  'Sara Al-Harbi,0512345678,sara@example.com,ORD-1',
  'Omar,00966512345679,,ORD-2',
  'Omar again,+966 51 234 5679,,ORD-3',
  'Lena,call me,lena@example.com,ORD-4',
  '"=HYPERLINK(""http://x"")",0512345671,nobody@nowhere,ORD-5',
].join('\r\n');

test('a dropped file is looked at, mapped, imported, and its rejected rows come back as a spreadsheet', async ({
  page,
  host,
}) => {
  await test.step('a file dropped anywhere on the window opens', async () => {
    await dropFile(page, 'Customers.csv', FILE);
    await expect(page.getByRole('heading', { name: 'Customers.csv' })).toBeVisible();
    await expect(page.getByLabel('Header in row')).toHaveValue('3');
    await expect(target(page, 'Mobile')).toContainText('Phone');
    await expect(target(page, 'Full name')).toContainText('Name');
  });

  await test.step('what would come of it is shown, and follows the options', async () => {
    await expect(shown(page, 'New')).toHaveText('New 1');
    await page.getByRole('combobox', { name: 'Default country' }).fill('Saudi');
    await page.getByRole('option', { name: 'Saudi Arabia (SA)' }).click();
    await expect(shown(page, 'New')).toHaveText('New 2');
    await expect(shown(page, 'Twice in the file')).toHaveText('Twice in the file 1');
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 2');
  });

  await test.step('a column goes where the user says', async () => {
    await target(page, 'Mail').click();
    await page.getByRole('option', { name: 'Nothing: leave out' }).click();
    await expect(shown(page, 'New')).toHaveText('New 3');
    await target(page, 'Mail').click();
    await page.getByRole('option', { name: 'Email' }).click();
    await page.getByLabel('Tags for all of them').fill('shop, winter');
    await expect(shown(page, 'New')).toHaveText('New 2');
  });

  await test.step('the totals add up and the contacts are there', async () => {
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await expect(page.getByText('2 new + 0 updated + 1 skipped + 2 rejected = 5 read')).toBeVisible();
    await expect(page.getByText('shop, winter')).toBeVisible();
    await page.getByRole('link', { name: 'Show the contacts' }).click();
    await expect(page.getByRole('row').filter({ hasText: 'Sara Al-Harbi' })).toContainText('+966512345678');
    await expect(page.getByRole('row').filter({ hasText: 'Omar' })).toContainText('winter');
    await page.goBack();
  });

  await test.step('the rejected rows are a spreadsheet with reasons, in which no formula lives', async () => {
    const path = await saveOffered(host, () =>
      page.getByRole('button', { name: 'Download as .xlsx' }).click(),
    );
    const book = read(readFileSync(path));
    const rows = utils.sheet_to_json<Record<string, unknown>>(book.Sheets[book.SheetNames[0] ?? ''] ?? {}, {
      header: 1,
    });
    expect(JSON.stringify(rows)).toContain('call me');
    expect(JSON.stringify(rows)).toContain('is not a phone number');
    expect(JSON.stringify(rows)).toContain('ORD-5');
    for (const sheet of Object.values(book.Sheets))
      for (const cell of Object.values(sheet)) expect(cell).not.toHaveProperty('f');
  });

  await test.step('the whole import is taken back', async () => {
    await page.getByRole('button', { name: 'Undo import…' }).click();
    await page.getByRole('button', { name: 'Undo the import' }).click();
    await expect(page.getByText('2 removed + 0 restored + 0 left as they are')).toBeVisible();
    await screen(page, 'Contacts').click();
    await expect(page.getByText('No contacts yet').or(page.getByText('0 contacts')).first()).toBeVisible();
  });

  await test.step('a file that is none of the known kinds is refused with its name and why', async () => {
    await dropFile(page, 'broken.xlsx', 'PK\u0003\u0004 and then nothing');
    await expect(page.getByRole('row').filter({ hasText: 'Customers.csv' })).toContainText('Undone');
    const refused = page.getByRole('alert').filter({ hasText: 'broken.xlsx was not opened.' });
    await expect(refused).toContainText('The end of the file is missing');
  });
});

const target = (page: Page, header: string) => page.getByLabel(`Goes into: ${header}`);

/** The filter of the rows, with how many there are. */
const shown = (page: Page, label: string) =>
  page.getByRole('button', { name: new RegExp(`^${label} [\\d,]+$`) });
