import type { Page } from '@playwright/test';
import { dropFile, screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

const FILE = 'Title of the list,,\nName,Phone,City\nSara,+966512345678,Riyadh\nOmar,call me,Jeddah\n';

test('a file that was opened is found again with all that was done to it, and discarded only after a question', async ({
  page,
}) => {
  const opened = page.getByRole('main').getByRole('button', { name: 'Leads.csv', exact: true });
  await dropFile(page, 'Leads.csv', FILE);
  await expect(shown(page, 'New')).toHaveText('New 1');

  await test.step('columns, options and a cell are changed', async () => {
    await page.getByLabel('Goes into: City').click();
    await page.getByRole('option', { name: 'Tags' }).click();
    await page.getByLabel('Tags for all of them').fill('spring');
    await page.getByRole('checkbox', { name: 'Update contacts that exist already' }).check();
    await page.getByRole('button', { name: 'Phone, row 4: call me' }).click();
    const cell = page.getByLabel('Correct Phone in row 4');
    await cell.fill('+966512345679');
    await cell.press('Enter');
    await expect(shown(page, 'New')).toHaveText('New 2');
  });

  await test.step('another file is dropped on it, and then the first one is opened from the list', async () => {
    await dropFile(page, 'Other.csv', 'Name,Phone\nLena,+966512345670\n');
    await expect(page.getByRole('heading', { level: 1, name: 'Other.csv' })).toBeVisible();
    await screen(page, 'Import').click();
    const item = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Leads.csv' });
    await expect(item).toContainText('1 correction');
    await opened.click();
    await asChosen(page);
  });

  await test.step('a reload, too, leaves it as it was', async () => {
    await page.reload();
    await asChosen(page);
  });

  await test.step('another header row begins anew', async () => {
    const header = page.getByLabel('Header in row');
    await header.fill('3');
    await header.press('Enter');
    await expect(page.getByLabel('Tags for all of them')).toHaveValue('');
    await expect(header).toBeFocused();
    await header.press('ArrowDown');
    await asChosen(page);
  });

  await test.step('it is asked before that is lost; a file in which nothing was done is discarded at once', async () => {
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    const question = page.getByRole('alertdialog', { name: 'Discard Leads.csv?' });
    await expect(question).toContainText('The correction that was made in its rows is lost.');
    await expect(question).toContainText('What was chosen for its columns and its options is lost.');
    await question.getByRole('button', { name: 'Keep it' }).click();
    await expect(page.getByRole('button', { name: 'Discard', exact: true })).toBeFocused();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await question.getByRole('button', { name: 'Discard it' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Import contacts' })).toBeVisible();
    await expect(opened).toBeHidden();
    await page.getByRole('button', { name: 'Discard Other.csv' }).click();
    await expect(page.getByText('Opened, not imported yet')).toBeHidden();
  });
});

async function asChosen(page: Page): Promise<void> {
  await expect(page.getByLabel('Goes into: City')).toContainText('Tags');
  await expect(page.getByLabel('Tags for all of them')).toHaveValue('spring');
  await expect(page.getByRole('checkbox', { name: 'Update contacts that exist already' })).toBeChecked();
  await expect(shown(page, 'New')).toHaveText('New 2');
}

const shown = (page: Page, label: string) =>
  page.getByRole('button', { name: new RegExp(`^${label} [\\d,]+$`) });
