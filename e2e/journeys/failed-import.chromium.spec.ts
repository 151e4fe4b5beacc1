import { expect, test } from '../fixtures/test';
import { Client } from 'pg';
import { launchChromium } from '../fixtures/chromium';
import { dropFile, screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';

const CONTACTS = 'name,phone\nSara,+966512345678\nOmar,+966512345679\n';
const PROBLEM = { code: 'internal', message: 'The database refused a batch (SQLSTATE 53100).' };

test('an import that has failed says why, and is resumed, or cancelled for good, from its page', async () => {
  const env = { REDIS_URL: await testRedisUrl(), DATABASE_URL: await testDatabaseUrl() };
  const { page, close } = await launchChromium({ env });
  const database = new Client(env.DATABASE_URL);
  await database.connect();
  const resume = page.getByRole('button', { name: 'Resume' });

  /** Starts a file while nobody works on imports, and lets it end as after the last attempt of its job. */
  const failing = async (name: string): Promise<void> => {
    await screen(page, 'Import').click();
    await dropFile(page, name, CONTACTS);
    await page.getByRole('button', { name: /^Import 2 rows$/ }).click();
    await expect(page.getByText('Queued').first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    await expect(resume).toBeVisible();
    await database.query(
      `UPDATE imports SET state = 'failed', error = $1, finished_at = now() WHERE state = 'paused'`,
      [JSON.stringify(PROBLEM)],
    );
    await page.reload();
    await expect(page.getByText(PROBLEM.message)).toBeVisible();
  };

  await test.step('nobody works on imports', async () => {
    await screen(page, 'Settings').click();
    await page.getByRole('switch', { name: 'Work on Contact import' }).click();
    await expect(page.getByRole('switch', { name: 'Work on Contact import' })).not.toBeChecked();
  });

  await test.step('cancelled, it offers nothing more than another file', async () => {
    await failing('cancelled.csv');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Cancel the import' }).click();
    await expect(resume).toBeHidden();
  });

  await test.step('resumed, it goes on to its end', async () => {
    await failing('resumed.csv');
    await resume.click();
    await screen(page, 'Settings').click();
    await page.getByRole('switch', { name: 'Work on Contact import' }).click();
    await screen(page, 'Import').click();
    await page.getByRole('button', { name: 'resumed.csv' }).click();
    await expect(page.getByText('2 new + 0 updated + 0 skipped + 0 rejected = 2 read')).toBeVisible();
  });

  await database.end();
  await close();
});
