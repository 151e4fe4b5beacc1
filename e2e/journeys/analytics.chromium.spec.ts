import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { createPgPool } from '../../src-main/database/pool';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend<{ databaseUrl: string }>({
  databaseUrl: ({}, use) => testDatabaseUrl().then(use),
  launch: async ({ databaseUrl }, use) => {
    await use({ env: { REDIS_URL: await testRedisUrl(), DATABASE_URL: databaseUrl } });
  },
});

test('what ran is added up, drilled into, exported, and old rows are cleaned up', async ({
  page,
  databaseUrl,
}) => {
  test.setTimeout(180_000);
  await addHistory(databaseUrl);
  await page.evaluate(axe);

  await test.step('the figures of thirty days', async () => {
    await screen(page, 'Activity').click();
    await page.getByRole('button', { name: 'Statistics' }).click();
    await expect(page.getByText('What fails most')).toBeVisible();
    const types = page.getByRole('table', { name: 'By type' });
    // Jobs, completed, failed, open, succeeded.
    await expect(types.getByRole('row', { name: /Bulk messages/ })).toContainText('504010080%');
    const causes = page.getByRole('table', { name: 'What fails most' });
    // Jobs, and their share of all that failed.
    await expect(causes.getByRole('row', { name: /131026/ })).toContainText('880%');
    await expect(causes.getByRole('row', { name: /rate_limited/ })).toContainText('220%');
    await expect(page.getByRole('table', { name: 'Slowest jobs' }).getByRole('row')).toHaveCount(21);
    await expect(page.getByRole('figure', { name: 'Ended jobs a day' })).toBeVisible();
    await check(page);
  });

  await test.step('a cause leads to the jobs that failed of it, and to no others', async () => {
    await page.getByRole('button', { name: 'History of Bulk messages, rate_limited' }).click();
    const history = page.getByRole('grid', { name: 'Job history' });
    await expect(history).toHaveAttribute('aria-rowcount', '3');
    await expect(page).toHaveURL(/cause=rate_limited/);
    const panel = page.getByRole('complementary');
    for (const id of ['then-25', 'then-50']) {
      await history.getByRole('row').filter({ hasText: id }).click();
      await expect(panel).toContainText('rate_limited');
      await expect(panel).toContainText('Failed');
    }
    await check(page);
    // As an address that somebody was sent.
    await page.reload();
    await page.evaluate(axe);
    await expect(history).toHaveAttribute('aria-rowcount', '3');
    await page.getByRole('button', { name: 'Without the filter rate_limited' }).click();
    await expect(history).toHaveAttribute('aria-rowcount', '51');
    await page.goBack();
    await expect(page.getByRole('table', { name: 'What fails most' })).toContainText('131026');
  });

  await test.step('a longer range and one type, both in the address', async () => {
    await page.getByRole('button', { name: '365 days' }).click();
    await expect(page).toHaveURL(/range=year/);
    await expect(page.getByRole('table', { name: 'By type' })).toContainText('Contact import');
    await page.getByRole('combobox', { name: 'Type' }).click();
    await page.getByRole('option', { name: 'Contact import' }).click();
    await expect(page).toHaveURL(/type=contact-import/);
    await expect(page.getByRole('table', { name: 'By type' }).getByRole('row')).toHaveCount(2);
    await page.reload();
    await page.evaluate(axe);
    await expect(page.getByRole('table', { name: 'By type' }).getByRole('row')).toHaveCount(2);
  });

  await test.step('one table as a file', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), exportOf(page, 'By type')]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text).toContain('contact-import,30,30,0');
  });

  await test.step('a figure leads to the jobs that it counts', async () => {
    await page.getByRole('button', { name: 'History of Contact import' }).click();
    await expect(page.getByRole('grid', { name: 'Job history' })).toHaveAttribute('aria-rowcount', '31');
    await page.getByRole('button', { name: 'Without the filter Contact import' }).click();
    await expect(page.getByRole('grid', { name: 'Job history' })).toHaveAttribute('aria-rowcount', '81');
    await check(page);
  });

  await test.step('a clean-up says first how many rows it removes', async () => {
    await screen(page, 'Settings').click();
    await expect(page.getByText('30 rows')).toBeVisible();
    await page.getByRole('button', { name: 'Clean up now…' }).click();
    const question = page.getByRole('alertdialog');
    await expect(question).toContainText('Remove 30 rows of the job history?');
    await question.getByRole('button', { name: 'Remove 30 rows' }).click();
    await expect(page.getByText('30 rows of the job history were removed.').first()).toBeVisible();
    await expect(page.getByText(/30 rows removed · by hand/)).toBeVisible();
    await check(page);
    await page.getByRole('checkbox', { name: 'Clean up once a day' }).check();
    await page
      .locator('form', { has: page.getByRole('checkbox', { name: 'Clean up once a day' }) })
      .getByRole('button', { name: 'Save' })
      .click();
    await expect(page.getByText('Saved.').first()).toBeVisible();
  });

  await test.step('the figures stay, and the audit log has it', async () => {
    await screen(page, 'Activity').click();
    await page.getByRole('button', { name: 'Statistics' }).click();
    await page.getByRole('button', { name: '365 days' }).click();
    await expect(page.getByText(/^The jobs of 1 of these days were cleaned up/)).toBeVisible();
    await expect(page.getByRole('table', { name: 'By type' })).toContainText('Contact import');
    await page.getByRole('button', { name: 'Audit log' }).click();
    await expect(page.getByText('Old job history cleaned up')).toBeVisible();
  });
});

/** Fifty jobs of yesterday, a fifth of them failed (of two causes), and thirty that ended 200 days ago. */
async function addHistory(databaseUrl: string): Promise<void> {
  const pool = createPgPool(databaseUrl);
  await pool.query(`
    INSERT INTO job_logs (job_id, job_type, queue_name, organization_id, user_id, status, created_at, started_at,
                          completed_at, error_details)
    SELECT 'then-' || n, type, type, own.id, own.user_id, status, at, at, at + make_interval(secs => n),
           CASE WHEN status = 'failed'
                THEN jsonb_build_object('code', CASE WHEN n % 25 = 0 THEN 'rate_limited' ELSE '131026' END) END
      FROM (SELECT n, 'bulk-messages' AS type, CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'completed' END AS status,
                   now() - interval '1 day' AS at FROM generate_series(1, 50) AS n
            UNION ALL
            SELECT n + 100, 'contact-import', 'completed', now() - interval '200 days'
              FROM generate_series(1, 30) AS n) AS job,
           (SELECT organizations.id, profiles.id AS user_id FROM organizations
              JOIN profiles ON profiles.organization_id = organizations.id LIMIT 1) AS own`);
  await pool.end();
}

/** Exports the table of a card as text. */
async function exportOf(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: `Export: ${title}` }).click();
  await page.getByRole('menuitem', { name: 'As text (.csv)' }).click();
}

async function check(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
  }
}
