import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { WebhookStatus } from '@shared/domain/delivery';
import { OWN_ID, type DeliveryReport } from './report';

/** A signature older or newer than this is not taken: somebody may have kept it. */
const TOLERANCE_MS = 5 * 60_000;

export interface SvixHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  /** `v1,<base64>`, several apart by spaces while a secret is being changed. */
  readonly signature: string | undefined;
}

/** Whether one of the Svix signatures is right for exactly these bytes, and not older than 5 minutes. */
export function signedBySvix(
  body: Uint8Array,
  { id, timestamp, signature }: SvixHeaders,
  secret: string,
  now: number,
): boolean {
  if (id === undefined || timestamp === undefined || signature === undefined) return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1_000) > TOLERANCE_MS) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  // All are compared, so that the time says nothing of which one was right.
  return signature
    .split(' ')
    .map((one) => isRight(one, expected))
    .includes(true);
}

function isRight(versioned: string, expected: Buffer): boolean {
  const [version, text = ''] = versioned.split(',', 2);
  const given = Buffer.from(text, 'base64');
  return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected);
}

/** Codes of what was reported of an email afterwards; the policy table has a row for each. */
export const EMAIL_CODES = {
  bounced: 'email_bounced',
  bouncedForNow: 'email_bounced_temporarily',
  complained: 'email_complained',
  failed: 'email_failed',
  suppressed: 'email_suppressed',
} as const;

const Tags = z.union([
  z.array(z.object({ name: z.string(), value: z.string() })),
  z.record(z.string(), z.string()),
]);
const Reason = z.object({ message: z.string(), reason: z.string(), type: z.string() }).partial();
export const ResendWebhook = z.object({
  type: z.string().max(100),
  created_at: z.coerce.date(),
  data: z.looseObject({
    email_id: z.string().min(1).max(500).optional(),
    tags: Tags.optional().catch(undefined),
    bounce: Reason.optional().catch(undefined),
    failed: Reason.optional().catch(undefined),
    suppressed: Reason.optional().catch(undefined),
  }),
});
type Webhook = z.output<typeof ResendWebhook>;

/** What follows for the delivery. A complaint and an opened or clicked email prove that it arrived. */
const STATUS: Readonly<Record<string, WebhookStatus | null>> = {
  'email.sent': 'sent',
  'email.delivered': 'delivered',
  'email.delivery_delayed': null,
  'email.complained': 'delivered',
  'email.opened': 'read',
  'email.clicked': 'read',
  'email.bounced': 'failed',
  'email.failed': 'failed',
  'email.suppressed': 'failed',
};

/** What a webhook says of one email; null where it is about something else. */
export function readResendWebhook({ type, created_at: at, data }: Webhook): DeliveryReport | null {
  const status = STATUS[type];
  if (status === undefined || data.email_id === undefined) return null;
  const event = type.slice('email.'.length);
  return {
    deliveryId: ownId(data.tags),
    messageId: data.email_id,
    event,
    status,
    at,
    key: `${data.email_id}:${event}`,
    error: errorOf(event, data),
  };
}

function ownId(tags: Webhook['data']['tags']): string | null {
  const id = Array.isArray(tags)
    ? tags.find(({ name }) => name === 'delivery_id')?.value
    : tags?.['delivery_id'];
  return id !== undefined && OWN_ID.test(id) ? id : null;
}

function errorOf(event: string, { bounce, failed, suppressed }: Webhook['data']): DeliveryReport['error'] {
  switch (event) {
    case 'bounced': {
      const passing = bounce?.type !== undefined && bounce.type !== 'Permanent';
      const code = passing ? EMAIL_CODES.bouncedForNow : EMAIL_CODES.bounced;
      return { code, message: bounce?.message ?? '' };
    }
    case 'failed':
      return { code: EMAIL_CODES.failed, message: failed?.reason ?? failed?.message ?? '' };
    case 'suppressed':
      return { code: EMAIL_CODES.suppressed, message: suppressed?.message ?? '' };
    case 'complained':
      return { code: EMAIL_CODES.complained, message: '' };
    default:
      return null;
  }
}
