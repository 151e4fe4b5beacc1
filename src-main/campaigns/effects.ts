import type { LeasedDelivery, LedgerRepository } from './ledger/repository';
import { ALL_SENDERS, type Pacer } from './pace';
import type { CampaignRepository, CampaignRow } from './repository';
import type { SenderRepository } from './senders/repository';
import type { Effect } from './verdict';

/** The circuit breaker opens at this many malformed requests of one job, where they are half of all answers. */
const BREAKER_MIN = 10;
const BREAKER_SHARE = 0.5;

export interface EffectsDependencies {
  readonly campaign: CampaignRow;
  readonly campaigns: CampaignRepository;
  readonly senders: SenderRepository;
  readonly ledger: LedgerRepository;
  readonly pacer: Pacer;
  readonly senderKey: string;
  /** Recipients settled by this run so far. */
  readonly settled: () => number;
  readonly stop: () => void;
  readonly say: (line: string) => void;
}

/** Does what the error policy asks for beyond the recipient's own row. */
export function createEffects(
  deps: EffectsDependencies,
): (delivery: LeasedDelivery, effect: Effect) => Promise<void> {
  const { campaign, campaigns, senders } = deps;
  let trips = 0;

  const pause = async (
    sender: boolean,
    cause: { readonly code: string; readonly reason: string; readonly resumeInMs: number | null },
  ): Promise<void> => {
    deps.stop();
    if (sender && campaign.sender !== null) {
      await senders.pause(campaign.sender.id, { ...cause, untilMs: cause.resumeInMs });
    }
    if (await campaigns.pause(campaign.id, cause)) deps.say(`The campaign is paused: ${cause.reason}`);
  };

  return async (delivery, effect) => {
    switch (effect.type) {
      case 'none':
        return;
      case 'pause':
        return pause(effect.sender, effect);
      case 'slow-down':
        deps.pacer.slowDown(effect.scope === 'app' ? ALL_SENDERS : deps.senderKey, effect.factor);
        return;
      case 'suppress': {
        const { code, reason, forMs } = effect;
        const often =
          effect.after <= 1 ||
          (delivery.contactId !== null &&
            (await deps.ledger.failuresOf(delivery.contactId, code)) >= effect.after);
        if (!often) return;
        return senders.suppress(campaign.organizationId, campaign.channel, delivery.recipient, {
          code,
          reason,
          forMs,
        });
      }
      case 'trip': {
        trips += 1;
        if (trips < BREAKER_MIN || trips < deps.settled() * BREAKER_SHARE) return;
        return pause(false, {
          code: effect.code,
          reason: `Stopped after ${trips} refusals: ${effect.reason}`,
          resumeInMs: null,
        });
      }
    }
  };
}
