import type { Page } from '@playwright/test';
import { dropFile, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';
import { goodInputs, refusedInputs, type ExpectedContact, type GoodInput } from '../fixtures/ten-inputs';

// One console for all: each input has phone numbers of its own.

test('the ten inputs come out right: shown before anything is written, and then as shown', async ({
  page,
}) => {
  let contacts = 0;
  for (const input of goodInputs()) {
    await test.step(input.title, async () => {
      await dropFile(page, input.fileName, input.content);
      await expect(page.getByRole('heading', { name: input.fileName })).toBeVisible();
      await expectPreview(page, input);
      await expectContacts(page, input);
      contacts += input.contacts.length;
      await expectTotal(page, contacts);
    });
  }
  for (const { title, fileName, content, words } of refusedInputs()) {
    await test.step(title, async () => {
      await dropFile(page, fileName, content);
      const alert = page.getByRole('alert').filter({ hasText: `${fileName} was not opened.` });
      await expect(alert).toContainText(words);
      // Not even a draft is left of it.
      await expect(page.getByRole('row').filter({ hasText: fileName })).toHaveCount(0);
      await expectTotal(page, contacts);
    });
  }
});

/** What the console says of the file and of its rows before the start. */
async function expectPreview(page: Page, input: GoodInput): Promise<void> {
  await expect(page.getByText(`Read as ${input.format}`, { exact: true })).toBeVisible();
  await expect(page.getByLabel('Header in row')).toHaveValue(String(input.headerRow));
  for (const header of input.headers)
    await expect(page.getByLabel(`Goes into: ${header}`, { exact: true })).toBeVisible();
  if (input.warning !== undefined) await expect(page.getByText(input.warning)).toBeVisible();
  if (input.country !== undefined) {
    await page.getByRole('combobox', { name: 'Default country' }).fill(input.country.name.slice(0, 5));
    await page.getByRole('option', { name: input.country.name }).click();
  }
  const { inserted, skipped, rejected } = input.totals;
  const parts = `${inserted} new + 0 updated + ${skipped} skipped + ${rejected} rejected`;
  await expect(page.getByText(`${parts} = ${inserted + skipped + rejected} rows`)).toBeVisible();
  const grid = page.getByRole('grid', { name: 'Rows' });
  for (const { row, outcome, says, cell } of input.rows) {
    const shown = grid
      .getByRole('row')
      .filter({ has: page.getByLabel(`Import row ${row}`, { exact: true }) });
    for (const text of [outcome, says, cell]) await expect(shown).toContainText(text ?? '');
  }
}

/** Starts the import; its totals and contacts are those that were shown. */
async function expectContacts(page: Page, { totals, contacts }: GoodInput): Promise<void> {
  const { inserted, skipped, rejected } = totals;
  await page.getByRole('button', { name: /^Import \d+ rows?$/ }).click();
  const parts = `${inserted} new + 0 updated + ${skipped} skipped + ${rejected} rejected`;
  await expect(page.getByText(`${parts} = ${inserted + skipped + rejected} read`)).toBeVisible();
  await page.getByRole('link', { name: 'Show the contacts' }).click();
  const grid = page.getByRole('grid', { name: 'Contacts' });
  for (const contact of contacts) {
    const row = grid.getByRole('row').filter({ hasText: contact.phone });
    await expect(row).toContainText(contact.name);
    if (contact.custom === undefined) continue;
    await row.click();
    await expectFields(page, contact.custom);
  }
}

async function expectFields(page: Page, custom: NonNullable<ExpectedContact['custom']>): Promise<void> {
  for (const value of Object.values(custom))
    await expect(page.getByRole('complementary').getByText(value, { exact: true })).toBeVisible();
}

/** How many contacts there are in all. */
async function expectTotal(page: Page, contacts: number): Promise<void> {
  await screen(page, 'Contacts').click();
  await expect(
    page.getByText(contacts === 1 ? '1 contact' : `${contacts} contacts`, { exact: true }),
  ).toBeVisible();
}
