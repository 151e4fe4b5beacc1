import { readFileSync, writeFileSync } from 'node:fs';
import { read, utils, write } from 'xlsx';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { saveOffered } from '../fixtures/download';
import { expect, test } from '../fixtures/test';

const FILE = [
  'Name,Mobile,Order no.',
  'Sara,+966512345678,ORD-1',
  'Lena,call me,ORD-2',
  'Omar,+966512345679,ORD-3',
  'Huda,12,ORD-4',
].join('\n');

type Row = (string | number)[];

test('the rejected rows are mended in the spreadsheet, and the import goes on with them', async ({
  page,
  host,
}, info) => {
  await page.evaluate(axe);
  const first = info.outputPath('Customers.csv');
  const mended = info.outputPath('my corrections.xlsx');
  writeFileSync(first, FILE);
  const open = async (path: string): Promise<void> => {
    await screen(page, 'Import').click();
    // The overview takes files as well: not to its field, which is about to go.
    await page.getByRole('heading', { level: 1, name: 'Import contacts' }).waitFor();
    await page.getByLabel('Choose a file').setInputFiles(path);
  };
  const question = page.getByRole('radiogroup', { name: 'These are the rejected rows of Customers.csv.' });

  await test.step('an import with rejected rows', async () => {
    await open(first);
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await expect(page.getByText('2 new + 0 updated + 0 skipped + 2 rejected = 4 read')).toBeVisible();
  });

  await test.step('its spreadsheet is mended and saved under another name', async () => {
    const saved = await saveOffered(host, () =>
      page.getByRole('button', { name: 'Download as .xlsx' }).click(),
    );
    const book = read(readFileSync(saved));
    const [name = ''] = book.SheetNames;
    const rows = utils.sheet_to_json<Row>(book.Sheets[name] ?? {}, { header: 1, defval: '' });
    for (const row of rows) if (row[0] === 'Lena') row[1] = '+966512345670';
    book.Sheets[name] = utils.aoa_to_sheet(rows);
    writeFileSync(mended, write(book, { type: 'buffer', bookType: 'xlsx' }) as Uint8Array);
  });

  await test.step('dropped again, it is recognised; to continue is the default', async () => {
    await open(mended);
    await expect(page.getByRole('heading', { level: 1, name: 'my corrections.xlsx' })).toBeVisible();
    await expect(question).toBeVisible();
    await expect(page.getByRole('radio', { name: 'Continue that import' })).toBeChecked();
    await expect(page.getByText('Mended rows replace the 2 rows that are rejected there')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Continue with 1 row' })).toBeEnabled();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
    }
    await page.getByRole('radio', { name: 'Import as a new one' }).click();
    await expect(page.getByRole('button', { name: /^Import \d+ rows?$/ })).toBeVisible();
    await page.keyboard.press('ArrowUp');
    await expect(page.getByRole('radio', { name: 'Continue that import' })).toBeChecked();
  });

  await test.step('the same import ends with totals that add up', async () => {
    await page.getByRole('button', { name: 'Continue with 1 row' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Customers.csv' })).toBeVisible();
    await expect(page.getByText('3 new + 0 updated + 0 skipped + 1 rejected = 4 read')).toBeVisible();
    await expect(page.getByText('1 round, last')).toBeVisible();
    await screen(page, 'Import').click();
    const history = page.getByRole('row').filter({ hasText: 'Customers.csv' });
    await expect(history).toContainText(/Continued .* · 1 round/);
    await expect(page.getByText('my corrections.xlsx')).toBeHidden();
  });

  await test.step('the undo takes both rounds back', async () => {
    await page.getByRole('button', { name: 'Customers.csv' }).click();
    await page.getByRole('button', { name: 'Undo import…' }).click();
    await page.getByRole('button', { name: 'Undo the import' }).click();
    await expect(page.getByText('3 removed + 0 restored + 0 left as they are')).toBeVisible();
    await open(mended);
    await expect(page.getByRole('heading', { level: 1, name: 'my corrections.xlsx' })).toBeVisible();
    await expect(question).toBeHidden();
  });

  await test.step('what cannot be continued any more says so before the start, and why', async () => {
    const notice = page.getByRole('status').filter({ hasText: 'the rejected rows of Customers.csv' });
    await expect(notice).toContainText('The import was taken back; nothing can be added to it.');
    await expect(notice).toContainText('Import the rows as a new one.');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
    }
    await notice.getByRole('button', { name: 'Open that import' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Customers.csv' })).toBeVisible();
  });
});
