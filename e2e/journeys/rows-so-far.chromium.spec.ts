import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { chooseFile } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const ROWS = 400_000;

test('the first rows of a large file are looked through and corrected while the others are read and checked', async ({
  page,
}, info) => {
  const path = info.outputPath('large.csv');
  writeFileSync(path, ['Phone,Name', ...Array.from({ length: ROWS }, (_, n) => lineOf(n))].join('\n'));
  await watchOutcomes(page);
  await chooseFile(page, path);
  const grid = page.getByRole('grid', { name: 'Rows' });

  await test.step('they are there, and nothing is said of them that is not known', async () => {
    await expect(cell(page, 'Name', 2)).toHaveText('Person 0');
    await expect(grid).toHaveAttribute('aria-busy', 'true');
    await expect(page.getByRole('button', { name: 'Will be rejected' })).toBeDisabled();
    await expect(page.getByText(/rows? read so far|rows? checked so far/)).toBeVisible();
  });

  await test.step('a cell is corrected', async () => {
    await cell(page, 'Phone', 5).click();
    const editor = page.getByLabel('Correct Phone in row 5');
    // As far as can be said: whether somebody has this number already is not known yet.
    const verdict = page.getByRole('status').filter({ hasText: 'Row 5' });
    await editor.fill('+96659');
    await expect(verdict).toContainText('would be rejected');
    await editor.fill('+966599999999');
    await expect(verdict).toHaveText('Row 5 is OK so far.');
    await editor.press('Enter');
    await expect(cell(page, 'Phone', 5)).toHaveText('+966599999999');
  });

  await test.step('further ones are scrolled to', async () => {
    await grid.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await grid.hover();
    // 32 px a row.
    for (let turn = 0; turn < 12; turn += 1) await page.mouse.wheel(0, 320);
    await expect(cell(page, 'Name', 125)).toHaveText('Person 123');
    await expect(cell(page, 'Name', 125)).toBeInViewport();
  });

  await test.step('in the end all is as it was shown, and exact', async () => {
    // All of this was while the others were still being read or checked.
    await expect(grid).toHaveAttribute('aria-busy', 'true');
    await expect(page.getByRole('button', { name: 'Import 399,999 rows' })).toBeEnabled({ timeout: 120_000 });
    await expect(grid).toHaveAttribute('aria-rowcount', String(ROWS + 1));
    // The rows in sight have kept their places.
    await expect(cell(page, 'Name', 125)).toBeInViewport();
    await expect(page.getByRole('button', { name: 'All 400,000' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Will be rejected 1' })).toBeEnabled();
    await expect(page.getByRole('button', { name: 'Corrected 1' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Undo: cell in row 5' })).toBeVisible();
    await page.getByRole('button', { name: 'Will be rejected 1' }).click();
    await expect(cell(page, 'Phone', 4)).toHaveText('nobody');
  });

  await test.step('on the way, rows were not checked, then without a fault so far, then new', async () => {
    const told = await page.evaluate(() => window.outcomesTold);
    expect(told.filter((outcome) => outcome !== 'Reject')).toEqual(['Not checked', 'OK so far', 'New']);
  });
});

declare global {
  interface Window {
    /** What the grid has said of any row, in the order in which it was said first. */
    outcomesTold: string[];
  }
}

/** Notes from now on what the grid says of rows. */
async function watchOutcomes(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.outcomesTold = [];
    new MutationObserver(() => {
      for (const outcome of document.querySelectorAll('[data-row-index] > [role=gridcell]:nth-child(3)')) {
        const text = outcome.textContent;
        if (!window.outcomesTold.includes(text)) window.outcomesTold.push(text);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

function lineOf(n: number): string {
  const phone = n === 2 ? 'nobody' : n === 3 ? 'call me' : `+9665${10_000_000 + n}`;
  return `${phone},Person ${n}`;
}

const cell = (page: Page, column: string, row: number) =>
  page.getByRole('button', { name: new RegExp(`^${column}, row ${row}: `) });
