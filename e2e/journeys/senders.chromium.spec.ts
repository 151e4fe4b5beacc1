import { restClient } from '../api/rest-client';
import { screen } from '../fixtures/console-page';
import { startFakeWhatsApp, type FakeWhatsApp } from '../fixtures/providers';
import { expect, test } from '../fixtures/test';

let fake: FakeWhatsApp;
test.beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
test.afterAll(() => fake.close());

test.describe('a sender', () => {
  test.use({
    launch: async ({}, use) => {
      await use({
        env: {
          WHATSAPP_ACCESS_TOKEN: 'token',
          WHATSAPP_PHONE_NUMBER_ID: '104711',
          WHATSAPP_API_BASE_URL: fake.url,
        },
      });
    },
  });

  test('is seen at work, gets another limit while it sends, and says why it is slower', async ({
    page,
    host,
  }) => {
    if (host.kind !== 'chromium') throw new Error('This journey launches its campaign over REST.');
    const rest = restClient(host.serve);
    await screen(page, 'Senders').click();
    await expect(page.getByText('Nobody has sent anything yet')).toBeVisible();
    const rows = Array.from({ length: 500 }, (_, n) => `P ${n},+96651234${String(n).padStart(4, '0')}`);
    await rest.upload('contacts.csv', ['name,phone', ...rows].join('\n'));
    await screen(page, 'Contacts').click();
    await expect(page.getByText('500 contacts')).toBeVisible();
    const listed = await rest.ask('/api/contacts?limit=500');
    const contactIds = (listed.body['contacts'] as { id: string }[]).map(({ id }) => id);
    const launched = await rest.post('/api/jobs/bulk-message', {
      ...{ contactIds, messageContent: 'Hello {{name}}', name: 'Long' },
    });
    expect(launched.status).toBe(202);

    await test.step('a campaign leads to who it is sent through', async () => {
      await screen(page, 'Campaigns').click();
      await page.getByText('Long', { exact: true }).click();
      await expect(page.getByText('12.5/s allowed now')).toBeVisible();
      await page.getByRole('main').getByRole('link', { name: '104711' }).click();
      await expect(page.getByRole('heading', { level: 1, name: 'Senders' })).toBeVisible();
      await expect(page.getByText('Full rate')).toBeVisible();
    });

    await test.step('a limit that is edited is followed while it sends', async () => {
      const limit = page.getByLabel('Limit of 104711');
      await limit.fill('2');
      await limit.press('Enter');
      await expect(page.getByText('104711 sends at most 2/s from now on.')).toBeVisible();
      await expect(page.getByText('Set for this sender')).toBeVisible();
      const measured = page.getByRole('definition').filter({ hasText: /\/s$/ }).nth(1);
      await expect(measured).toHaveText(/^[12](\.\d)?\/s$/, { timeout: 30_000 });
    });

    await test.step('a provider that finds it too fast is named with its reason', async () => {
      fake.behave(() => ({ type: 'error', code: 130429 }));
      await expect(page.getByText('WhatsApp said that this number sends too fast (130429).')).toBeVisible({
        timeout: 15_000,
      });
      await expect(page.getByText('Slowed down')).toBeVisible();
      await expect(page.getByText(/^Lowered to \d+% of the limit since/)).toBeVisible();
      fake.behave(() => ({ type: 'accept' }));
    });

    await test.step('the channel’s setting is taken again', async () => {
      await page.getByRole('button', { name: 'Take the channel’s setting' }).click();
      await expect(page.getByText('104711 sends at most 12.5/s from now on.')).toBeVisible();
    });
  });
});
