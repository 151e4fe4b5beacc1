import {
  nextAttemptDelay,
  resendPolicy,
  unknownOutcome,
  type ProviderPolicy,
} from '@shared/domain/provider-policy';
import { OWN_CODES } from '../campaigns/reasons';
import type { BatchOutcome } from '../providers/gateway';
import { KEY_LIFETIME_MS } from '../providers/resend';
import type { EmailBatch, EmailBatchOutcome } from './repository';

export type EmailVerdict =
  | { readonly type: 'record'; readonly outcome: EmailBatchOutcome; readonly pause: EmailPause | null }
  /** One of several is refused: which one, only smaller batches tell. */
  | { readonly type: 'split' };

export interface EmailPause {
  readonly sender: boolean;
  readonly code: string;
  readonly reason: string;
}

/** The error policy applied to the answer to one batch; `attempt` counts from 1. Pure. */
export function judgeBatch(
  batch: EmailBatch,
  attempt: number,
  answer: BatchOutcome,
  now: number,
): EmailVerdict {
  const expired = now - batch.createdAt.getTime() > KEY_LIFETIME_MS;
  switch (answer.type) {
    case 'accepted':
      return record({ ...blank, state: 'accepted', ids: answer.ids });
    case 'not-sent':
      return record({ ...blank, state: 'retry_wait', retryInMs: 0 });
    case 'unknown': {
      // Safe to repeat: the key is kept by the provider for a day.
      const delay = nextAttemptDelay(resendPolicy('application_error', null).action, attempt);
      return delay === undefined || expired
        ? record(refused('unknown', OWN_CODES.noAnswer, unknownOutcome, answer.message))
        : record({
            ...refused('retry_wait', OWN_CODES.noAnswer, unknownOutcome, answer.message),
            retryInMs: delay,
          });
    }
    case 'rejected': {
      const policy = resendPolicy(answer.code, answer.httpStatus);
      return rejected(batch, attempt, answer.code, policy, answer.message, answer.retryAfterMs);
    }
  }
}

function rejected(
  batch: EmailBatch,
  attempt: number,
  code: string,
  policy: ProviderPolicy,
  message: string,
  retryAfterMs: number | null,
): EmailVerdict {
  const { action } = policy;
  switch (action.type) {
    case 'retry':
    case 'retry-same-key':
    case 'slow-down':
    case 'delay-pair':
    case 'wait': {
      const delay = nextAttemptDelay(action, attempt);
      if (delay === undefined) return record(refused('failed', code, policy, message));
      const retryInMs = Math.max(delay, retryAfterMs ?? 0);
      return record({ ...refused('retry_wait', code, policy, message), retryInMs });
    }
    case 'pause-sender':
    case 'pause-campaign':
    case 'stop-campaign': {
      const sender =
        action.type === 'pause-sender' || (action.type === 'stop-campaign' && action.pauseSender);
      const pause = { sender, code, reason: `${policy.reason} ${policy.remedy}` };
      return record({ ...refused('retry_wait', code, policy, message), retryInMs: 0 }, pause);
    }
    case 'fail-and-trip': {
      // The sender address is wrong: every further batch would be refused as well.
      const pause = { sender: false, code, reason: `${policy.reason} ${policy.remedy}` };
      return record(refused('failed', code, policy, message), pause);
    }
    case 'suppress':
    case 'fail':
      return batch.deliveryIds.length > 1
        ? { type: 'split' }
        : record(refused('failed', code, policy, message));
    case 'unknown':
      return record(refused('unknown', code, policy, message));
  }
}

const record = (outcome: EmailBatchOutcome, pause: EmailPause | null = null): EmailVerdict => ({
  type: 'record',
  outcome,
  pause,
});

const blank = { ids: [], errorCode: null, errorKind: null, errorMessage: null, retryInMs: null } as const;

const refused = (
  state: EmailBatchOutcome['state'],
  errorCode: string,
  policy: ProviderPolicy,
  errorMessage: string,
): EmailBatchOutcome => ({ ...blank, state, errorCode, errorKind: policy.kind, errorMessage });
