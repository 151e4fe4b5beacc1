import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxBehaviour } from '@shared/contract/settings';
import {
  isRetriedAutomatically,
  resendPolicy,
  whatsappPolicy,
  type ProviderPolicy,
} from '@shared/domain/provider-policy';
import type { EmailGateway, Rejection, UnknownOutcome, WhatsAppGateway } from './gateway';

/**
 * A provider that exists only here: sends nothing, answers as the real one would. What befalls a recipient
 * follows from the seed and the address alone, so that a run can be repeated.
 */
export interface SandboxOptions {
  /** Read at every request: a change in Settings takes effect at once. */
  readonly behaviour: () => SandboxBehaviour;
  readonly seed?: string;
}

/** Recipients already struck once by a passing failure; the oldest are forgotten above this number. */
const MAX_REMEMBERED = 200_000;
const LOST = 'lost-answer';
const LOST_WORDS = 'The sandbox took the message and lost the answer, as it was told to.';

export function createSandboxWhatsApp({ behaviour, seed = 'sandbox' }: SandboxOptions): WhatsAppGateway {
  const struck = new RecentSet(MAX_REMEMBERED);
  return {
    name: 'sandbox',
    async send(message, signal) {
      const now = behaviour();
      if (!(await answerTime(now, signal)))
        return { type: 'not-sent', message: 'Stopped before it was sent.' };
      const drawn = draw(now, isWhatsAppCode, `${seed}:${message.to}`);
      if (drawn === LOST) return lost();
      if (drawn !== null) {
        const policy = whatsappPolicy(Number(drawn));
        if (strikes(policy, message.to, struck)) return rejected(drawn, policy);
      }
      return { type: 'accepted', providerMessageId: `wamid.SANDBOX${hex(`${seed}:${message.deliveryId}`)}` };
    },
  };
}

export function createSandboxEmail({ behaviour, seed = 'sandbox' }: SandboxOptions): EmailGateway {
  const struck = new RecentSet(MAX_REMEMBERED);
  const gateway: EmailGateway = {
    name: 'sandbox',
    sendSingle: (email, _contents, idempotencyKey, signal) =>
      gateway.sendBatch([email], idempotencyKey, signal),
    async sendBatch(emails, idempotencyKey, signal) {
      const now = behaviour();
      if (!(await answerTime(now, signal)))
        return { type: 'not-sent', message: 'Stopped before it was sent.' };
      // As Resend's strict validation: one bad email refuses the batch.
      for (const email of emails) {
        const drawn = draw(now, isResendName, `${seed}:${email.to.toLowerCase()}`);
        if (drawn === null) continue;
        // A repeat with the same key gets the answer that was lost the first time.
        if (drawn === LOST) {
          if (struck.add(idempotencyKey)) return lost();
          continue;
        }
        const policy = resendPolicy(drawn);
        if (strikes(policy, email.to, struck)) return rejected(drawn, policy);
      }
      return {
        type: 'accepted',
        ids: emails.map((email) => `sandbox-${hex(`${idempotencyKey}:${email.to}`)}`),
        usedUpForMs: null,
      };
    },
  };
  return gateway;
}

/** A failure of the recipient comes back at every attempt; any other one strikes a recipient once. */
function strikes(policy: ProviderPolicy, address: string, struck: RecentSet): boolean {
  return !isRetriedAutomatically(policy.action) || struck.add(address);
}

const lost = (): UnknownOutcome => ({ type: 'unknown', message: LOST_WORDS });

const rejected = (code: string, policy: ProviderPolicy): Rejection => ({
  type: 'rejected',
  code,
  message: `Sandbox: ${policy.reason}`,
  httpStatus: 400,
  retryAfterMs: null,
});

/** Which failure a recipient draws: shares of the hash's range, in the order they are set; the rest succeeds. */
function draw(behaviour: SandboxBehaviour, applies: (code: string) => boolean, key: string): string | null {
  const place = (createHash('sha256').update(key).digest().readUInt32BE(0) / 2 ** 32) * 100;
  let edge = 0;
  for (const { code, percent } of behaviour.failures) {
    if (!applies(code)) continue;
    edge += percent;
    if (place < edge) return code;
  }
  return place < edge + behaviour.lostAnswerPercent ? LOST : null;
}

/** WhatsApp's codes are numbers, Resend's are names; one list of failures serves both channels. */
const isWhatsAppCode = (code: string): boolean => /^\d+$/.test(code);
const isResendName = (code: string): boolean => !isWhatsAppCode(code);

/** False when it was stopped meanwhile: a request that is still being answered was, in the sandbox, not made. */
async function answerTime(
  { minLatencyMs, maxLatencyMs }: SandboxBehaviour,
  signal: AbortSignal,
): Promise<boolean> {
  const ms = minLatencyMs + Math.random() * Math.max(0, maxLatencyMs - minLatencyMs);
  if (ms < 1) return !signal.aborted;
  try {
    await delay(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}

const hex = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 24).toUpperCase();

class RecentSet {
  private readonly members = new Set<string>();
  constructor(private readonly capacity: number) {}

  /** True where the member is new. */
  add(member: string): boolean {
    if (this.members.has(member)) return false;
    this.members.add(member);
    const [oldest] = this.members;
    if (this.members.size > this.capacity && oldest !== undefined) this.members.delete(oldest);
    return true;
  }
}
