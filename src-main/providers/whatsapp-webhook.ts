import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { webhookStatusSchema } from '@shared/domain/delivery';
import { OWN_ID, type DeliveryReport, type InboundMessage, type WhatsAppNotice } from './report';

/** Whether `X-Hub-Signature-256` is the HMAC of exactly these bytes, in a time that does not depend on where it differs. */
export function signedByMeta(body: Uint8Array, header: string | undefined, appSecret: string): boolean {
  const given = Buffer.from(/^sha256=([\da-f]{64})$/i.exec(header ?? '')?.[1] ?? '', 'hex');
  const expected = createHmac('sha256', appSecret).update(body).digest();
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Seconds since 1970, as Meta writes them. */
const Timestamp = z.coerce
  .number()
  .int()
  .nonnegative()
  .max(99_999_999_999)
  .transform((seconds) => new Date(seconds * 1_000));
const Status = z.object({
  id: z.string().min(1).max(500),
  status: z.string(),
  timestamp: Timestamp,
  biz_opaque_callback_data: z.string().optional(),
  errors: z
    .array(
      z.object({
        code: z.int(),
        title: z.string().default(''),
        message: z.string().default(''),
        error_data: z.object({ details: z.string() }).partial().optional(),
      }),
    )
    .optional(),
});
const Inbound = z.object({ from: z.string().regex(/^\d{5,15}$/), timestamp: Timestamp });
const Change = z.object({
  field: z.string(),
  value: z.looseObject({
    metadata: z.object({ phone_number_id: z.string() }).partial().optional(),
    statuses: z.array(z.unknown()).optional(),
    messages: z.array(z.unknown()).optional(),
    event: z.string().optional(),
    message_template_name: z.string().optional(),
    message_template_language: z.string().optional(),
  }),
});
/** The outer shape only: one entry that cannot be read does not take the others with it. */
export const WhatsAppWebhook = z.object({
  object: z.string(),
  entry: z.array(z.object({ changes: z.array(z.unknown()).default([]) })),
});

export interface WhatsAppReports {
  readonly reports: readonly DeliveryReport[];
  readonly inbound: readonly InboundMessage[];
  readonly notices: readonly WhatsAppNotice[];
  /** Statuses and messages of a shape that is not known; other kinds of changes are not counted. */
  readonly unread: number;
}

/** What a webhook of the WhatsApp Business Account says of messages; everything else in it is passed over. */
export function readWhatsAppWebhook({ entry }: z.output<typeof WhatsAppWebhook>): WhatsAppReports {
  const reports: DeliveryReport[] = [];
  const inbound: InboundMessage[] = [];
  const notices: WhatsAppNotice[] = [];
  let unread = 0;
  for (const given of entry.flatMap(({ changes }) => changes)) {
    const change = Change.safeParse(given);
    if (!change.success) continue;
    notices.push(...noticesOf(change.data));
    if (change.data.field !== 'messages') continue;
    const { metadata, statuses = [], messages = [] } = change.data.value;
    for (const status of statuses) {
      const parsed = Status.safeParse(status);
      if (parsed.success) reports.push(reportOf(parsed.data));
      else unread += 1;
    }
    for (const message of messages) {
      const parsed = Inbound.safeParse(message);
      const to = metadata?.phone_number_id;
      if (parsed.success && to !== undefined) {
        inbound.push({ to, from: `+${parsed.data.from}`, at: parsed.data.timestamp });
      } else unread += 1;
    }
  }
  return { reports, inbound, notices, unread };
}

function noticesOf({ field, value }: z.output<typeof Change>): WhatsAppNotice[] {
  const { event, message_template_name: name, message_template_language: language } = value;
  if (event === undefined) return [];
  if (field === 'phone_number_quality_update') return [{ type: 'quality', event }];
  if (field !== 'message_template_status_update' || name === undefined || language === undefined) return [];
  return [{ type: 'template', name, language, event }];
}

function reportOf(status: z.output<typeof Status>): DeliveryReport {
  const known = webhookStatusSchema.safeParse(status.status);
  const echo = status.biz_opaque_callback_data;
  const [error] = status.errors ?? [];
  return {
    deliveryId: echo !== undefined && OWN_ID.test(echo) ? echo : null,
    messageId: status.id,
    event: status.status,
    status: known.data ?? null,
    at: status.timestamp,
    key: `${status.id}:${status.status}`,
    error:
      known.data === 'failed'
        ? {
            code: String(error?.code ?? 'failed'),
            message: error?.error_data?.details ?? (error?.message || error?.title || ''),
          }
        : null,
  };
}
