import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';
import { restClient } from '../api/rest-client';
import { launchChromium } from '../fixtures/chromium';
import { dropFile, screen } from '../fixtures/console-page';
import type { LaunchedServe } from '../fixtures/serve';

const ROWS = 60_000;
const csv = [
  'Phone,Name',
  ...Array.from({ length: ROWS }, (_, n) => {
    if (n % 100 === 99) return `broken,Person ${n}`;
    return `+9665${10_000_000 + (n % 100 === 50 ? n - 1 : n)},Person ${n}`;
  }),
].join('\n');
const PARTS = '58,800 new + 0 updated + 600 skipped + 600 rejected = 60,000';

/** How many contacts there are; 0 while nobody can say. */
const contactsOf = async (serve: LaunchedServe): Promise<number> =>
  Number((await restClient(serve).ask('/api/contacts?limit=1')).body['total'] ?? 0);

/** The processes that this one has started and that run the background's program. */
const backgroundsOf = (pid: number | undefined): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const [, parent] = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
        const isBackground = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('background.js');
        return Number(parent) === pid && isBackground ? [Number(name)] : [];
      } catch {
        return []; // It has ended since.
      }
    });

test('an import whose background process is killed goes on by itself to the same end', async () => {
  // The file is read three times, on a database that is busy to come back.
  test.setTimeout(400_000);
  const app = await launchChromium();
  try {
    await dropFile(app.page, 'Everyone.csv', csv);
    await app.page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click({ timeout: 30_000 });
    for (const after of [0, 20_000]) {
      await expect
        .poll(() => contactsOf(app.serve), { intervals: [20], timeout: 60_000 })
        .toBeGreaterThan(after);
      const [background, ...others] = backgroundsOf(app.serve.pid);
      expect(others).toEqual([]);
      process.kill(background ?? 0, 'SIGKILL');
      await expect.poll(() => backgroundsOf(app.serve.pid), { timeout: 30_000 }).not.toEqual([background]);
    }
    await expect(app.page.getByText(`${PARTS} read`)).toBeVisible({ timeout: 240_000 });
    expect(await contactsOf(app.serve)).toBe(58_800);
  } finally {
    await app.close();
  }
});

test('the tenth input: an import that is killed half way ends with the same rows and totals', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'adsapp-killed-'));
  try {
    const first = await launchChromium({ dataFolder });
    await dropFile(first.page, 'Everyone.csv', csv);
    await expect(first.page.getByText(`${PARTS} rows`)).toBeVisible({ timeout: 30_000 });
    await first.page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
    let written = 0;
    const look = async (): Promise<number> => (written = await contactsOf(first.serve));
    await expect.poll(look, { intervals: [10], timeout: 30_000 }).toBeGreaterThan(0);
    await first.serve.kill();
    expect(written).toBeLessThan(58_800);
    await first.page.context().close();

    const second = await launchChromium({ dataFolder });
    await screen(second.page, 'Import').click();
    await second.page.getByRole('button', { name: 'Everyone.csv' }).click();
    await expect(second.page.getByText(`${PARTS} read`)).toBeVisible({ timeout: 60_000 });
    expect(await contactsOf(second.serve)).toBe(58_800);
    await second.close();
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
