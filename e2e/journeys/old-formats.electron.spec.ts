import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils, writeFile } from 'xlsx';
import { expect, test } from '../fixtures/test';

// SheetJS reads in a process of its own, which Electron starts in another way than Node does.

const folder = mkdtempSync(join(tmpdir(), 'adsapp-old-formats-'));
const file = join(folder, 'Leads of 2003.xls');
writeFile(
  utils.book_new(
    utils.aoa_to_sheet([
      ['name', 'phone'],
      ['Sara', '+966512345678'],
    ]),
    'Leads',
  ),
  file,
);

test.use({ launch: { args: [file] } });
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a workbook of Excel 2003 is imported', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Leads of 2003.xls' })).toBeVisible({ timeout: 40_000 });
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await expect(page.getByText('1 new + 0 updated + 0 skipped + 0 rejected = 1 read')).toBeVisible();
});
