import {
  createFailureWindow,
  type FailureWindow,
  type WindowFailures,
  type WindowPlace,
} from '@shared/domain/campaign-safety';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryOutcome } from './ledger/repository';
import { explain, OWN_CODES } from './reasons';
import type { CampaignRow } from './repository';

/**
 * The circuit breaker of one process: all jobs of a campaign that run here share its window. Each machine
 * sees its own part of the campaign, which is enough to notice that something is wrong with the whole.
 */
export interface Breaker {
  /** The request to this recipient begins: failures are weighed in this order, however soon they answer. */
  begin(campaign: Watched, deliveryId: string): void;
  /** It has ended without being settled, or was settled already. */
  leave(campaignId: string, deliveryId: string): void;
  /**
   * Notes a settled message; answers the failures where the campaign has to stop. One that got no answer is as bad as
   * a failure: whoever went on would know of nobody any more. One that was not begun here, or has no id, is taken to
   * have begun now.
   */
  note(
    campaign: Watched,
    outcome: Pick<DeliveryOutcome, 'state' | 'errorCode'> & { readonly id?: string },
  ): WindowFailures | null;
  /** Forgets what was counted: whoever resumes a campaign has seen its failures. */
  reset(campaignId: string): void;
}

type Watched = Pick<CampaignRow, 'id' | 'stopAtFailureShare' | 'resumedAt'>;

interface WatchedCampaign {
  readonly resumedAt: number;
  readonly window: FailureWindow;
  readonly underWay: Map<string, WindowPlace>;
}

export function createBreaker(): Breaker {
  const windows = new Map<string, WatchedCampaign>();
  /** Null for what was begun before the last resume, which another machine's jobs may have seen earlier. */
  const watched = ({ id, resumedAt: at }: Watched): WatchedCampaign | null => {
    const resumedAt = at?.getTime() ?? 0;
    const known = windows.get(id);
    if (known !== undefined && known.resumedAt >= resumedAt)
      return known.resumedAt === resumedAt ? known : null;
    const fresh = { resumedAt, window: createFailureWindow(), underWay: new Map<string, WindowPlace>() };
    windows.set(id, fresh);
    return fresh;
  };
  return {
    begin(campaign, deliveryId) {
      if (campaign.stopAtFailureShare === null) return;
      const found = watched(campaign);
      found?.underWay.set(deliveryId, found.window.begin());
    },
    leave(campaignId, deliveryId) {
      const underWay = windows.get(campaignId)?.underWay;
      underWay?.get(deliveryId)?.leave();
      underWay?.delete(deliveryId);
    },
    note(campaign, { id: deliveryId = '', state, errorCode }) {
      if (campaign.stopAtFailureShare === null) return null;
      const found = watched(campaign);
      if (found === null) return null;
      const place = found.underWay.get(deliveryId) ?? found.window.begin();
      place.settle(state === 'failed' || state === 'unknown' ? (errorCode ?? '') : null);
      const failures = found.window.over(campaign.stopAtFailureShare);
      if (failures !== null) windows.delete(campaign.id);
      return failures;
    },
    reset: (campaignId) => void windows.delete(campaignId),
  };
}

/** Why a campaign is stopped by its failures, and what an operator does about it. */
export function stoppedBecause(channel: Channel, { failed, of, mainCode }: WindowFailures) {
  const { reason } = explain(channel, mainCode, null);
  const what = mainCode === OWN_CODES.noAnswer ? 'failed or got no answer' : 'failed';
  return {
    code: 'failure_rate',
    reason:
      `Stopped: ${failed} of the last ${of} messages ${what}. Most often: ${reason} ` +
      'Look at the failures, then resume or cancel.',
    resumeInMs: null,
  };
}
