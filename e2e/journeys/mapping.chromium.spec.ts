import { writeFileSync } from 'node:fs';
import type { Page, TestInfo } from '@playwright/test';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const FILE = [
  'Kunde,Mobil,Shoe size,Filiale,',
  'Sara Al-Harbi,+966512345678,38,Riyadh,x1',
  'Omar,+966512345679,44,Jeddah,x2',
].join('\n');

test('a column goes into an own field that is named on the fly; the mapping is remembered, edited, forgotten', async ({
  page,
}, info) => {
  await page.evaluate(axe);

  await test.step('the suggestion says how sure it is, and what is a guess stands out', async () => {
    await openFile(page, info, 'one.csv');
    await expect(row(page, 'Mobil')).toContainText(/Sure · 9\d %/);
    await expect(row(page, 'Shoe size')).toContainText('Likely · 70 %');
    await expect(row(page, 'Column 5')).toContainText('A guess – please check · 40 %');
    await expect(page.getByText('1 column is a guess. Please check it.')).toBeVisible();
    await accessible(page);
  });

  await test.step('the name of an own field is checked where it is typed', async () => {
    const size = name(page, 'Shoe size');
    await expect(size).toHaveValue('shoe_size');
    for (const [text, problem] of [
      ['', 'Give this field a name.'],
      ['email', '“email” is a name of the contact itself.'],
      ['filiale', 'Two columns use the field name “filiale”.'],
      ['x'.repeat(65), 'A field name has at most 64 characters.'],
    ] as const) {
      await size.fill(text);
      await expect(row(page, 'Shoe size')).toContainText(problem);
    }
    await expect(size).toHaveAccessibleDescription(/at most 64 characters/);
    await accessible(page);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Import 2 rows' })).toBeDisabled();
    await size.fill('EU size');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Import 2 rows' })).toBeEnabled();
    await expect(row(page, 'Shoe size')).toContainText('Your choice');
  });

  await test.step('by keyboard alone: a column is left out, and the mapping is saved without an import', async () => {
    await target(page, 'Column 5').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('option', { name: 'Nothing: leave out' }).focus();
    await page.keyboard.press('Enter');
    await expect(row(page, 'Column 5')).toContainText('Your choice');
    await expect(page.getByText('is a guess. Please check it.')).toBeHidden();
    await page.getByRole('button', { name: 'Save this mapping' }).press('Enter');
    await expect(page.getByText('Remembered for files with these headers.')).toBeVisible();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await page.getByRole('button', { name: 'Discard it' }).click();
  });

  await test.step('the remembered mapping is edited, with the fields that are in use offered', async () => {
    const mappings = page.getByRole('row').filter({ hasText: 'Kunde, Mobil' });
    await expect(mappings).toContainText('Not yet');
    await accessible(page);
    await mappings.getByRole('button', { name: /^Edit the mapping of/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit mapping' });
    await dialog.getByLabel('Name of the own field for Filiale').fill('EU');
    await page.getByRole('option', { name: 'EU size' }).click();
    await expect(dialog.getByText('Two columns use the field name “EU size”.')).toBeVisible();
    await dialog.getByLabel('Name of the own field for Filiale').fill('branch');
    await accessible(page);
    await dialog.getByRole('button', { name: 'Save this mapping' }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('it is applied to the next file, unless the suggestion is wanted', async () => {
    await openFile(page, info, 'two.csv');
    await expect(page.getByText('Mapped as remembered for these headers.')).toBeVisible();
    await expect(name(page, 'Filiale')).toHaveValue('branch');
    await page.getByRole('button', { name: 'Use the suggestion instead' }).click();
    await expect(name(page, 'Filiale')).toHaveValue('filiale');
    await page.getByRole('button', { name: 'Use the remembered mapping' }).click();
    await expect(name(page, 'Filiale')).toHaveValue('branch');
    await page.getByRole('button', { name: 'Import 2 rows' }).click();
    await expect(page.getByText('2 new + 0 updated + 0 skipped + 0 rejected = 2 read')).toBeVisible();
    await page.getByRole('link', { name: 'Show the contacts' }).click();
    await page.getByRole('row').filter({ hasText: 'Sara Al-Harbi' }).click();
    const contact = page.getByRole('complementary');
    await expect(contact).toContainText('EU size');
    await expect(contact).toContainText('branch');
  });

  await test.step('it is forgotten', async () => {
    await screen(page, 'Import').click();
    const mappings = page.getByRole('row').filter({ hasText: 'Kunde, Mobil' });
    await mappings.getByRole('button', { name: /^Forget the mapping of/ }).click();
    await page.getByRole('button', { name: 'Forget this mapping' }).click();
    await expect(mappings).toBeHidden();
    await openFile(page, info, 'three.csv');
    await expect(name(page, 'Filiale')).toHaveValue('filiale');
    await expect(page.getByText('Mapped as remembered')).toBeHidden();
  });
});

async function openFile(page: Page, info: TestInfo, fileName: string): Promise<void> {
  const path = info.outputPath(fileName);
  writeFileSync(path, FILE);
  await screen(page, 'Import').click();
  // The overview takes files as well: not to its field, which is about to go.
  await page.getByRole('heading', { level: 1, name: 'Import contacts' }).waitFor();
  await page.getByLabel('Choose a file').setInputFiles(path);
  await page.getByRole('heading', { level: 1, name: fileName }).waitFor();
}

const target = (page: Page, header: string) => page.getByLabel(`Goes into: ${header}`);
const name = (page: Page, header: string) => page.getByLabel(`Name of the own field for ${header}`);
const row = (page: Page, header: string) =>
  page
    .getByRole('region', { name: 'Columns' })
    .getByRole('row')
    .filter({ has: target(page, header) });

async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
    expect(await violations(page, colorScheme === 'dark', [])).toEqual([]);
  }
}
