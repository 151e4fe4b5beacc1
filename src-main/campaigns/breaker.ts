import {
  createFailureWindow,
  type FailureWindow,
  type WindowFailures,
  type WindowPlace,
} from '@shared/domain/campaign-safety';
import type { Channel } from '@shared/contract/templates';
import type { DeliveryOutcome } from './ledger/repository';
import { explain } from './reasons';
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
   * Notes a settled message; answers the failures where the campaign has to stop. One that was not begun here, or has
   * no id, is taken to have begun now.
   */
  note(
    campaign: Watched,
    outcome: Pick<DeliveryOutcome, 'state' | 'errorCode'> & { readonly id?: string },
  ): WindowFailures | null;
  /** Forgets what was counted: whoever resumes a campaign has seen its failures. */
  reset(campaignId: string): void;
}

type Watched = Pick<CampaignRow, 'id' | 'stopAtFailureShare'>;

interface WatchedCampaign {
  readonly window: FailureWindow;
  readonly underWay: Map<string, WindowPlace>;
}

export function createBreaker(): Breaker {
  const windows = new Map<string, WatchedCampaign>();
  const watched = (campaignId: string): WatchedCampaign => {
    const known = windows.get(campaignId) ?? { window: createFailureWindow(), underWay: new Map() };
    windows.set(campaignId, known);
    return known;
  };
  return {
    begin({ id, stopAtFailureShare }, deliveryId) {
      if (stopAtFailureShare === null) return;
      const { window, underWay } = watched(id);
      underWay.set(deliveryId, window.begin());
    },
    leave(campaignId, deliveryId) {
      const underWay = windows.get(campaignId)?.underWay;
      underWay?.get(deliveryId)?.leave();
      underWay?.delete(deliveryId);
    },
    note({ id, stopAtFailureShare }, { id: deliveryId = '', state, errorCode }) {
      if (stopAtFailureShare === null) return null;
      const { window, underWay } = watched(id);
      const place = underWay.get(deliveryId) ?? window.begin();
      place.settle(state === 'failed' ? (errorCode ?? '') : null);
      const failures = window.over(stopAtFailureShare);
      if (failures !== null) windows.delete(id);
      return failures;
    },
    reset: (campaignId) => void windows.delete(campaignId),
  };
}

/** Why a campaign is stopped by its failures, and what an operator does about it. */
export function stoppedBecause(channel: Channel, { failed, of, mainCode }: WindowFailures) {
  const { reason } = explain(channel, mainCode, null);
  return {
    code: 'failure_rate',
    reason:
      `Stopped: ${failed} of the last ${of} messages failed. Most often: ${reason} ` +
      'Look at the failures, then resume or cancel.',
    resumeInMs: null,
  };
}
