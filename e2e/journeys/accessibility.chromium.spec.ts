import type { Page } from '@playwright/test';
import { restClient } from '../api/rest-client';
import { axe, violations } from '../fixtures/axe';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

/**
 * No part of WCAG, but of axe's best practice: everything in a landmark. An open menu or list stands at the
 * end of the document, outside of them; it holds the focus and is announced by itself.
 */
const POPUP = ['region'];

const SCREENS = [
  'Overview',
  'Jobs',
  'Failures',
  'Charts',
  'Alerts',
  'Import',
  'Contacts',
  'Compose',
  'Campaigns',
  'Templates',
  'Emails',
  'Schedules',
  'Senders',
  'Engine',
  'Activity',
  'Settings',
];

test('axe finds nothing on any screen, empty or filled, light or dark', async ({ host, page }) => {
  if (host.kind !== 'chromium') throw new Error('This journey needs the REST API of serve.');
  const rest = restClient(host.serve);
  // Some fifty places, each looked at twice.
  test.setTimeout(300_000);
  page.setDefaultTimeout(15_000);
  await page.evaluate(axe);
  const found = new Map<string, string[]>();

  /** Looks at what is on the screen now in both themes. Everything that was found is told at the end. */
  const check = async (where: string, off: readonly string[] = []): Promise<void> => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect(page.locator('html')).toHaveAttribute('data-scheme', colorScheme);
      for (const violation of await violations(page, colorScheme === 'dark', off))
        found.set(violation, [...(found.get(violation) ?? []), `${where}, ${colorScheme}`]);
    }
  };
  const checkScreens = async (how: string): Promise<void> => {
    const heading = page.getByRole('heading', { level: 1 });
    await screen(page, 'Settings').click();
    let before = 'Settings';
    for (const name of SCREENS) {
      // The screen before stands until the code of this one is there.
      await expect(heading).toHaveText(before);
      await screen(page, name).click();
      await expect(heading).not.toHaveText(before);
      await settled(page);
      before = (await heading.textContent()) ?? '';
      await check(`${name}, ${how}`);
    }
  };

  await test.step('every screen without data', () => checkScreens('empty'));

  await test.step('the sample data, before and after its import', async () => {
    await screen(page, 'Import').click();
    await page.getByRole('button', { name: 'Load sample data' }).click();
    await page.getByRole('button', { name: /^Import \d+ rows$/ }).waitFor();
    await page.getByRole('grid', { name: 'Rows' }).waitFor();
    await check('Import, a draft');
    await page.getByRole('button', { name: 'Replace…' }).click();
    await page.getByRole('dialog', { name: 'Replace in a column' }).waitFor();
    await check('Import, replacing');
    await page.keyboard.press('Escape');
    await page.getByRole('checkbox', { name: 'Update contacts that exist already' }).check();
    await page.getByRole('button', { name: /^Twice in the file / }).click();
    await page
      .getByRole('button', { name: /, row \d+: / })
      .first()
      .click();
    await check('Import, correcting');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Import \d+ rows$/ }).click();
    await expect(page.getByText(/ = 1,000 read$/)).toBeVisible({ timeout: 40_000 });
    await check('Import, done');
  });

  await test.step('jobs in every state, campaigns on both channels', async () => {
    await screen(page, 'Settings').click();
    const sandbox = page.locator('form', { has: page.getByLabel('Answers lost, %') });
    await sandbox.getByRole('button', { name: 'Save' }).waitFor();
    for (const field of await sandbox.getByRole('textbox').all()) await field.fill('0');
    await sandbox.getByLabel('Error 131026, %').fill('100');
    await sandbox.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByText('Saved.').first()).toBeVisible();
    const { body } = await rest.ask('/api/contacts?limit=3');
    const contactIds = (body['contacts'] as { id: string }[]).map(({ id }) => id);
    const message = { contactIds, messageContent: 'Hello {{name|there}}' };
    const refused = await rest.post('/api/jobs/bulk-message', { ...message, name: 'Refused' });
    const later = await rest.post('/api/jobs/bulk-message', { ...message, name: 'Later', delay: 86_400_000 });
    expect([refused.status, later.status]).toEqual([202, 202]);
    await page.goto(`${host.serve.url}/#/compose?channel=email`);
    await page.getByLabel('Subject').fill('News');
    await page.getByLabel('Text', { exact: true }).fill('Hello {{name|there}}');
    await page.getByLabel('Name of the campaign').fill('News');
    await page.getByRole('button', { name: /^Send to \d/ }).click();
    await page.getByRole('alertdialog').waitFor();
    await check('Compose, the question');
    await page
      .getByRole('alertdialog')
      .getByRole('button', { name: /^Send to/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'News' }).waitFor();
    await check('a campaign');
  });

  await test.step('every screen with data', () => checkScreens('filled'));

  await test.step('a campaign with failures', async () => {
    await screen(page, 'Campaigns').click();
    await page.getByText('Refused').click();
    await page.getByRole('heading', { name: 'Failures by reason' }).waitFor();
    await check('a campaign with failures');
  });

  await test.step('beside and above a screen: panels, dialogs, menus, messages', async () => {
    await screen(page, 'Contacts').click();
    await rows(page).first().click();
    await page.getByRole('complementary').waitFor();
    await settled(page);
    await check('a contact');

    await screen(page, 'Alerts').click();
    await rows(page).first().click();
    await page.getByRole('complementary').waitFor();
    await check('an incident');
    await page.getByRole('button', { name: 'Rules', exact: true }).click();
    await page.getByRole('grid', { name: 'Alert rules' }).waitFor();
    await page.getByRole('button', { name: 'New rule' }).click();
    await page.getByRole('dialog', { name: 'New rule' }).waitFor();
    await check('the rules, and a new one');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Alerts: / }).click();
    await page.getByRole('dialog', { name: /open alert/i }).waitFor();
    await check('what the bell lists');
    await page.keyboard.press('Escape');

    await screen(page, 'Failures').click();
    await rows(page).first().click();
    await page.getByRole('button', { name: 'Retry…', exact: true }).click();
    await page.getByRole('dialog', { name: 'Retry jobs' }).waitFor();
    await check('a cause, and what is done to its jobs');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Every job' }).click();
    await rows(page).first().getByRole('checkbox').click();
    await page.getByRole('toolbar').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('alertdialog').waitFor();
    await check('the question before a removal');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Clean' }).click();
    await page.getByRole('alertdialog').waitFor();
    await check('cleaning');
    await page.keyboard.press('Escape');
    await rows(page).first().click({ button: 'right' });
    await page.getByRole('menu').waitFor();
    await check('a context menu', POPUP);
    await page.keyboard.press('Escape');

    await rows(page).first().click();
    const panel = page.getByRole('complementary');
    for (const part of [/^Attempts/, 'Facts', 'Payload', 'Logs', 'Result', /^Flow/]) {
      await panel.getByRole('tab', { name: part }).click();
      await settled(page);
      await check(`a job: ${String(part)}`);
    }
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    await check('the command palette');
    await page.keyboard.press('Escape');
    await screen(page, 'Overview').click();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await check('the shortcuts');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Pause Bulk messages' }).click();
    await page.getByText('Bulk messages is paused').waitFor();
    await page.getByRole('combobox', { name: 'Charts of' }).click();
    await page.getByRole('listbox').waitFor();
    await check('a message and a list', POPUP);
    await page.keyboard.press('Escape');
    const asTable = page.getByRole('button', { name: 'Show as table' });
    while ((await asTable.count()) > 0) await asTable.first().click();
    await check('charts as tables');
  });

  const told = Array.from(found, ([violation, places]) => `${violation}\n  in ${places.join('; ')}`);
  expect(told.join('\n\n')).toBe('');
});

const rows = (page: Page) =>
  page
    .getByRole('grid')
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') });

const settled = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { level: 1 }).waitFor();
  await expect(page.locator('[aria-busy=true], [role=status][aria-label=Loading]')).toHaveCount(0);
};
