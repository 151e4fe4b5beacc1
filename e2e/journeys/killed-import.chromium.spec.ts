import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { restClient } from '../api/rest-client';
import { launchChromium } from '../fixtures/chromium';
import { dropFile, screen } from '../fixtures/console-page';

const ROWS = 60_000;
const csv = [
  'Phone,Name',
  ...Array.from({ length: ROWS }, (_, n) => {
    if (n % 100 === 99) return `broken,Person ${n}`;
    return `+9665${10_000_000 + (n % 100 === 50 ? n - 1 : n)},Person ${n}`;
  }),
].join('\n');
const PARTS = '58,800 new + 0 updated + 600 skipped + 600 rejected = 60,000';

test('the tenth input: an import that is killed half way ends with the same rows and totals', async () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'adsapp-killed-'));
  try {
    const first = await launchChromium({ dataFolder });
    const rest = restClient(first.serve);
    await dropFile(first.page, 'Everyone.csv', csv);
    await expect(first.page.getByText(`${PARTS} rows`)).toBeVisible({ timeout: 30_000 });
    await first.page.getByRole('button', { name: /^Import [\d,]+ rows$/ }).click();
    let written = 0;
    const look = async (): Promise<number> => {
      written = Number((await rest.ask('/api/contacts?limit=1')).body['total'] ?? 0);
      return written;
    };
    await expect.poll(look, { intervals: [10], timeout: 30_000 }).toBeGreaterThan(0);
    await first.serve.kill();
    expect(written).toBeLessThan(58_800);
    await first.browser.close();

    const second = await launchChromium({ dataFolder });
    await screen(second.page, 'Import').click();
    await second.page.getByRole('button', { name: 'Everyone.csv' }).click();
    await expect(second.page.getByText(`${PARTS} read`)).toBeVisible({ timeout: 60_000 });
    expect((await restClient(second.serve).ask('/api/contacts?limit=1')).body).toMatchObject({
      total: 58_800,
    });
    await second.close();
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
});
