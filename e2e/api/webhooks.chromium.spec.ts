import { createHmac } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { resendEvent, whatsappStatuses } from '../chaos/webhooks';
import { connectConsole, type ConsoleRpc } from '../fixtures/console-rpc';
import { startFakeWhatsApp, type FakeWhatsApp } from '../fixtures/providers';
import { launchServe, type LaunchedServe } from '../fixtures/serve';
import { testDatabaseUrl, testRedisUrl } from '../fixtures/services';
import { unwrap } from '../../src-shared/errors';
import type { CampaignId } from '../../src-shared/domain/ids';
import { restClient, type RestClient } from './rest-client';

const APP_SECRET = 'an-app-secret-of-this-test';
const VERIFY_TOKEN = 'a-verify-token-of-this-test';
const RESEND_SECRET = `whsec_${Buffer.from('a signing secret of this test').toString('base64')}`;

for (const profile of ['embedded', 'shared'] as const) {
  test.describe(`webhooks on the ${profile} profile`, () => {
    test.describe.configure({ mode: 'serial' });
    let serve: LaunchedServe;
    let rest: RestClient;
    let whatsapp: FakeWhatsApp;
    let rpc: ConsoleRpc;
    let campaignId: CampaignId;

    test.beforeAll(async () => {
      whatsapp = await startFakeWhatsApp();
      const shared =
        profile === 'shared'
          ? { REDIS_URL: await testRedisUrl(), DATABASE_URL: await testDatabaseUrl() }
          : {};
      serve = await launchServe({
        env: {
          ...shared,
          WHATSAPP_ACCESS_TOKEN: 'secret-access-token',
          WHATSAPP_PHONE_NUMBER_ID: '1',
          WHATSAPP_API_BASE_URL: whatsapp.url,
          WHATSAPP_APP_SECRET: APP_SECRET,
          WHATSAPP_WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN,
          RESEND_WEBHOOK_SECRET: RESEND_SECRET,
        },
      });
      rest = restClient(serve);
      rpc = await connectConsole(serve.consoleUrl);
    });
    test.afterAll(async () => {
      rpc.close();
      await serve.stop();
      await whatsapp.close();
    });

    const send = (
      path: string,
      { body, headers }: { body: string; headers: Readonly<Record<string, string>> },
    ) => rest.ask(path, { method: 'POST', body, headers }, null);

    test('Meta’s challenge is answered', async () => {
      const query = (token: string): string =>
        `${serve.url}/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=42&hub.verify_token=${token}`;
      const right = await fetch(query(VERIFY_TOKEN));
      expect([right.status, await right.text()]).toEqual([200, '42']);
      expect((await fetch(query('wrong'))).status).toBe(403);
    });

    test('a lost answer is settled by the report, and the page follows', async () => {
      whatsapp.behave(({ to }) => ({ type: to.endsWith('1') ? 'accept-and-drop' : 'accept' }));
      const contacts = 'name,phone\nAda,+966512345671\nBob,+966512345672\n';
      const started = await rest.upload('two.csv', contacts);
      await expect
        .poll(async () => {
          const { body } = await rest.ask(`/api/imports/${String(started.body['importId'])}`);
          return (body['import'] as { state?: string } | undefined)?.state;
        })
        .toBe('completed');
      const launched = unwrap(
        await rpc.client.campaigns.launch({
          name: 'Reported',
          audience: { kind: 'all', excludeTags: [] },
          message: { channel: 'whatsapp', type: 'text', body: 'Hello', mediaUrl: null, templateId: null },
          priority: 1,
          missing: 'refuse',
        }),
      );
      campaignId = launched.campaignId;
      const counts = async () => unwrap(await rpc.client.campaigns.get({ campaignId })).counts;
      await expect.poll(counts, { timeout: 30_000 }).toMatchObject({ accepted: 1, unknown: 1 });
      const statuses = whatsapp.requests.map(({ deliveryId, to }) => ({
        deliveryId,
        to,
        messageId: `wamid.${deliveryId}`,
        status: 'delivered',
      }));
      expect((await send('/webhooks/whatsapp', whatsappStatuses(statuses, APP_SECRET))).status).toBe(200);
      expect(await counts()).toMatchObject({ accepted: 0, unknown: 0, delivered: 2 });
      expect(unwrap(await rpc.client.campaigns.verify({ campaignId }))).toMatchObject({ verified: true });
      const listed = unwrap(await rpc.client.campaigns.list({ limit: 10 }));
      expect(listed.campaigns[0]?.counts).toMatchObject({ delivered: 2 });
    });

    test('what is not signed is refused and says no secret, nor does the log', async () => {
      const signed = whatsappStatuses([], APP_SECRET);
      for (const headers of [
        {},
        { 'X-Hub-Signature-256': 'sha256=00' },
        { Authorization: `Bearer ${serve.token}` },
        { 'X-Hub-Signature-256': `sha256=${createHmac('sha256', 'x').update(signed.body).digest('hex')}` },
      ]) {
        const answer = await send('/webhooks/whatsapp', { body: signed.body, headers });
        expect(answer.status).toBe(401);
      }
      const item = { deliveryId: 'x', to: 'ada@example.com', messageId: 'e-1' };
      const right = resendEvent(item, 'email.delivered', RESEND_SECRET);
      expect((await send('/webhooks/resend', right)).status).toBe(200);
      expect((await send('/webhooks/resend', { ...right, body: `${right.body} ` })).status).toBe(401);
      await delay(100);
      for (const secret of [APP_SECRET, VERIFY_TOKEN, RESEND_SECRET]) {
        expect(serve.output.text()).not.toContain(secret);
      }
    });

    test('more than 4 MB are not read', async () => {
      const body = 'x'.repeat(5 * 1024 * 1024);
      expect((await send('/webhooks/whatsapp', { body, headers: {} })).status).toBe(413);
    });

    test('the OpenAPI document has them', async () => {
      const { body } = await rest.ask('/api/openapi.json');
      expect(Object.keys(body['paths'] as object)).toEqual(
        expect.arrayContaining(['/webhooks/whatsapp', '/webhooks/resend']),
      );
    });
  });
}
