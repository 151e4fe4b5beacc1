import { restClient } from '../api/rest-client';
import { screen } from '../fixtures/console-page';
import { expect, test } from '../fixtures/test';

test('who fits into WhatsApp’s 24 hours is sent to now, and the rest is scheduled', async ({
  page,
  host,
}) => {
  if (host.kind !== 'chromium') throw new Error('This journey imports its contacts over REST.');
  const rows = Array.from({ length: 300 }, (_, n) => `P ${n},+96651235${String(n).padStart(4, '0')}`);
  const api = restClient(host.serve);
  await api.upload('contacts.csv', ['name,phone', ...rows].join('\n'));
  await screen(page, 'Contacts').click();
  await expect(page.getByText('300 contacts')).toBeVisible({ timeout: 30_000 });

  await screen(page, 'Settings').click();
  const card = page.locator('form', { has: page.getByLabel('People within 24 hours') });
  await card.getByLabel('People within 24 hours').click();
  await page.getByRole('option', { name: /^250\b/ }).click();
  await card.getByRole('button', { name: 'Set for all consoles' }).click();
  await expect(page.getByText('The limit counts for all consoles and workers.').first()).toBeVisible();
  await expect(card.getByText(/^Last changed by /)).toBeVisible();

  // Whoever writes a schedule learns that its runs wait for it.
  await screen(page, 'Schedules').click();
  await page.getByRole('button', { name: 'New schedule' }).last().click();
  const note = page.getByText(/^Each run keeps to WhatsApp’s limit of 250 people within 24 hours/);
  await expect(note).toBeVisible();
  await page.getByRole('button', { name: 'Email', exact: true }).click();
  await expect(note).toBeHidden();

  await screen(page, 'Compose').click();
  // The schedule has a text, too.
  await page.getByRole('heading', { level: 1, name: 'Write a message' }).waitFor();
  await page.getByLabel('Text', { exact: true }).fill('Good morning!');
  await page.getByLabel('Name of the campaign').fill('Morning');
  await page.getByRole('button', { name: 'Send to 300…' }).click();
  const question = page.getByRole('alertdialog');
  await expect(question.getByText('Send to 250 now, to the other 50 later')).toBeVisible();
  // 12.5 a second; the others are not among those that it takes now.
  await expect(question.getByText(/^250 of them are sent to now: about 20s, until /)).toBeVisible();
  await question.getByText('Send to all 300 now').click();
  await expect(question.getByText(/^Takes about 24s, until /)).toBeVisible();
  await expect(question.getByRole('button', { name: 'Send to 300 recipients all the same' })).toBeVisible();
  await question.getByText('Send to 250 now and leave the other 50 out').click();
  await question.getByText('Send to 250 now, to the other 50 later').click();
  await question.getByRole('button', { name: 'Send to 250 recipients' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'Morning (1 of 2)' })).toBeVisible();
  await expect(page.getByText('The rest follows in a campaign of its own.')).toBeVisible();
  await screen(page, 'Campaigns').click();
  const rest = page.getByRole('row').filter({ hasText: 'Morning (2 of 2)' });
  await expect(rest).toContainText('Scheduled');
  await rest.click();
  await expect(page.getByText('Pending').first()).toBeVisible();
  const looksAgain = page.getByText('WhatsApp’s limit of 24 hours is looked at again then');
  await expect(looksAgain).toBeVisible();

  // A script passes the limit as the page's button does; the page that is open shows it.
  const id = new URL(page.url().replace('/#', '')).searchParams.get('id') ?? '';
  const passed = await api.post(`/api/campaigns/${id}/pass-limit`, {});
  expect(passed.status).toBe(200);
  expect(passed.body['campaign']).toMatchObject({ id, state: 'scheduled', keepsLimit: false });
  await expect(looksAgain).toBeHidden();
  await expect(page.getByText('Begins by itself on')).toBeVisible();
  expect((await api.post('/api/campaigns/nobody/pass-limit', {})).status).toBe(404);
});
