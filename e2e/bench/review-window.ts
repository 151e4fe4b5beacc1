import type { ElectronApplication } from '@playwright/test';
import { chooseFile } from '../fixtures/console-page';
import { launchElectron } from '../fixtures/electron';
import { dragThumb, jumpAbout, turnWheel } from './grid-scroll';
import { treeMemory } from './process-memory';
import type { Resources } from './resources';
import { median } from './statistics';
import { watchWindow } from './window-blocks';

const OPEN_MS = 600_000;

/** How the window does while somebody goes through the rows of a draft. */
export interface ReviewWindow {
  /** From the choice of the file until its first rows are shown. */
  readonly openedMs: number;
  /** And until all are judged, and it can be imported. */
  readonly judgedMs: number;
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
  await page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).waitFor({ timeout: OPEN_MS });
  const judgedMs = performance.now() - begun;
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
    ...{ openedMs, judgedMs },
    longestMainBlockMs: Math.max(...main),
    ...{ openLongTaskMs, wheelLongTaskMs, dragLongTaskMs, jumpLongTaskMs },
    jumpMedianMs: median(jumps),
    jumpMaxMs: Math.max(...jumps),
    rendererMemoryMb,
  };
}

function rendererMemory(app: ElectronApplication): number {
  const { pid } = app.process();
  if (pid === undefined) throw new Error('The app has ended.');
  return treeMemory(pid)
    .filter(({ name }) => name === 'renderer')
    .reduce((sum, { megabytes }) => sum + megabytes, 0);
}
