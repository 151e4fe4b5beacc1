import {
  nextAttemptDelay,
  notReached,
  unknownOutcome,
  whatsappPolicy,
  type ProviderPolicy,
} from '@shared/domain/provider-policy';
import type { SendOutcome } from '../providers/gateway';
import type { DeliveryOutcome, DueDelivery } from './ledger/repository';
import { OWN_CODES } from './reasons';

/** What follows beyond the recipient's own row. */
export type Effect =
  | { readonly type: 'none' }
  /** `resumeInMs` null: an operator resumes it. */
  | {
      readonly type: 'pause';
      readonly sender: boolean;
      readonly code: string;
      readonly reason: string;
      readonly resumeInMs: number | null;
    }
  | {
      readonly type: 'slow-down';
      readonly scope: 'sender' | 'app';
      readonly factor: number;
      readonly code: string;
    }
  /** `after` failures with this code; `forMs` null: for ever. */
  | {
      readonly type: 'suppress';
      readonly code: string;
      readonly reason: string;
      readonly after: number;
      readonly forMs: number | null;
    }
  /** Counts against the campaign's circuit breaker. */
  | { readonly type: 'trip'; readonly code: string; readonly reason: string };

export interface Verdict {
  readonly outcome: DeliveryOutcome;
  readonly effect: Effect;
}

const NONE: Effect = { type: 'none' };

/** The error policy applied to the answer to one request. Pure: the caller writes it down and acts. */
export function judge(delivery: DueDelivery, answer: SendOutcome): Verdict {
  switch (answer.type) {
    case 'accepted':
      return {
        outcome: { ...blank(delivery), state: 'accepted', providerMessageId: answer.providerMessageId },
        effect: NONE,
      };
    case 'unknown':
      return {
        outcome: refused(delivery, 'unknown', OWN_CODES.noAnswer, unknownOutcome, answer.message),
        effect: NONE,
      };
    case 'not-sent':
      return {
        outcome: retried(delivery, OWN_CODES.notReached, notReached, answer.message, null),
        effect: NONE,
      };
    case 'rejected': {
      const policy = whatsappPolicy(Number(answer.code));
      return {
        outcome: rejected(delivery, answer.code, policy, answer.message, answer.retryAfterMs),
        effect: effectOf(delivery, answer.code, policy),
      };
    }
  }
}

function rejected(
  delivery: DueDelivery,
  code: string,
  policy: ProviderPolicy,
  message: string,
  retryAfterMs: number | null,
): DeliveryOutcome {
  switch (policy.action.type) {
    case 'pause-sender':
    case 'pause-campaign':
    case 'stop-campaign':
      // Refused, so nothing was sent; it is tried again when an operator lets the campaign go on.
      return { ...refused(delivery, 'retry_wait', code, policy, message), retryInMs: 0 };
    case 'unknown':
      return refused(delivery, 'unknown', code, policy, message);
    case 'suppress':
    case 'fail':
    case 'fail-and-trip':
      return refused(delivery, 'failed', code, policy, message);
    case 'retry':
    case 'retry-same-key':
    case 'slow-down':
    case 'delay-pair':
    case 'wait':
      return retried(delivery, code, policy, message, retryAfterMs);
  }
}

function retried(
  delivery: DueDelivery,
  code: string,
  policy: ProviderPolicy,
  message: string,
  retryAfterMs: number | null,
): DeliveryOutcome {
  const delay = nextAttemptDelay(policy.action, delivery.attempts + 1);
  if (delay === undefined) return refused(delivery, 'failed', code, policy, message);
  return {
    ...refused(delivery, 'retry_wait', code, policy, message),
    retryInMs: Math.max(delay, retryAfterMs ?? 0),
  };
}

function effectOf(delivery: DueDelivery, code: string, { action, reason, remedy }: ProviderPolicy): Effect {
  const problem = { code, reason: `${reason} ${remedy}` };
  switch (action.type) {
    case 'pause-sender':
      return { type: 'pause', sender: true, resumeInMs: null, ...problem };
    case 'pause-campaign':
      return { type: 'pause', sender: false, resumeInMs: null, ...problem };
    case 'stop-campaign':
      return { type: 'pause', sender: action.pauseSender, resumeInMs: null, ...problem };
    case 'wait':
      return action.scope === 'campaign' && nextAttemptDelay(action, delivery.attempts + 1) !== undefined
        ? { type: 'pause', sender: false, resumeInMs: action.ms, ...problem }
        : NONE;
    case 'slow-down':
      return { type: 'slow-down', scope: action.scope, factor: action.factor, code };
    case 'suppress':
      return { type: 'suppress', code, reason, after: 1, forMs: null };
    case 'fail':
      if (action.suppressAfter !== undefined) {
        return { type: 'suppress', code, reason, after: action.suppressAfter, forMs: null };
      }
      if (action.notBeforeMs !== undefined) {
        return { type: 'suppress', code, reason, after: 1, forMs: action.notBeforeMs };
      }
      // A refusal without WhatsApp's own error body: something between here and there answers for it.
      return Number.isNaN(Number(code)) ? { type: 'trip', ...problem } : NONE;
    case 'fail-and-trip':
      return { type: 'trip', ...problem };
    case 'retry':
    case 'retry-same-key':
    case 'delay-pair':
    case 'unknown':
      return NONE;
  }
}

const blank = ({ id }: DueDelivery): Omit<DeliveryOutcome, 'state'> => ({
  id,
  providerMessageId: null,
  errorCode: null,
  errorKind: null,
  errorMessage: null,
  retryInMs: null,
});

const refused = (
  delivery: DueDelivery,
  state: DeliveryOutcome['state'],
  errorCode: string,
  policy: ProviderPolicy,
  errorMessage: string,
): DeliveryOutcome => ({ ...blank(delivery), state, errorCode, errorKind: policy.kind, errorMessage });
