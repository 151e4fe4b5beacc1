import { launchElectron } from '../fixtures/electron';
import type { Resources } from './resources';
import { type Blocks, watchWindow } from './window-blocks';

const READY_MS = 30_000;
const IMPORT_MS = 600_000;

/** Drops the file on the real app in its Electron window, looks at the preview, imports it and waits for the totals. */
export async function watchBlocks(
  file: string,
  env: Readonly<Record<string, string>>,
  resources: Resources,
): Promise<Blocks> {
  const launched = await launchElectron({ env });
  resources.add(launched.kill);
  const { app, page } = launched;
  await page.getByRole('navigation').getByRole('link', { name: 'Import' }).click();
  const input = page.locator('input[type=file]');
  await input.waitFor({ state: 'attached', timeout: READY_MS });
  // The start of the app is another benchmark's.
  await page.waitForTimeout(3_000);
  const take = await watchWindow(app, page);
  await input.setInputFiles(file);
  const button = page.getByRole('button', { name: /^Import [\d,]+ rows$/ });
  await button.click({ timeout: IMPORT_MS });
  await page.getByText(/= [\d,]+ read/).waitFor({ timeout: IMPORT_MS });
  const blocks = await take();
  await launched.close();
  return blocks;
}
