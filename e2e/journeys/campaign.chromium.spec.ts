import { readFile } from 'node:fs/promises';
import { restClient } from '../api/rest-client';
import { screen } from '../fixtures/console-page';
import { saveOffered } from '../fixtures/download';
import { startFakeWhatsApp, type FakeWhatsApp } from '../fixtures/providers';
import { expect, test } from '../fixtures/test';

let fake: FakeWhatsApp;
test.beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
test.afterAll(() => fake.close());

test.describe('a campaign with a canary', () => {
  test.use({
    launch: async ({}, use) => {
      await use({
        env: {
          WHATSAPP_ACCESS_TOKEN: 'token',
          WHATSAPP_PHONE_NUMBER_ID: '1',
          WHATSAPP_API_BASE_URL: fake.url,
        },
      });
    },
  });

  test('is looked at before the rest goes, and followed to a single recipient', async ({ page, host }) => {
    if (host.kind !== 'chromium') throw new Error('This journey launches its campaign over REST.');
    const rest = restClient(host.serve);
    const rows = Array.from({ length: 60 }, (_, n) => `Person ${n},+9665123456${String(n).padStart(2, '0')}`);
    await rest.upload('contacts.csv', ['name,phone', ...rows].join('\n'));
    await screen(page, 'Contacts').click();
    await expect(page.getByText('60 contacts')).toBeVisible();
    const listed = await rest.ask('/api/contacts?limit=100');
    const contactIds = (listed.body['contacts'] as { id: string }[]).map(({ id }) => id);
    fake.behave(({ to }) => (to.endsWith('7') ? { type: 'error', code: 131026 } : { type: 'accept' }));
    const launched = await rest.post('/api/jobs/bulk-message', {
      contactIds,
      messageContent: 'Hello {{name}}',
      name: 'Canary first',
      canary: true,
    });
    expect(launched.status).toBe(202);
    await screen(page, 'Campaigns').click();
    await page.getByText('Canary first').click();

    await test.step('the canary is held with its figures; one word sends the rest', async () => {
      // A message on the side and the alert say it, too.
      await expect(
        page.locator('#content').getByText(/^The first 50 have gone: \d+ accepted, \d+ failed/),
      ).toBeVisible({
        timeout: 30_000,
      });
      await page.getByRole('button', { name: 'Send the rest (10)' }).click();
      await expect(page.getByText('Partly done').first()).toBeVisible({ timeout: 30_000 });
      expect(fake.requests).toHaveLength(60);
    });

    await test.step('the failed are listed by their reason, and one is opened', async () => {
      await page.getByRole('button', { name: /^Show 6: .*not on WhatsApp.* \(131026\)$/ }).click();
      const table = page.getByRole('grid', { name: 'Recipients' });
      await expect(table.getByRole('row').filter({ hasText: 'Failed' })).toHaveCount(6);
      await table.getByText('+966512345627').click();
      const panel = page.getByRole('complementary', { name: 'Person 27' });
      await expect(panel.getByText('Hello Person 27')).toBeVisible();
      await expect(panel.getByRole('listitem')).toContainText([
        'Frozen at launch',
        'Request begun',
        'Failed',
      ]);
      await expect(panel.getByText(/not on WhatsApp/)).toBeVisible();
    });

    await test.step('what was frozen is proven to be what is stored', async () => {
      const proof = page.getByRole('region', { name: 'Proof' });
      await expect(proof).toContainText('Audience frozen');
      await proof.getByRole('button', { name: 'Verify' }).click();
      await expect(proof.getByRole('status')).toContainText(
        /^Verified\. Message, audience and 60 recipients .* exactly those that were frozen/,
      );
    });

    await test.step('they are taken along as a file', async () => {
      const path = await saveOffered(host, async () => {
        await page.getByRole('button', { name: 'Export' }).click();
        await page.getByRole('menuitem', { name: 'As text (.csv)' }).click();
      });
      const lines = (await readFile(path, 'utf8')).trim().split('\r\n');
      expect(lines).toHaveLength(7);
      expect(lines[0]).toContain('Address,Name,State,Reason');
    });

    await test.step('all are shown again', async () => {
      await page.getByRole('button', { name: 'Only 131026' }).click();
      await expect(
        page.getByRole('grid', { name: 'Recipients' }).getByText('Accepted').first(),
      ).toBeVisible();
    });

    await test.step('its job is opened where it is', async () => {
      await page.getByRole('link', { name: 'Open the job' }).click();
      await expect(page.getByRole('tab', { name: /^Completed/ })).toHaveAttribute('aria-selected', 'true');
      const panel = page.getByRole('complementary').filter({ hasText: 'send-bulk-message' });
      await expect(panel.getByText('Completed').first()).toBeVisible();
      await page.goBack();
      await expect(page.getByRole('heading', { level: 1, name: 'Canary first' })).toBeVisible();
    });
  });
});
