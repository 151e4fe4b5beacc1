import { expect, test } from '../fixtures/test';

test('a console that is left and loaded anew before it has opened is let in again', async ({ page }) => {
  // The address without the token: it is kept as soon as the page is there.
  await page.goto(`${new URL(page.url()).origin}/#/schedules`);
  await page.reload();
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect(page.getByRole('button', { name: 'Load sample data' })).toBeVisible();
});
