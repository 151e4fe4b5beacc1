import { closeSync, mkdtempSync, openSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropPath, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const folder = mkdtempSync(join(tmpdir(), 'adsapp-too-large-'));
const file = join(folder, 'Everyone.csv');
test.beforeAll(() => {
  // Zeros that take no room on the disk.
  closeSync(openSync(file, 'w'));
  truncateSync(file, 2 * 1024 ** 3);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file of 2 GB is refused by name at once, in the window by its path and in a browser before it is sent', async ({
  page,
}) => {
  await screen(page, 'Import').click();
  const refused = page.getByRole('alert').filter({ hasText: 'Everyone.csv was not opened.' });
  await dropPath(page, file);
  await expect(refused).toContainText('The file is larger than 250 MB. Split it into several files.');
  await expect(page.getByText('Nothing has been imported yet.')).toBeVisible();
});
