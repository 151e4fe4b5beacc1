import { Resend, type CreateBatchOptions } from 'resend';
import { z } from 'zod';
import { deadline } from './deadline';
import type { BatchOutcome, Email, EmailGateway } from './gateway';
import { retryAfterMs } from './retry-after';

/** The SDK has no time-out of its own. Longer than WhatsApp's: one request carries up to 100 e-mails. */
const BATCH_TIMEOUT_MS = 30_000;
export const MAX_BATCH = 100;
/** Resend keeps an idempotency key for 24 h; a repeat is only made well within that time. */
export const KEY_LIFETIME_MS = 23 * 3_600_000;

export interface ResendOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs?: number;
}

/** The SDK hands on what the server said, whatever its shape. */
const Answer = z.object({
  data: z.unknown(),
  error: z
    .object({
      name: z.string().default('application_error'),
      message: z.string().default(''),
      statusCode: z.number().nullable().default(null),
    })
    .nullable(),
  headers: z.record(z.string(), z.string()).nullish(),
});
const Ids = z.object({ data: z.array(z.object({ id: z.string().min(1) })) });

/**
 * Sends batches through the official SDK. An answer that was lost, or a server error without Resend's own
 * error body, is `unknown`: safe to send again with the same key and the same e-mails.
 */
export function createResendGateway({
  baseUrl,
  apiKey,
  timeoutMs = BATCH_TIMEOUT_MS,
}: ResendOptions): EmailGateway {
  const client = new Resend(apiKey, { baseUrl: baseUrl.replace(/\/+$/, '') });

  return {
    name: 'resend',
    async sendBatch(emails, idempotencyKey, signal) {
      if (signal.aborted) return { type: 'not-sent', message: 'Stopped before the request was made.' };
      const limit = deadline(signal, timeoutMs);
      try {
        const answer = await client.batch.send(emails.map(requestOf) satisfies CreateBatchOptions, {
          idempotencyKey,
          signal: limit.signal,
        });
        return readAnswer(answer, emails.length, limit.expired());
      } catch (error) {
        const words = error instanceof Error ? error.name : 'an unknown error';
        return { type: 'unknown', message: `The request to Resend broke off (${words}).` };
      } finally {
        limit.clear();
      }
    },
  };
}

const requestOf = (email: Email): CreateBatchOptions[number] => ({
  from: email.from,
  to: [email.to],
  subject: email.subject,
  html: email.html,
  text: email.text,
  tags: [{ name: 'delivery_id', value: email.deliveryId }],
});

function readAnswer(answer: unknown, count: number, expired: boolean): BatchOutcome {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) return { type: 'unknown', message: 'Resend’s answer could not be read.' };
  const { data, error, headers } = parsed.data;
  if (error !== null) {
    if (error.statusCode === null && error.name === 'application_error') {
      const message = expired
        ? 'Resend did not answer in time.'
        : 'The connection to Resend broke, or its answer was lost.';
      return { type: 'unknown', message };
    }
    return {
      type: 'rejected',
      code: error.name,
      message: error.message,
      httpStatus: error.statusCode,
      retryAfterMs: retryAfterMs(headers?.['retry-after'] ?? headers?.['ratelimit-reset']),
    };
  }
  const ids = Ids.safeParse(data);
  if (!ids.success || ids.data.data.length !== count) {
    return { type: 'unknown', message: 'Resend accepted the request but its answer could not be read.' };
  }
  return { type: 'accepted', ids: ids.data.data.map(({ id }) => id) };
}
