import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../e2e/fixtures/server-process';
import { startFakeWhatsApp, type FakeAnswer, type FakeWhatsApp } from '../../e2e/fixtures/providers';
import type { SendOutcome, WhatsAppMessage } from './gateway';
import { createCloudApiGateway } from './whatsapp-cloud-api';

const never = new AbortController().signal;
const hello: WhatsAppMessage = {
  to: '+15550100001',
  deliveryId: 'd-1',
  content: { type: 'text', body: 'Hello, see https://example.com', previewUrl: true },
};

/** Far longer than the fake needs for an answer on a busy machine. */
const ANSWER_MS = 15_000;
/** Where the fake never answers: waited out in full, yet long enough to connect and to send before. */
const HANG_MS = 2_000;

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.reset();
});

const gateway = (apiBaseUrl = fake.url, timeoutMs = ANSWER_MS) =>
  createCloudApiGateway({ apiBaseUrl, phoneNumberId: '1234', token: 'secret-token', timeoutMs });

const outcomeOf = (answer: FakeAnswer): Promise<SendOutcome> => {
  fake.behave(() => answer);
  const timeoutMs = answer.type === 'accept-and-hang' ? HANG_MS : ANSWER_MS;
  return gateway(fake.url, timeoutMs).send(hello, never);
};

describe('what it asks for', () => {
  it('posts the documented body to the number, with the token in the header', async () => {
    expect(await gateway(`${fake.url}/`).send(hello, never)).toMatchObject({ type: 'accepted' });
    expect(fake.requests[0]).toMatchObject({
      path: '/v23.0/1234/messages',
      authorization: 'Bearer secret-token',
      body: {
        messaging_product: 'whatsapp',
        recipient_type: 'individual',
        to: '+15550100001',
        biz_opaque_callback_data: 'd-1',
        type: 'text',
        text: { body: 'Hello, see https://example.com', preview_url: true },
      },
    });
  });

  it('sends media by link, a document with a file name and audio without a caption', async () => {
    const link = 'https://example.com/files/Price%20list.pdf?v=2';
    for (const content of [
      { type: 'document', link, caption: 'Our prices' },
      { type: 'image', link: 'https://example.com/a.png', caption: null },
      { type: 'audio', link: 'https://example.com/a.ogg' },
    ] as const) {
      await gateway().send({ ...hello, content }, never);
    }
    expect(fake.requests.map(({ body }) => body)).toMatchObject([
      { type: 'document', document: { link, caption: 'Our prices', filename: 'Price list.pdf' } },
      { type: 'image', image: { link: 'https://example.com/a.png' } },
      { type: 'audio', audio: { link: 'https://example.com/a.ogg' } },
    ]);
  });
});

describe('what it makes of the answer', () => {
  it('reads the Graph error, whatever the HTTP status', async () => {
    expect(await outcomeOf({ type: 'error', code: 131026, status: 500 })).toEqual({
      type: 'rejected',
      code: '131026',
      message: 'Details of 131026',
      httpStatus: 500,
      retryAfterMs: null,
    });
    expect(await outcomeOf({ type: 'error', code: 130429, headers: { 'retry-after': '7' } })).toMatchObject({
      retryAfterMs: 7_000,
    });
  });

  it.each<FakeAnswer>([
    { type: 'accept-and-drop' },
    { type: 'accept-and-hang' },
    { type: 'accept-and-garble' },
    { type: 'page', status: 502 },
  ])('does not know what became of the message: $type', async (answer) => {
    expect(await outcomeOf(answer)).toMatchObject({ type: 'unknown' });
  });

  it('takes a page that refuses for a refusal', async () => {
    expect(await outcomeOf({ type: 'page', status: 404 })).toMatchObject({
      type: 'rejected',
      code: 'http_404',
    });
  });

  it('is certain that nothing left where there was no connection', async () => {
    const closed = `http://127.0.0.1:${await freePort()}`;
    expect(await gateway(closed).send(hello, never)).toMatchObject({ type: 'not-sent' });
    expect(await gateway('http://no-such-host.invalid').send(hello, never)).toMatchObject({
      type: 'not-sent',
    });
    expect(await gateway().send(hello, AbortSignal.abort())).toMatchObject({ type: 'not-sent' });
    expect(fake.requests).toHaveLength(0);
  });

  it('never shows the token', async () => {
    const outcomes = await Promise.all([
      outcomeOf({ type: 'error', code: 190, status: 401 }),
      gateway(`http://127.0.0.1:${await freePort()}`).send(hello, never),
    ]);
    expect(JSON.stringify(outcomes)).not.toContain('secret-token');
  });
});
