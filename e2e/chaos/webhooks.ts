import { createHmac, randomUUID } from 'node:crypto';
import type { Item } from './provider-log';

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A webhook of WhatsApp with these statuses, signed as Meta does. */
export function whatsappStatuses(
  statuses: readonly (Item & { readonly status: string })[],
  appSecret: string,
): SignedRequest {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '966500000000', phone_number_id: '1' },
    statuses: statuses.map(({ deliveryId, to, messageId, status }) => ({
      id: messageId,
      status,
      timestamp: String(Math.floor(Date.now() / 1_000)),
      recipient_id: to.replace('+', ''),
      biz_opaque_callback_data: deliveryId,
    })),
  };
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
  const signature = createHmac('sha256', appSecret).update(body).digest('hex');
  return { body, headers: { 'X-Hub-Signature-256': `sha256=${signature}` } };
}

/** A webhook of Resend about one email, signed as Svix does. */
export function resendEvent(
  { deliveryId, to, messageId }: Item,
  type: string,
  secret: string,
): SignedRequest {
  const body = JSON.stringify({
    type,
    created_at: new Date().toISOString(),
    data: { email_id: messageId, to: [to], tags: { delivery_id: deliveryId } },
  });
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    body,
    headers: { 'svix-id': id, 'svix-timestamp': timestamp, 'svix-signature': `v1,${signature}` },
  };
}
