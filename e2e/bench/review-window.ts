import type { ElectronApplication, Locator, Page } from '@playwright/test';
import { chooseFile } from '../fixtures/console-page';
import { launchElectron } from '../fixtures/electron';
import { treeMemory } from './process-memory';
import type { Resources } from './resources';
import { median } from './statistics';
import { watchWindow } from './window-blocks';

const OPEN_MS = 600_000;
const JUMPS = 30;
const DRAG_STEPS = 300;
const WHEEL_NOTCHES = 200;
/** As the screen does: what is done once a frame. */
const FRAME_MS = 16;

/** How the window does while somebody goes through the rows of a draft. */
export interface ReviewWindow {
  /** From the choice of the file until the first rows are judged and shown. */
  readonly openedMs: number;
  /** The longest blocks until then, by the wheel, by the thumb and by jumps. */
  readonly longestMainBlockMs: number;
  readonly openLongTaskMs: number;
  readonly wheelLongTaskMs: number;
  readonly dragLongTaskMs: number;
  readonly jumpLongTaskMs: number;
  /** From a jump of the thumb until every row in sight has its cells. */
  readonly jumpMedianMs: number;
  readonly jumpMaxMs: number;
  readonly rendererMemoryMb: number;
}

/** Opens the file in the real app, on its own database, and goes through its rows by wheel, thumb and jumps. */
export async function watchReview(file: string, rows: number, resources: Resources): Promise<ReviewWindow> {
  const launched = await launchElectron({ env: {} });
  resources.add(launched.kill);
  const { app, page } = launched;
  await page.getByRole('navigation').getByRole('link', { name: 'Import' }).click();
  // The start of the app is another benchmark's.
  await page.waitForTimeout(3_000);
  const take = await watchWindow(app, page);
  const main: number[] = [];
  const longTask = async (): Promise<number> => {
    const blocks = await take();
    main.push(blocks.main);
    return blocks.renderer;
  };

  const begun = performance.now();
  await chooseFile(page, file);
  const grid = page.getByRole('grid', { name: 'Rows' });
  await grid.getByRole('gridcell', { name: '2', exact: true }).waitFor({ timeout: OPEN_MS });
  const openedMs = performance.now() - begun;
  await grid.evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await page.waitForTimeout(1_000);
  const openLongTaskMs = await longTask();

  await turnWheel(page, grid);
  const wheelLongTaskMs = await longTask();
  await dragThumb(page, grid);
  const dragLongTaskMs = await longTask();
  const jumps = await jumpAbout(grid, rows);
  const jumpLongTaskMs = await longTask();
  const rendererMemoryMb = rendererMemory(app);
  await launched.close();
  return {
    openedMs,
    longestMainBlockMs: Math.max(...main),
    ...{ openLongTaskMs, wheelLongTaskMs, dragLongTaskMs, jumpLongTaskMs },
    jumpMedianMs: median(jumps),
    jumpMaxMs: Math.max(...jumps),
    rendererMemoryMb,
  };
}

async function turnWheel(page: Page, grid: Locator): Promise<void> {
  await grid.hover();
  for (let notch = 0; notch < WHEEL_NOTCHES; notch += 1) {
    await page.mouse.wheel(0, 240);
    await page.waitForTimeout(FRAME_MS);
  }
}

/** From the top to the last row. @throws where that is not reached */
async function dragThumb(page: Page, grid: Locator): Promise<void> {
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

/** The times of jumps all over the list, each until every row in sight is there. */
async function jumpAbout(grid: Locator, rows: number): Promise<number[]> {
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

function rendererMemory(app: ElectronApplication): number {
  const { pid } = app.process();
  if (pid === undefined) throw new Error('The app has ended.');
  return treeMemory(pid)
    .filter(({ name }) => name === 'renderer')
    .reduce((sum, { megabytes }) => sum + megabytes, 0);
}
