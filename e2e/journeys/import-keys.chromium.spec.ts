import type { Page } from '@playwright/test';
import { dropFile } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const FILE = [
  'Name,Phone,Mail',
  'Sara,+966512345678,sara@example.com',
  'Omar,call me,omar@example.com',
  'Lena,+966512345677,lena at example',
].join('\n');

test('the keyboard stays among the rows: after a correction, one given up, one taken back, and to leave a row out', async ({
  page,
}) => {
  await dropFile(page, 'Keys.csv', FILE);
  const grid = page.getByRole('grid', { name: 'Rows' });
  await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 2');

  await test.step('a correction that is kept, and one that is given up', async () => {
    await grid.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Correct Phone in row 3').fill('+966512345000');
    await page.keyboard.press('Enter');
    await expect(grid).toBeFocused();
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Correct Mail in row 4')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(grid).toBeFocused();
  });

  await test.step('the last cell of a row leads back to the rows', async () => {
    await page.keyboard.press('Enter');
    await page.getByLabel('Correct Mail in row 4').fill('lena@example.com');
    await page.keyboard.press('Tab');
    await expect(grid).toBeFocused();
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 0');
  });

  await test.step('a row is left out, and taken in again', async () => {
    await page.keyboard.press('x');
    await expect(shown(page, 'Left out')).toHaveText('Left out 1');
    await expect(page.getByLabel('Import row 4')).not.toBeChecked();
    await page.keyboard.press('x');
    await expect(page.getByLabel('Import row 4')).toBeChecked();
    await expect(shown(page, 'New')).toHaveText('New 3');
  });

  await test.step('the last correction is taken back', async () => {
    const undo = page.getByRole('button', { name: /^Undo: / });
    for (const what of ['take in', 'leave out', 'cell in row 4', 'cell in row 3']) {
      await expect(undo).toHaveText(`Undo: ${what}`);
      await undo.press('Enter');
    }
    await expect(undo).toBeHidden();
    await expect(shown(page, 'Will be rejected')).toHaveText('Will be rejected 2');
    await expect(grid).toBeFocused();
  });
});

const shown = (page: Page, label: string) =>
  page.getByRole('button', { name: new RegExp(`^${label} [\\d,]+$`) });
