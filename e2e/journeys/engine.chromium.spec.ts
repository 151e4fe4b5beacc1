import { screen } from '../fixtures/console-page';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { expect, test as base } from '../fixtures/test';

const test = base.extend({
  launch: async ({}, use) => {
    await use({ env: { REDIS_URL: await testRedisUrl(), DATABASE_URL: await testDatabaseUrl() } });
  },
});

test('an operator sees how Redis does, and holds a queue back on all machines', async ({ page }) => {
  await screen(page, 'Engine').click();
  const limits = page.getByRole('table', { name: 'What holds the queues back' });
  const bulk = limits.getByRole('row', { name: 'Bulk messages' });

  await test.step('what Redis says of itself, and what is dangerous about it', async () => {
    const facts = page.getByRole('definition');
    await expect(facts.filter({ hasText: /^median .*, longest .* in the last minute$/ })).toBeVisible();
    await expect(facts.filter({ hasText: 'no limit set' })).toBeVisible();
    await expect(facts.filter({ hasText: 'noeviction' })).toBeVisible();
    // The server of the tests is thrown away with them.
    await expect(page.getByText('Redis does not save its data: a restart loses every job.')).toBeVisible();
  });

  await test.step('a limit is set, shown, and taken back', async () => {
    await expect(bulk).toContainText('No limit');
    await bulk.getByRole('button', { name: 'Limits of Bulk messages' }).click();
    const dialog = page.getByRole('dialog', { name: 'Limits of Bulk messages', exact: true });
    await dialog.getByLabel('Jobs that run at once, on all machines').fill('3');
    await dialog.getByLabel('Jobs that may begin').fill('100');
    await dialog.getByLabel('Jobs that may begin').press('Tab');
    await expect(dialog.getByText('Fill in both, or neither.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Save' })).toBeDisabled();
    await dialog.getByLabel('in a window of').fill('60');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog).toBeHidden();
    await expect(bulk.getByRole('cell', { name: '3', exact: true })).toBeVisible();
    await expect(bulk).toContainText('100 every');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(bulk).not.toContainText('100 every');
  });

  await test.step('all queues are paused at once, and run again', async () => {
    await page.getByRole('button', { name: 'Pause all' }).click();
    await expect(limits.getByText('Paused')).toHaveCount(4);
    await page.getByRole('button', { name: 'Resume all' }).click();
    await expect(limits.getByText('Running')).toHaveCount(4);
  });

  await test.step('the activity says who changed it', async () => {
    await screen(page, 'Activity').click();
    await page.getByRole('button', { name: 'Audit log' }).click();
    await expect(page.getByText('Limits of a queue changed').first()).toBeVisible();
  });
});
