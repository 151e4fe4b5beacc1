import { createHmac, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryReport, InboundMessage, WhatsAppNotice } from '../providers/report';
import { webhookRoutes } from './webhooks';

const APP_SECRET = 'the-app-secret-of-meta';
const RESEND_SECRET = `whsec_${Buffer.from('a signing secret of resend').toString('base64')}`;
const NOW = Date.UTC(2026, 9, 1);

const reports: { channel: string; report: DeliveryReport }[] = [];
const inbound: InboundMessage[] = [];
const notices: WhatsAppNotice[] = [];
let secrets: {
  whatsappAppSecret: string | null;
  whatsappVerifyToken: string | null;
  resendSecret: string | null;
};
let broken: Error | null = null;

const app = webhookRoutes(
  {
    secrets: () => secrets,
    take: (channel, given) => {
      if (broken !== null) return Promise.reject(broken);
      reports.push(...given.map((report) => ({ channel, report })));
      return Promise.resolve();
    },
    inbound: (messages) => {
      inbound.push(...messages);
      return Promise.resolve();
    },
    notices: (told) => {
      notices.push(...told);
      return Promise.resolve();
    },
  },
  () => NOW,
);

beforeEach(() => {
  reports.length = 0;
  inbound.length = 0;
  notices.length = 0;
  broken = null;
  secrets = { whatsappAppSecret: APP_SECRET, whatsappVerifyToken: 'verify-me', resendSecret: RESEND_SECRET };
});

const metaSignature = (body: string, secret = APP_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
const postMeta = (body: string, signature: string = metaSignature(body)) =>
  app.request('/whatsapp', { method: 'POST', body, headers: { 'X-Hub-Signature-256': signature } }, {});
const change = (value: unknown, field = 'messages'): string =>
  JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field, value }] }] });

const svix = (body: string, at = NOW, secret = RESEND_SECRET) => {
  const timestamp = String(Math.floor(at / 1_000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.${body}`).digest('base64');
  return { 'svix-id': 'msg_1', 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` };
};
const postResend = (body: string, headers: Record<string, string> = svix(body)) =>
  app.request('/resend', { method: 'POST', body, headers });

describe('the webhook of WhatsApp', () => {
  const ask = (query: Record<string, string>) => app.request(`/whatsapp?${new URLSearchParams(query)}`);
  const challenge = {
    'hub.mode': 'subscribe',
    'hub.verify_token': 'verify-me',
    'hub.challenge': '1158201444',
  };

  it('answers Meta’s challenge to whoever knows the token', async () => {
    const answer = await ask(challenge);
    expect([answer.status, await answer.text()]).toEqual([200, '1158201444']);
    expect((await ask({ ...challenge, 'hub.verify_token': 'verify-you' })).status).toBe(403);
    expect((await ask({ ...challenge, 'hub.mode': 'unsubscribe' })).status).toBe(403);
    expect((await ask({})).status).toBe(403);
  });

  it('reads statuses and messages, and lets through what it does not know', async () => {
    const id = randomUUID();
    const body = change({
      messaging_product: 'whatsapp',
      metadata: { display_phone_number: '966500000000', phone_number_id: '42' },
      statuses: [
        {
          id: 'wamid.A',
          status: 'failed',
          timestamp: '1790000000',
          recipient_id: '966511111111',
          biz_opaque_callback_data: id,
          errors: [{ code: 131_026, title: 'Undeliverable', error_data: { details: 'not on WhatsApp' } }],
          new_field: { of: 'tomorrow' },
        },
        { id: 'wamid.B', status: 'warned', timestamp: 1_790_000_001, biz_opaque_callback_data: 'order 17' },
        { status: 'sent' },
      ],
      messages: [
        { from: '966511111111', id: 'wamid.C', timestamp: '1790000002', type: 'text' },
        { type: 'x' },
      ],
    });
    expect((await postMeta(body)).status).toBe(200);
    expect(reports.map(({ report }) => report)).toEqual([
      {
        deliveryId: id,
        messageId: 'wamid.A',
        event: 'failed',
        status: 'failed',
        at: new Date(1_790_000_000_000),
        key: 'wamid.A:failed',
        error: { code: '131026', message: 'not on WhatsApp' },
      },
      expect.objectContaining({ deliveryId: null, messageId: 'wamid.B', event: 'warned', status: null }),
    ]);
    expect(inbound).toEqual([{ to: '42', from: '+966511111111', at: new Date(1_790_000_002_000) }]);
    expect((await postMeta(change({ event: 'APPROVED' }, 'message_template_status_update'))).status).toBe(
      200,
    );
  });

  it('takes 1,000 statuses at once', async () => {
    const statuses = Array.from({ length: 1_000 }, (_, n) => ({
      id: `wamid.${n}`,
      status: 'delivered',
      timestamp: '1790000000',
    }));
    expect((await postMeta(change({ statuses }))).status).toBe(200);
    expect(reports).toHaveLength(1_000);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['another secret’s', metaSignature(change({}), 'another')],
    ['another body’s', metaSignature(change({ statuses: [] }))],
    ['SHA-1', `sha1=${'0'.repeat(40)}`],
    ['a short one', 'sha256=00'],
  ])('refuses a signature that is not right: %s', async (_, signature) => {
    const answer =
      signature === undefined
        ? await app.request('/whatsapp', { method: 'POST', body: change({}) })
        : await postMeta(change({}), signature);
    expect(answer.status).toBe(401);
    expect(await answer.text()).not.toContain(APP_SECRET);
  });

  it('is not there without its secret', async () => {
    secrets = { ...secrets, whatsappAppSecret: null, whatsappVerifyToken: null };
    const answer = await postMeta(change({}));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      code: 'not_configured',
      action: 'Set it in Settings or in the environment.',
    });
    expect((await ask(challenge)).status).toBe(503);
  });

  it('refuses what is too large, not JSON, or of another shape', async () => {
    const large = `"${'x'.repeat(4 * 1024 * 1024)}"`;
    expect((await postMeta(large)).status).toBe(413);
    expect((await postMeta('{')).status).toBe(400);
    expect((await postMeta('{"entry": 1}')).status).toBe(400);
    expect(reports).toEqual([]);
  });

  it('tells Meta to come again where it could not be written down', async () => {
    broken = Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    const answer = await postMeta(change({ statuses: [{ id: 'a', status: 'sent', timestamp: '1' }] }));
    expect(answer.status).toBeGreaterThanOrEqual(500);
  });
});

describe('the webhook of Resend', () => {
  const event = (type: string, data: object = {}): string =>
    JSON.stringify({ type, created_at: '2026-09-30T12:00:00.000Z', data: { email_id: 'e-1', ...data } });
  const read = async (body: string): Promise<DeliveryReport | undefined> => {
    expect((await postResend(body)).status).toBe(200);
    return reports.at(-1)?.report;
  };

  it('finds our delivery in the tags, in either shape of them', async () => {
    const id = randomUUID();
    expect(await read(event('email.sent', { tags: { delivery_id: id } }))).toMatchObject({ deliveryId: id });
    const listed = [{ name: 'delivery_id', value: id }];
    expect(await read(event('email.sent', { tags: listed }))).toMatchObject({
      deliveryId: id,
      messageId: 'e-1',
    });
    expect(await read(event('email.sent', { tags: { delivery_id: "'; --" } }))).toMatchObject({
      deliveryId: null,
    });
  });

  it.each([
    ['email.sent', {}, 'sent', null],
    ['email.delivered', {}, 'delivered', null],
    ['email.delivery_delayed', {}, null, null],
    ['email.opened', {}, 'read', null],
    ['email.clicked', { click: { link: 'https://x' } }, 'read', null],
    ['email.complained', {}, 'delivered', 'email_complained'],
    ['email.bounced', { bounce: { type: 'Permanent', message: 'no such user' } }, 'failed', 'email_bounced'],
    [
      'email.bounced',
      { bounce: { type: 'Transient', message: 'full' } },
      'failed',
      'email_bounced_temporarily',
    ],
    ['email.failed', { failed: { reason: 'reached_daily_quota' } }, 'failed', 'email_failed'],
    ['email.suppressed', { suppressed: { message: 'on the list' } }, 'failed', 'email_suppressed'],
  ])('%s %j: %s %s', async (type, data, status, code) => {
    const report = await read(event(type, data));
    expect([report?.status, report?.error?.code ?? null]).toEqual([status, code]);
  });

  it('passes over what is not about an email', async () => {
    expect((await postResend(event('contact.created'))).status).toBe(200);
    expect((await postResend(event('email.scheduled'))).status).toBe(200);
    expect(reports).toEqual([]);
  });

  it('takes one right signature of several, and refuses what is wrong or too old', async () => {
    const body = event('email.sent');
    const right = svix(body);
    const other = svix(body, NOW, `whsec_${Buffer.from('the one before').toString('base64')}`);
    const both = {
      ...right,
      'svix-signature': `${other['svix-signature']} v1a,xyz ${right['svix-signature']}`,
    };
    expect((await postResend(body, both)).status).toBe(200);
    for (const headers of [
      other,
      {},
      { ...right, 'svix-id': 'msg_2' },
      { ...right, 'svix-signature': right['svix-signature'].replace('v1,', 'v2,') },
      svix(body, NOW - 6 * 60_000),
      svix(body, NOW + 6 * 60_000),
      { ...right, 'svix-timestamp': 'yesterday' },
    ]) {
      const answer = await postResend(body, headers);
      expect(answer.status).toBe(401);
      expect(await answer.text()).not.toContain(RESEND_SECRET);
    }
    expect((await postResend(body, svix(body, NOW - 4 * 60_000))).status).toBe(200);
    expect((await postResend(`${body} `, right)).status).toBe(401);
  });

  it('is not there without its secret', async () => {
    secrets = { ...secrets, resendSecret: null };
    expect((await postResend(event('email.sent'))).status).toBe(503);
  });
});

it('what Meta tells of templates and numbers is handed on, and anything else is passed over', async () => {
  const changes = [
    {
      field: 'message_template_status_update',
      value: { event: 'PAUSED', message_template_name: 'spring_sale', message_template_language: 'en' },
    },
    { field: 'phone_number_quality_update', value: { event: 'FLAGGED', current_limit: 'TIER_1K' } },
    { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } },
  ];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: '1', changes }] });
  expect((await postMeta(body)).status).toBe(200);
  expect(notices).toEqual([
    { type: 'template', name: 'spring_sale', language: 'en', event: 'PAUSED' },
    { type: 'quality', event: 'FLAGGED' },
  ]);
});
