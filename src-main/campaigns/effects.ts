import type { DeliveryOutcome, DueDelivery, LedgerRepository } from './ledger/repository';
import { stoppedBecause, type Breaker } from './breaker';
import { ALL_SENDERS, type Pacer } from './pace';
import type { CampaignRepository, CampaignRow } from './repository';
import type { SenderRepository } from './senders/repository';
import type { Effect } from './verdict';

/** Malformed requests stop a campaign at this many of one job, where they are half of all answers. */
const MALFORMED_MIN = 10;
const MALFORMED_SHARE = 0.5;

export interface EffectsDependencies {
  readonly campaign: CampaignRow;
  readonly campaigns: CampaignRepository;
  readonly senders: SenderRepository;
  readonly ledger: LedgerRepository;
  readonly pacer: Pacer;
  readonly breaker: Breaker;
  readonly senderKey: string;
  /** Recipients settled by this run so far. */
  readonly settled: () => number;
  readonly stop: () => void;
  readonly say: (line: string) => void;
}

export interface Effects {
  /** Does what the error policy asks for beyond the recipient's own row. */
  apply(delivery: DueDelivery, effect: Effect): Promise<void>;
  /** The request to this recipient begins. */
  readonly begun: (delivery: DueDelivery) => void;
  /** It has ended, and is written down. */
  readonly left: (delivery: DueDelivery) => void;
  /** Counts a settled message, and stops the campaign where too many of the last ones have failed. */
  settled(outcome: DeliveryOutcome): Promise<void>;
}

/** What follows from answers for the campaign, its sender and the recipient. */
export function createEffects(deps: EffectsDependencies): Effects {
  const { campaign, campaigns, senders, breaker } = deps;
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

  const settled = async (outcome: DeliveryOutcome): Promise<void> => {
    const failures = breaker.note(campaign, outcome);
    if (failures === null) return;
    await pause(false, stoppedBecause(campaign.channel, failures));
  };

  const apply = async (delivery: DueDelivery, effect: Effect): Promise<void> => {
    switch (effect.type) {
      case 'none':
        return;
      case 'pause':
        return pause(effect.sender, effect);
      case 'slow-down':
        return deps.pacer.slowDown(
          effect.scope === 'app' ? ALL_SENDERS : deps.senderKey,
          effect.factor,
          effect.code,
        );
      case 'suppress': {
        const { code, reason, forMs } = effect;
        const { organizationId } = campaign;
        const often =
          effect.after <= 1 ||
          (await deps.ledger.failuresOf({ organizationId, ...delivery }, code)) >= effect.after;
        if (!often) return;
        return senders.suppress(organizationId, campaign.channel, delivery.recipient, {
          code,
          reason,
          forMs,
        });
      }
      case 'trip': {
        trips += 1;
        if (trips < MALFORMED_MIN || trips < deps.settled() * MALFORMED_SHARE) return;
        return pause(false, {
          code: effect.code,
          reason: `Stopped after ${trips} refusals: ${effect.reason}`,
          resumeInMs: null,
        });
      }
    }
  };

  return {
    apply,
    settled,
    begun: ({ id }) => breaker.begin(campaign, id),
    left: ({ id }) => breaker.leave(campaign.id, id),
  };
}
