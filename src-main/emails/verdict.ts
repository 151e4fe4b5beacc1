import {
  nextAttemptDelay,
  resendPolicy,
  unknownOutcome,
  type ProviderPolicy,
} from '@shared/domain/provider-policy';
import { OWN_CODES } from '../campaigns/reasons';
import type { BatchOutcome, Rejection } from '../providers/gateway';
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

/** Whether the provider has forgotten the batch's key by now, or may have: the same request would be a new one. */
export const isKeyExpired = ({ createdAt }: EmailBatch, now: number): boolean =>
  now - createdAt.getTime() > KEY_LIFETIME_MS;

/**
 * The error policy applied to the answer to one batch; `attempt` counts from 1. Pure. Once a request may have arrived
 * the batch stays uncertain, whatever is said of the later ones: its emails never go under another key.
 */
export function judgeBatch(
  batch: EmailBatch,
  attempt: number,
  answer: BatchOutcome,
  now: number,
): EmailVerdict {
  switch (answer.type) {
    case 'accepted':
      return record({ ...blank, state: 'accepted', ids: answer.ids });
    case 'not-sent':
      return record({ ...blank, state: 'retry_wait', retryInMs: 0, uncertain: batch.uncertain });
    case 'unknown': {
      // Safe to repeat: the key is kept by the provider for a day.
      const delay = nextAttemptDelay(resendPolicy('application_error', null).action, attempt);
      return delay === undefined || isKeyExpired(batch, now)
        ? lost(answer.message)
        : record({
            ...refused('retry_wait', OWN_CODES.noAnswer, unknownOutcome, answer.message),
            retryInMs: delay,
            uncertain: true,
          });
    }
    case 'rejected': {
      const policy = resendPolicy(answer.code, answer.httpStatus);
      const uncertain = batch.uncertain || mayHaveBeenTaken(answer);
      return rejected({ ...batch, uncertain }, attempt, policy, answer);
    }
  }
}

/** An earlier try is still being worked on, or the server broke off in the middle of this one. */
const mayHaveBeenTaken = ({ code, httpStatus }: Rejection): boolean =>
  code === 'concurrent_idempotent_requests' || httpStatus === null || httpStatus >= 500;

function rejected(
  batch: EmailBatch,
  attempt: number,
  policy: ProviderPolicy,
  { code, message, retryAfterMs }: Rejection,
): EmailVerdict {
  const { action } = policy;
  const { uncertain } = batch;
  // Whoever cancels it meanwhile has to know that it may have been sent.
  const known = uncertain ? { ...policy, kind: unknownOutcome.kind } : policy;
  switch (action.type) {
    case 'retry':
    case 'retry-same-key':
    case 'slow-down':
    case 'delay-pair':
    case 'wait': {
      const delay = nextAttemptDelay(action, attempt);
      if (delay === undefined)
        return uncertain ? lost(message) : record(refused('failed', code, policy, message));
      const retryInMs = Math.max(delay, retryAfterMs ?? 0);
      return record({ ...refused('retry_wait', code, known, message), retryInMs, uncertain });
    }
    case 'pause-sender':
    case 'pause-campaign':
    case 'stop-campaign': {
      const sender =
        action.type === 'pause-sender' || (action.type === 'stop-campaign' && action.pauseSender);
      const pause = { sender, code, reason: `${policy.reason} ${policy.remedy}` };
      return record({ ...refused('retry_wait', code, known, message), retryInMs: 0, uncertain }, pause);
    }
    case 'fail-and-trip': {
      // The sender address is wrong: every further batch would be refused as well.
      const pause = { sender: false, code, reason: `${policy.reason} ${policy.remedy}` };
      return uncertain ? lost(message, pause) : record(refused('failed', code, policy, message), pause);
    }
    case 'suppress':
    case 'fail':
      // The very same content was refused, so an earlier try of it was as well. Of other refusals that is not known.
      if (uncertain && policy.kind === 'unlisted') return lost(message);
      return batch.deliveryIds.length > 1
        ? { type: 'split' }
        : record(refused('failed', code, policy, message));
    case 'unknown':
      return record(refused('unknown', code, policy, message));
  }
}

/** Given up, and nobody knows whether an earlier try has arrived. */
const lost = (message: string, pause: EmailPause | null = null): EmailVerdict =>
  record(refused('unknown', OWN_CODES.noAnswer, unknownOutcome, message), pause);

const record = (outcome: EmailBatchOutcome, pause: EmailPause | null = null): EmailVerdict => ({
  type: 'record',
  outcome,
  pause,
});

const blank = {
  ...{ ids: [], errorCode: null, errorKind: null, errorMessage: null, retryInMs: null },
  uncertain: false,
} as const;

const refused = (
  state: EmailBatchOutcome['state'],
  errorCode: string,
  policy: ProviderPolicy,
  errorMessage: string,
): EmailBatchOutcome => ({ ...blank, state, errorCode, errorKind: policy.kind, errorMessage });
