import { Resend, type CreateBatchOptions, type CreateEmailOptions } from 'resend';
import { z } from 'zod';
import { deadline } from './deadline';
import type { BatchOutcome, Email, EmailGateway } from './gateway';
import { retryAfterMs } from './retry-after';

/** The SDK has no time-out of its own. Longer than WhatsApp's: one request carries up to 100 emails. */
const BATCH_TIMEOUT_MS = 30_000;
/** One email with up to 40 MB of files, also over a slow line. */
const SINGLE_TIMEOUT_MS = 120_000;
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
const Id = z.object({ id: z.string().min(1) });
const Ids = z.object({ data: z.array(Id) });

/**
 * Sends batches through the official SDK. An answer that was lost, or a server error without Resend's own
 * error body, is `unknown`: safe to send again with the same key and the same emails.
 */
export function createResendGateway({ baseUrl, apiKey, timeoutMs }: ResendOptions): EmailGateway {
  const client = new Resend(apiKey, { baseUrl: baseUrl.replace(/\/+$/, '') });

  const ask = async (
    signal: AbortSignal,
    longestMs: number,
    request: (limited: AbortSignal) => Promise<unknown>,
    read: (data: unknown) => readonly string[] | null,
  ): Promise<BatchOutcome> => {
    if (signal.aborted) return { type: 'not-sent', message: 'Stopped before the request was made.' };
    const limit = deadline(signal, timeoutMs ?? longestMs);
    try {
      return readAnswer(await request(limit.signal), read, limit.expired());
    } catch (error) {
      const words = error instanceof Error ? error.name : 'an unknown error';
      return { type: 'unknown', message: `The request to Resend broke off (${words}).` };
    } finally {
      limit.clear();
    }
  };

  return {
    name: 'resend',
    sendBatch: (emails, idempotencyKey, signal) =>
      ask(
        signal,
        BATCH_TIMEOUT_MS,
        (limited) =>
          client.batch.send(emails.map(requestOf) satisfies CreateBatchOptions, {
            idempotencyKey,
            signal: limited,
          }),
        (data) => batchIds(data, emails.length),
      ),
    sendSingle: (email, contents, idempotencyKey, signal) =>
      ask(
        signal,
        SINGLE_TIMEOUT_MS,
        (limited) =>
          client.emails.send(
            { ...requestOf(email), attachments: attachmentsOf(email, contents) } satisfies CreateEmailOptions,
            { idempotencyKey, signal: limited },
          ),
        singleId,
      ),
  };
}

const requestOf = (email: Email): CreateBatchOptions[number] => ({
  from: email.from,
  to: [email.to],
  subject: email.subject,
  html: email.html,
  text: email.text,
  tags: [{ name: 'delivery_id', value: email.deliveryId }],
  ...(email.replyTo === undefined ? {} : { replyTo: email.replyTo }),
  ...(email.headers === undefined ? {} : { headers: { ...email.headers } }),
});

const attachmentsOf = ({ attachments = [] }: Email, contents: readonly string[]) =>
  attachments.map(({ fileName, contentType }, n) => ({
    filename: fileName,
    contentType,
    content: contents[n] ?? '',
  }));

function batchIds(data: unknown, count: number): readonly string[] | null {
  const ids = Ids.safeParse(data);
  return ids.success && ids.data.data.length === count ? ids.data.data.map(({ id }) => id) : null;
}

function singleId(data: unknown): readonly string[] | null {
  const parsed = Id.safeParse(data);
  return parsed.success ? [parsed.data.id] : null;
}

function readAnswer(
  answer: unknown,
  read: (data: unknown) => readonly string[] | null,
  expired: boolean,
): BatchOutcome {
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
  const ids = read(data);
  if (ids === null) {
    return { type: 'unknown', message: 'Resend accepted the request but its answer could not be read.' };
  }
  return { type: 'accepted', ids, usedUpForMs: usedUpForMs(headers ?? {}) };
}

/** `ratelimit-remaining` counts down to 0 within one window, which ends after `ratelimit-reset` seconds. */
function usedUpForMs(headers: Readonly<Record<string, string>>): number | null {
  return Number(headers['ratelimit-remaining'] ?? 1) > 0 ? null : retryAfterMs(headers['ratelimit-reset']);
}
