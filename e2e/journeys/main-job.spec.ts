import { expect, test } from '../fixtures/test';

test('a new user loads the sample data, imports it, and sends a message to the contacts', async ({
  page,
}) => {
  await expect(page.getByRole('heading', { name: 'Welcome to the Queue Console' })).toBeVisible();
  await page.getByRole('button', { name: 'Load sample data' }).click();

  await expect(page.getByRole('heading', { name: 'Sample contacts.xlsx' })).toBeVisible({ timeout: 20_000 });
  await page.getByRole('button', { name: /^Import \d+ rows$/ }).click({ timeout: 20_000 });
  await expect(page.getByText(/new \+ 0 updated .* = 1,000 read/)).toBeVisible({ timeout: 40_000 });

  await page.getByRole('link', { name: 'Send to these contacts' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/compose\?import=/);
});
