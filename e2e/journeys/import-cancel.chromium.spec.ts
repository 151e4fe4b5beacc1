import type { Page } from '@playwright/test';
import { dropFile } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const LONG = 'very long '.repeat(150);
const FILE = [
  'Name,Phone,Note,City',
  'Sara,+966512345678,,Riyadh',
  `Omar,call me,"${LONG}",`,
  'Lena,+966512345679,,Jeddah',
].join('\n');
const rows = (count: number): string =>
  ['Name,Phone', ...Array.from({ length: count }, (_, n) => `Person ${n},+9665${50_000_000 + n}`)].join('\n');

test('an import that was cancelled says what stays of it, and cannot be cancelled twice', async ({
  page,
}) => {
  await dropFile(page, 'Many.csv', rows(200_000));
  await page.getByRole('button', { name: 'Import 200,000 rows' }).press('Enter');
  await expect(stat(page, 'New')).not.toHaveText('New0');
  await page.getByRole('button', { name: 'Pause' }).press('Enter');
  await expect(page.getByText('Paused').first()).toBeVisible();
  const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
  await cancel.click();
  const question = page.getByRole('alertdialog', { name: 'Cancel this import?' });
  await expect(question.getByText(/^The [\d,]+ contacts that were written so far$/)).toBeVisible();
  const seen = await pressesOf(page);
  await question.getByRole('button', { name: 'Cancel the import' }).press('Enter');
  await expect(page.getByText('The import was cancelled.')).toBeVisible();
  await expect(
    page.getByText(/^[\d,]+ new and 0 updated contacts stay\. The other rows were left out\.$/),
  ).toBeVisible();
  await expect(page.getByRole('link', { name: 'Show the contacts' })).toBeVisible();
  // Between the answer to the question and the end of the import it was not offered again.
  expect(await seen()).toBe(false);
  await expect(page.locator('#content')).toBeFocused();
});

test('rejected rows are listed so that the reason and every cell can be read, however long one of them is', async ({
  page,
}) => {
  await dropFile(page, 'Long.csv', FILE);
  await page.getByRole('button', { name: 'Import 2 rows' }).press('Enter');
  await expect(page.getByText('2 new + 0 updated + 0 skipped + 1 rejected = 3 read')).toBeVisible();
  const list = page.getByRole('region', { name: 'Rejected rows' });
  const row = list.getByRole('row').filter({ hasText: 'call me' });
  await expect(row).toContainText('Omar · call me · very long');
  await expect(row.getByTitle(LONG.trim())).toBeVisible();
  expect((await row.boundingBox())?.height).toBeLessThan(80);
  await expect(page.getByText('drop it again to continue this import')).toBeVisible();

  await page.getByRole('button', { name: 'Undo import…' }).press('Enter');
  await page.getByRole('button', { name: 'Undo the import' }).press('Enter');
  await expect(page.getByText('2 removed + 0 restored + 0 left as they are')).toBeVisible();
  await expect(page.locator('#content')).toBeFocused();
  await expect(
    page.getByText('Mended in the spreadsheet and dropped again, they are a new import.'),
  ).toBeVisible();
});

/** Watches whether an import that is being cancelled offers to be cancelled once more. */
async function pressesOf(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => {
    const watch = { offered: false };
    Object.assign(window, { watch });
    const look = (): void => {
      const isAsked = document.querySelector('[role=alertdialog]') !== null;
      const button = [...document.querySelectorAll('main button')].find(
        (each) => each.textContent === 'Cancel',
      );
      if (!isAsked && button !== undefined && button.getAttribute('aria-disabled') !== 'true')
        watch.offered = true;
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => (window as unknown as { watch: { offered: boolean } }).watch.offered);
}

const stat = (page: Page, label: string) =>
  page
    .getByRole('main')
    .locator('section')
    .filter({ hasText: new RegExp(`^${label}`) })
    .first();
