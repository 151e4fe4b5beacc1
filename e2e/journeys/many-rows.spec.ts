import { writeFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { chooseFile } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const ROWS = 300_000;
/** The file's first line is the header. */
const LAST = ROWS + 1;

test('a file of more rows than a browser can lay out is scrolled through to its last row, and that is corrected', async ({
  page,
}, info) => {
  const path = info.outputPath('many.csv');
  writeFileSync(path, ['Phone,Name', ...Array.from({ length: ROWS }, (_, n) => lineOf(n))].join('\n'));
  await chooseFile(page, path);
  await expect(page.getByRole('button', { name: 'Import 299,999 rows' })).toBeEnabled({ timeout: 60_000 });
  const grid = page.getByRole('grid', { name: 'Rows' });
  await expect(grid).toHaveAttribute('aria-rowcount', String(ROWS + 1));
  await grid.evaluate((element) => element.scrollIntoView({ block: 'center' }));

  await test.step('the thumb at its lower end shows the last row', async () => {
    await scrollTo(page, 1);
    await expect(cell(page, 'Name', LAST)).toHaveText(`Person ${ROWS - 1}`);
    await expect(cell(page, 'Name', LAST)).toBeInViewport({ ratio: 1 });
    await expect(grid.getByRole('row').last()).toHaveAttribute('aria-rowindex', String(ROWS + 1));
  });

  await test.step('in the middle are the rows of the middle', async () => {
    await scrollTo(page, 0.5);
    await expect(cell(page, 'Name', ROWS / 2)).toHaveText(`Person ${ROWS / 2 - 2}`);
    await expect(cell(page, 'Name', ROWS / 2)).toBeInViewport();
  });

  await test.step('the wheel goes on from there row by row', async () => {
    const first = await firstInSight(page);
    await grid.hover();
    // 32 px a row.
    await page.mouse.wheel(0, 320);
    await expect.poll(() => firstInSight(page)).toBe(first + 10);
    await page.mouse.wheel(0, -320);
    await expect.poll(() => firstInSight(page)).toBe(first);
  });

  await test.step('a drag through the whole list shows the rows where it ends', async () => {
    for (let step = 0; step <= 40; step += 1) await scrollTo(page, step / 40);
    await expect(cell(page, 'Name', LAST)).toBeInViewport();
    for (let step = 40; step >= 0; step -= 1) await scrollTo(page, step / 40);
    await expect(cell(page, 'Name', 2)).toBeInViewport();
  });

  await test.step('a jump stays where it went, also while the thumb is being put right after the last one', async () => {
    expect(await jumpsUndone(page, 10)).toBe(0);
  });

  await test.step('the keyboard goes to both ends', async () => {
    await grid.focus();
    await page.keyboard.press('End');
    await expect(cell(page, 'Name', LAST)).toBeInViewport();
    await page.keyboard.press('Home');
    await expect(cell(page, 'Name', 2)).toBeInViewport();
  });

  await test.step('the last row is refused, and corrected in its place', async () => {
    await page.keyboard.press('End');
    await cell(page, 'Phone', LAST).click();
    const editor = page.getByLabel(`Correct Phone in row ${LAST}`);
    await editor.fill('+966599999999');
    await editor.press('Enter');
    await expect(page.getByRole('button', { name: 'Import 300,000 rows' })).toBeEnabled();
    await expect(cell(page, 'Phone', LAST)).toHaveText('+966599999999');
    await expect(cell(page, 'Phone', LAST)).toBeInViewport();
  });
});

const lineOf = (n: number): string => `${n === ROWS - 1 ? 'call me' : `+9665${10_000_000 + n}`},Person ${n}`;

const cell = (page: Page, column: string, row: number) =>
  page.getByRole('button', { name: new RegExp(`^${column}, row ${row}: `) });

/** As the thumb of the scroll bar does: 0 is the upper end, 1 the lower one. */
const scrollTo = (page: Page, share: number): Promise<void> =>
  page.getByRole('grid', { name: 'Rows' }).evaluate((grid, at) => {
    grid.scrollTop = at * (grid.scrollHeight - grid.clientHeight);
  }, share);

/** How many of some jumps did not last. Each comes when the page is busy until the one before has settled. */
const jumpsUndone = (page: Page, jumps: number): Promise<number> =>
  page.getByRole('grid', { name: 'Rows' }).evaluate(async (grid, count) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const settled = () => new Promise((resolve) => setTimeout(resolve, 300));
    const end = grid.scrollHeight - grid.clientHeight;
    let undone = 0;
    for (let jump = 0; jump < count; jump += 1) {
      grid.scrollTop = end / 4;
      await frame();
      await frame();
      // A small move: the thumb is a little off its place.
      grid.scrollTop += 100;
      await frame();
      await frame();
      const until = performance.now() + 150;
      while (performance.now() < until);
      grid.scrollTop = end;
      await settled();
      if (Math.abs(grid.scrollTop - end) > 1) undone += 1;
    }
    return undone;
  }, jumps);

/** The place in the list of the uppermost row of which all is in sight. */
const firstInSight = (page: Page): Promise<number> =>
  page.getByRole('grid', { name: 'Rows' }).evaluate((grid) => {
    const edge = grid.querySelector('[role=columnheader]')?.getBoundingClientRect().bottom ?? 0;
    const rows = [...grid.querySelectorAll('[data-row-index]')];
    const inSight = rows.filter((row) => row.getBoundingClientRect().top >= edge - 1);
    return Math.min(...inSight.map((row) => Number(row.getAttribute('data-row-index'))));
  });
