import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-open-with-'));
const file = join(folder, 'Leads of today.csv');
writeFileSync(file, 'name,phone\nSara,+966512345678\n');

test.use({ launch: { args: [file] } });
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that the app is opened with is ready to be imported', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Leads of today.csv' })).toBeVisible({ timeout: 40_000 });
  await page.getByRole('button', { name: 'Import 1 row' }).click();
  await expect(page.getByText('1 new + 0 updated + 0 skipped + 0 rejected = 1 read')).toBeVisible();
});
