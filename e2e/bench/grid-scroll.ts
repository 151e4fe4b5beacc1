import type { Locator, Page } from '@playwright/test';

const JUMPS = 30;
const DRAG_STEPS = 300;
const WHEEL_NOTCHES = 200;
/** As the screen does: what is done once a frame. */
const FRAME_MS = 16;

/** Through the rows by many notches of the wheel, one a frame. */
export async function turnWheel(page: Page, grid: Locator): Promise<void> {
  await grid.hover();
  for (let notch = 0; notch < WHEEL_NOTCHES; notch += 1) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(FRAME_MS);
  }
}

/** By the thumb from the top to the last row. @throws where that is not reached */
export async function dragThumb(page: Page, grid: Locator): Promise<void> {
  await grid.evaluate((element) => element.scrollTo({ top: 0 }));
  await page.waitForTimeout(500);
  const box = await grid.boundingBox();
  if (box === null) throw new Error('The rows are not in sight.');
  const x = box.x + box.width - 6;
  const y = box.y + 8;
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step <= DRAG_STEPS; step += 1) {
    await page.mouse.move(x, y + (box.height * step) / DRAG_STEPS);
    await page.waitForTimeout(FRAME_MS);
  }
  await page.mouse.up();
  await page.waitForTimeout(500);
  const left = await grid.evaluate(
    ({ scrollHeight, clientHeight, scrollTop }) => scrollHeight - clientHeight - scrollTop,
  );
  if (left > 1) throw new Error(`The thumb stopped ${left} px before the end.`);
}

/** The times of jumps all over the list, in ms, each until every row in sight is there. */
export async function jumpAbout(grid: Locator, rows: number): Promise<number[]> {
  const times: number[] = [];
  for (let jump = 0; jump < JUMPS; jump += 1) {
    // Every part of the list once, near after far.
    const share = (((jump * 7) % JUMPS) + 0.5) / JUMPS;
    times.push(await jumpTo(grid, share, rows));
    await grid.page().waitForTimeout(150);
  }
  return times;
}

const jumpTo = (grid: Locator, share: number, rows: number): Promise<number> =>
  grid.evaluate(
    async (element, to) => {
      const begun = performance.now();
      element.scrollTop = to.share * (element.scrollHeight - element.clientHeight);
      for (;;) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const drawn = [...element.querySelectorAll('[data-row-index]')];
        const isThere = drawn.some(
          (row) => Math.abs(Number(row.getAttribute('data-row-index')) - to.share * to.rows) < 50,
        );
        // A row that is still to come has a label that says so.
        if (isThere && drawn.every((row) => !row.hasAttribute('aria-label'))) break;
      }
      return performance.now() - begun;
    },
    { share, rows },
  );
