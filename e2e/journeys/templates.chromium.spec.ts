import { readFileSync } from 'node:fs';
import { read, utils } from 'xlsx';
import type { Page } from '@playwright/test';
import { restClient } from '../api/rest-client';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { saveOffered } from '../fixtures/download';
import { expect, test } from '../fixtures/test';

const PEOPLE = 1_250;
const CONTACTS = [
  'name,phone,email,order_id',
  // Every fiftieth has no order, and one has a name that a spreadsheet would run.
  ...Array.from({ length: PEOPLE }, (_, n) =>
    [
      n === 3 ? '=1+1' : `Person ${n}`,
      `+9665${10_000_000 + n}`,
      `p${n}@example.com`,
      n % 50 === 0 ? '' : `ORD-${n}`,
    ].join(','),
  ),
].join('\n');

const body = (page: Page) => page.getByLabel('Text', { exact: true });

test('a template is written, mended, compared, restored, rendered for everybody and exported', async ({
  page,
  host,
}) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports its contacts over REST.');
  test.setTimeout(180_000);
  await page.evaluate(axe);
  const sound = async (where: string): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
      // Colours take a moment to change with the theme.
      await expect
        .poll(() => violations(page, colorScheme === 'dark', []), { message: `${where}, ${colorScheme}` })
        .toEqual([]);
    }
  };
  await restClient(host.serve).upload('contacts.csv', CONTACTS);
  await screen(page, 'Contacts').click();
  await expect(page.getByText('1,250 contacts')).toBeVisible({ timeout: 30_000 });

  await test.step('an error is marked where it is', async () => {
    await screen(page, 'Templates').click();
    await page.getByRole('button', { name: 'New template' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Pick-up');
    await body(page).fill('Hello {{name|there}},\nyour order {{Order ID is ready.');
    const problem = page.getByRole('button', { name: 'Line 2, column 12: This {{ is never closed.' });
    await expect(problem).toBeVisible();
    await expect(page.getByText('1 place is wrong. It is marked in the text.')).toBeVisible();
    await sound('an error in the text');
    await problem.click();
    const selected = await body(page).evaluate((area: HTMLTextAreaElement) =>
      area.value.slice(area.selectionStart, area.selectionEnd),
    );
    expect(selected).toBe('{{Order ID is ready.');
    // What is selected is what is typed over.
    await page.keyboard.type('{{Order ID}} is ready.');
    await expect(problem).toBeHidden();
  });

  await test.step('a variable that no contact has is answered with the one that was meant', async () => {
    await expect(page.getByText('No contact has a field of this name.')).toBeVisible();
    await expect(page.getByText('Every contact has it.')).toBeVisible();
    await page.getByRole('button', { name: 'Did you mean order_id?' }).click();
    await expect(body(page)).toHaveValue('Hello {{name|there}},\nyour order {{order_id}} is ready.');
    await expect(page.getByText('25 contacts lack it and would be left out.')).toBeVisible();
    await expect(page.getByText('98% have it')).toBeVisible();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved as version 1.')).toBeVisible();
  });

  await test.step('a second version is compared with the first, and the first comes back', async () => {
    await body(page).fill('Hi {{name|there}},\nyour order {{order_id}} waits.');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved as version 2.')).toBeVisible();
    await page.getByRole('tab', { name: /^Versions/ }).click();
    await expect(page.getByRole('deletion')).toHaveText(['Hello', 'is ready']);
    await expect(page.getByRole('insertion')).toHaveText(['Hi', 'waits']);
    await sound('versions');
    await page.getByRole('button', { name: 'Version 1' }).click();
    await expect(page.getByRole('heading', { name: 'The first version' })).toBeVisible();
    await page.getByRole('button', { name: 'Restore version 1' }).click();
    await expect(page.getByText('Version 3 has the text of version 1.')).toBeVisible();
    await expect(body(page)).toHaveValue('Hello {{name|there}},\nyour order {{order_id}} is ready.');
    await page.getByRole('tab', { name: /^Versions/ }).click();
    await expect(page.getByText('From version 1', { exact: true })).toBeVisible();
  });

  await test.step('it is rendered for everybody, and looked through', async () => {
    await page.getByRole('tab', { name: 'Renderings' }).click();
    await expect(page.getByText('Nothing rendered yet')).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: '1,250 recipients' })).toBeVisible();
    // Filters and lists are offered as in the composer; who stands in a list need not be a contact.
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await expect(page.getByRole('combobox', { name: /^One of these tags/ })).toBeVisible();
    await page.getByRole('button', { name: 'Paste', exact: true }).click();
    await page.getByLabel('Phone numbers or email addresses').fill('+4915112345678, call me');
    await page.getByRole('button', { name: 'Take this list' }).click();
    await expect(page.getByRole('status').filter({ hasText: '2 recipients' })).toBeVisible();
    await page.getByRole('button', { name: 'Render', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Not an address 1' })).toBeVisible({ timeout: 40_000 });
    await expect(
      page.getByRole('grid', { name: 'Rendered texts' }).getByText('+4915112345678'),
    ).toBeVisible();
    await page.getByRole('button', { name: 'Everybody', exact: true }).click();
    await page.getByRole('button', { name: 'Render', exact: true }).click();
    await expect(page.getByRole('button', { name: 'All 1,250' })).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('button', { name: /^Version 3 1,250 recipients/ })).toContainText('Done');
    const grid = page.getByRole('grid', { name: 'Rendered texts' });
    await expect(grid).toHaveAttribute('aria-rowcount', '1251');
    await page.getByRole('button', { name: 'Value missing 25' }).click();
    await expect(grid).toHaveAttribute('aria-rowcount', '26');
    // What is wrong is in sight in a small window, too.
    await page.setViewportSize({ width: 1_280, height: 800 });
    await expect(grid.getByText('Without order_id').first()).toBeInViewport({ ratio: 1 });
    await page.setViewportSize({ width: 1_440, height: 900 });
    await sound('renderings');
    await page.getByRole('button', { name: 'All 1,250' }).click();
    await page.getByLabel('Search in the results').fill('ord-1249');
    await expect(grid).toHaveAttribute('aria-rowcount', '2');
    await grid.getByRole('row').nth(1).click();
    await expect(page.getByRole('dialog', { name: 'Person 1249' })).toContainText(
      'your order ORD-1249 is ready.',
    );
    await page.keyboard.press('Escape');
    await page.getByLabel('Search in the results').fill('');
    await expect(grid).toHaveAttribute('aria-rowcount', '1251');
  });

  await test.step('the results are exported, formulas harmless', async () => {
    const csv = await saveOffered(host, () => page.getByRole('button', { name: 'Export .csv' }).click());
    const lines = readFileSync(csv, 'utf8').split('\r\n');
    expect(lines).toHaveLength(PEOPLE + 2);
    expect(lines.some((line) => line.includes(",'=1+1,"))).toBe(true);
    await page.getByRole('button', { name: 'Value missing 25' }).click();
    const xlsx = await saveOffered(host, () => page.getByRole('button', { name: 'Export .xlsx' }).click());
    const sheet = read(readFileSync(xlsx)).Sheets['Rendered texts'] ?? {};
    const rows = utils.sheet_to_json<Record<string, unknown>>(sheet);
    expect(rows).toHaveLength(25);
    expect(rows[0]).toMatchObject({ 'Missing values': 'order_id', Problems: 'value missing' });
  });

  await test.step('it is duplicated, found, removed and brought back', async () => {
    await page.getByRole('button', { name: 'Duplicate' }).click();
    await expect(page.getByRole('heading', { name: 'Pick-up (copy)' })).toBeVisible();
    await page.getByLabel('Name', { exact: true }).fill('PICK-UP');
    await expect(page.getByText('Another template has this name.')).toBeVisible();
    await page.getByLabel('Name', { exact: true }).fill('Pick-up (copy)');
    await page.getByLabel('Search templates').fill('copy');
    await expect(page.getByRole('button', { name: /^Pick-up \(copy\)/ })).toBeVisible();
    await expect(page.getByText('1 template', { exact: true })).toBeAttached();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(page.getByText('“Pick-up (copy)” was removed.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByRole('heading', { name: 'Pick-up (copy)' })).toBeVisible();
    await page.getByLabel('Search templates').fill('no such thing');
    await expect(page.getByText('Nothing is found.')).toBeVisible();
  });
});
