/**
 * WhatsApp and Resend in a process of their own, which nobody kills: every request is in its log, on the disk,
 * before it is answered. What it does with a message follows from the seed.
 */
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { serveLoopback, type RawAnswer } from '../fixtures/loopback-server';
import { endWithParent } from './parent';
import type { Item, LoggedRequest } from './provider-log';
import { randomOf, type Random } from './random';
import { whatsappStatuses } from './webhooks';

const Environment = z.object({
  CHAOS_SEED: z.string(),
  CHAOS_LOG: z.string(),
  CHAOS_WEBHOOK_URL: z.string(),
  CHAOS_APP_SECRET: z.string(),
});
const environment = Environment.parse(process.env);

const WhatsAppBody = z.looseObject({ to: z.string(), biz_opaque_callback_data: z.string() });
const EmailBody = z.looseObject({
  to: z.array(z.string()).length(1),
  tags: z.array(z.object({ name: z.string(), value: z.string() })),
});
const EmailBatch = z.array(EmailBody).min(1).max(100);

type Fault =
  | 'none'
  | 'accept-and-drop'
  | 'accept-and-500'
  | 'accept-and-hang'
  | 'accept-and-garble'
  | 'reset'
  | 'lost-500'
  | 'hang'
  | 'transient'
  | 'rate-limit'
  | 'unreachable';

/** Shares of first requests, in thousandths. */
const WHATSAPP_FAULTS: readonly (readonly [Fault, number])[] = [
  ['accept-and-drop', 25],
  ['accept-and-500', 10],
  ['accept-and-garble', 5],
  ['accept-and-hang', 1],
  ['reset', 10],
  ['lost-500', 10],
  ['hang', 1],
  ['transient', 20],
  ['rate-limit', 3],
  ['unreachable', 10],
];
const EMAIL_FAULTS: readonly (readonly [Fault, number])[] = [
  ['accept-and-drop', 120],
  ['accept-and-500', 60],
  ['accept-and-garble', 40],
  ['reset', 60],
  ['lost-500', 60],
  ['transient', 60],
  ['rate-limit', 30],
];
/** How often a delivery report is there before the answer is. */
const EARLY_REPORTS = 0.1;
const HANG_MS = 60_000;
/** Answers that take long, so that some are always on their way when a machine dies. */
const SLOW = { share: 0.25, fromMs: 200, toMs: 900 } as const;

interface Refusal {
  readonly code: string;
  readonly status: number;
}
const WHATSAPP_REFUSALS: Readonly<Partial<Record<Fault, Refusal>>> = {
  transient: { code: '131000', status: 500 },
  'rate-limit': { code: '130429', status: 429 },
  unreachable: { code: '131026', status: 400 },
};
const EMAIL_REFUSALS: Readonly<Partial<Record<Fault, Refusal>>> = {
  transient: { code: 'internal_server_error', status: 500 },
  'rate-limit': { code: 'rate_limit_exceeded', status: 429 },
};
const CONFLICT: Refusal = { code: 'invalid_idempotent_request', status: 409 };

const attempts = new Map<string, number>();
const keys = new Map<string, { readonly payloadHash: string; readonly items: readonly Item[] }>();

const write = (request: LoggedRequest): void => {
  appendFileSync(environment.CHAOS_LOG, `${JSON.stringify(request)}\n`);
};

/** What is done with the n-th request of a message; from the second on, all goes well. */
function faultOf(
  id: string,
  faults: readonly (readonly [Fault, number])[],
): { fault: Fault; random: Random } {
  const attempt = (attempts.get(id) ?? 0) + 1;
  attempts.set(id, attempt);
  const random = randomOf(environment.CHAOS_SEED, id, attempt);
  let left = random.next() * 1_000;
  const hit = attempt > 1 ? undefined : faults.find(([, share]) => (left -= share) < 0);
  return { fault: hit?.[0] ?? 'none', random };
}

const verdictOf = (fault: Fault): LoggedRequest['verdict'] => {
  if (fault === 'none') return 'accepted';
  if (fault.startsWith('accept')) return 'accepted-unanswered';
  return fault === 'reset' || fault === 'lost-500' || fault === 'hang' ? 'lost' : 'refused';
};

async function whatsapp(raw: unknown): Promise<RawAnswer> {
  const body = WhatsAppBody.parse(raw);
  const deliveryId = body.biz_opaque_callback_data;
  // By the phone, so that the same seed treats the same recipients alike: delivery ids are made anew each time.
  const { fault, random } = faultOf(body.to, WHATSAPP_FAULTS);
  const messageId = `wamid.${createHash('sha256')
    .update(`${body.to} ${attempts.get(body.to) ?? 0}`)
    .digest('hex')}`;
  const item = { deliveryId, to: body.to, messageId };
  const refusal = WHATSAPP_REFUSALS[fault];
  write({
    at: Date.now(),
    channel: 'whatsapp',
    verdict: verdictOf(fault),
    code: refusal?.code ?? null,
    key: null,
    payloadHash: hash(raw),
    repeated: false,
    items: [item],
  });
  if (verdictOf(fault).startsWith('accepted') && random.next() < EARLY_REPORTS) await reportEarly(item);
  await delay(answersIn(random));
  if (refusal !== undefined) {
    const error = { code: Number(refusal.code), message: `(#${refusal.code})` };
    return { type: 'json', status: refusal.status, body: { error } };
  }
  return fault === 'none'
    ? { type: 'json', status: 200, body: { messaging_product: 'whatsapp', messages: [{ id: messageId }] } }
    : broken(fault);
}

async function reportEarly(item: Item): Promise<void> {
  const { body, headers } = whatsappStatuses([{ ...item, status: 'sent' }], environment.CHAOS_APP_SECRET);
  try {
    const signal = AbortSignal.timeout(1_000);
    await fetch(environment.CHAOS_WEBHOOK_URL, { method: 'POST', body, headers, signal });
  } catch {
    // The app is down: the report comes again at the end, as the provider's would.
  }
}

async function email(raw: unknown, key: string): Promise<RawAnswer> {
  const emails = EmailBatch.parse(raw);
  const payloadHash = hash(raw);
  const known = keys.get(key);
  const items = emails.map(({ to: [to = ''], tags }, n) => ({
    deliveryId: tags.find(({ name }) => name === 'delivery_id')?.value ?? '',
    to,
    messageId: createHash('sha256').update(`${key} ${n}`).digest('hex').slice(0, 32),
  }));
  // By who is in it: the key holds the campaign's id, which is made anew each time.
  const { fault, random } = faultOf(items.map(({ to }) => to).join(), EMAIL_FAULTS);
  const conflict = known !== undefined && known.payloadHash !== payloadHash;
  const verdict = conflict ? 'refused' : verdictOf(fault);
  const refusal = conflict ? CONFLICT : EMAIL_REFUSALS[fault];
  write({
    at: Date.now(),
    channel: 'email',
    verdict,
    code: refusal?.code ?? null,
    key,
    payloadHash,
    repeated: known !== undefined && !conflict,
    items,
  });
  if (!conflict && verdict.startsWith('accepted') && known === undefined)
    keys.set(key, { payloadHash, items });
  await delay(answersIn(random));
  if (refusal !== undefined) {
    const { code, status } = refusal;
    return { type: 'json', status, body: { statusCode: status, name: code, message: code } };
  }
  const ids = (known?.items ?? items).map(({ messageId }) => ({ id: messageId }));
  return fault === 'none' ? { type: 'json', status: 200, body: { data: ids } } : broken(fault);
}

/** ms until the answer. */
const answersIn = (random: Random): number =>
  random.next() < SLOW.share ? random.whole(SLOW.fromMs, SLOW.toMs) : random.whole(5, 60);

async function broken(fault: Fault): Promise<RawAnswer> {
  switch (fault) {
    case 'accept-and-500':
    case 'lost-500':
      return { type: 'text', status: 500, body: '' };
    case 'accept-and-garble':
      return { type: 'text', status: 200, body: '{"messages":[{"id":"wam' };
    case 'accept-and-hang':
    case 'hang':
      await delay(HANG_MS, undefined, { ref: false });
      return { type: 'drop' };
    default:
      return { type: 'drop' };
  }
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

async function main(): Promise<void> {
  endWithParent();
  const server = await serveLoopback(async (request, raw) => {
    if ((request.url ?? '').endsWith('/messages')) return whatsapp(raw);
    const key = request.headers['idempotency-key'];
    return email(raw, typeof key === 'string' ? key : '');
  });
  process.stdout.write(`${server.url}\n`);
}

void main();
