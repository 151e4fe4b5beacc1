import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { z } from 'zod';
import type { Channel } from '@shared/contract/templates';
import { AppFailure, type AppError } from '@shared/errors';
import { databaseUnavailable, isDatabaseOutage } from '../database/outage';
import type { DeliveryReport, InboundMessage, WhatsAppNotice } from '../providers/report';
import { readResendWebhook, ResendWebhook, signedBySvix } from '../providers/resend-webhook';
import { readWhatsAppWebhook, signedByMeta, WhatsAppWebhook } from '../providers/whatsapp-webhook';
import { parseInput, readBytes } from './body';
import { limitRate, sameSecret } from './guard';
import { problem } from './problems';

/** What the providers' webhooks need of the console. */
export interface WebhookDependencies {
  /** As they are now: a change in Settings takes effect with the next request. */
  readonly secrets: () => {
    readonly whatsappAppSecret: string | null;
    readonly whatsappVerifyToken: string | null;
    readonly resendSecret: string | null;
  };
  /** All resolve when it is committed: only then is the provider told that it need not come again. */
  readonly take: (channel: Channel, reports: readonly DeliveryReport[]) => Promise<void>;
  readonly inbound: (messages: readonly InboundMessage[]) => Promise<void>;
  readonly notices: (notices: readonly WhatsAppNotice[]) => Promise<void>;
}

/** Meta's largest is 3 MB, with up to 1,000 reports. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Three statuses a message at the fastest rate there is; both providers come again after a 429. */
const RATE = { perSecond: 3_000, burst: 6_000 };

/**
 * `/webhooks/whatsapp` and `/webhooks/resend`. They carry no token but a signature over their bytes, and
 * nothing of them is looked at before it is right.
 */
export const webhookRoutes = (
  { secrets, take, inbound, notices }: WebhookDependencies,
  now: () => number = Date.now,
): Hono<{ Bindings: HttpBindings }> => {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use(limitRate(RATE));

  routes.get('/whatsapp', (c) => {
    const expected = secrets().whatsappVerifyToken;
    if (expected === null) return problem(c, notSetUp('WhatsApp’s verify token'));
    const { 'hub.mode': mode, 'hub.verify_token': given, 'hub.challenge': challenge } = c.req.query();
    if (
      mode !== 'subscribe' ||
      given === undefined ||
      challenge === undefined ||
      !sameSecret(given, expected)
    ) {
      return problem(c, { code: 'forbidden', message: 'The verify token is not right.' });
    }
    return c.text(challenge);
  });

  routes.post('/whatsapp', async (c) => {
    const secret = secrets().whatsappAppSecret;
    if (secret === null) return problem(c, notSetUp('WhatsApp’s app secret'));
    const body = await readBytes(c, MAX_BYTES);
    if (body === null) return problem(c, tooLarge);
    if (!signedByMeta(body, c.req.header('x-hub-signature-256'), secret)) return problem(c, wrongSignature);
    const read = readJsonBytes(body, WhatsAppWebhook);
    if (!read.ok) return problem(c, read.error);
    const { reports, inbound: messages, notices: told } = readWhatsAppWebhook(read.value);
    await committed(() => Promise.all([take('whatsapp', reports), inbound(messages), notices(told)]));
    return taken(c);
  });

  routes.post('/resend', async (c) => {
    const secret = secrets().resendSecret;
    if (secret === null) return problem(c, notSetUp('Resend’s signing secret'));
    const body = await readBytes(c, MAX_BYTES);
    if (body === null) return problem(c, tooLarge);
    const headers = {
      id: c.req.header('svix-id'),
      timestamp: c.req.header('svix-timestamp'),
      signature: c.req.header('svix-signature'),
    };
    if (!signedBySvix(body, headers, secret, now())) return problem(c, wrongSignature);
    const read = readJsonBytes(body, ResendWebhook);
    if (!read.ok) return problem(c, read.error);
    const report = readResendWebhook(read.value);
    await committed(() => take('email', report === null ? [] : [report]));
    return taken(c);
  });

  return routes;
};

const taken = (c: Context): Response => c.json({ success: true });

/** Where the database is away the provider is told to come again. */
async function committed(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    throw isDatabaseOutage(thrown) ? new AppFailure(databaseUnavailable) : thrown;
  }
}

function readJsonBytes<S extends z.ZodType>(body: Uint8Array, schema: S) {
  try {
    return parseInput(schema, JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return parseInput(schema, undefined); // Not JSON: refused as such by the schema.
  }
}

const notSetUp = (what: string): AppError => ({
  code: 'not_configured',
  message: `Delivery reports are not taken: ${what} is not set.`,
  action: 'Set it in Settings or in the environment.',
});

const wrongSignature: AppError = {
  code: 'unauthorized',
  message: 'The signature is missing, not right, or too old.',
  action: 'Check that the secret in Settings is the one that the provider signs with.',
};

const tooLarge: AppError = {
  code: 'payload_too_large',
  message: 'The request is larger than 4 MB.',
};
