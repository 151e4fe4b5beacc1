import { setMaxListeners } from 'node:events';
import type { WhatsAppGateway, WhatsAppMessage } from '../providers/gateway';
import type { Commits } from './commits';
import { createLaneCount, runLanes } from './lane-pool';
import { createLead } from './lead';
import type { BatchScope, DeliveryOutcome, DueDelivery, LedgerRepository } from './ledger/repository';
import { wait, type Pacer, type Place } from './pace';
import { createSupply } from './supply';
import { judge, type Effect } from './verdict';

export interface SendingLimits {
  /** Requests one job has under way at once where its sender has no limit; otherwise rate and latency decide. */
  readonly lanes: number;
  /** Recipients read from the ledger at once, at most. */
  readonly readAhead: number;
  /** How long a worker may be silent before its recipients are taken from it. Longer than a request's time-out. */
  readonly silenceMs: number;
}

/** A whole batch is read at once where nothing limits its sender; a worker is given up after twice a request's time-out. */
export const SENDING_LIMITS: SendingLimits = { lanes: 64, readAhead: 1_000, silenceMs: 30_000 };

export interface LanesDependencies {
  readonly ledger: Pick<LedgerRepository, 'due' | 'postpone'>;
  /** Shared by the batches of this process. */
  readonly commits: Commits;
  readonly pacer: Pacer;
  readonly gateway: WhatsAppGateway;
  readonly scope: BatchScope;
  readonly owner: string;
  readonly senderKey: string;
  /** Read before every message: a change of the limit takes effect at once. */
  readonly perSecond: () => number;
  /** See `Supply`. */
  readonly holdBack: () => Promise<void>;
  readonly content: (delivery: DueDelivery) => WhatsAppMessage['content'];
  readonly limits: SendingLimits;
  /** Ends the claims; what is under way is waited for. */
  readonly stop: AbortController;
  /** The recipient is claimed, and its request begins. */
  readonly onBegun: (delivery: DueDelivery) => void;
  /** Nothing more happens to the recipient in this round; also where something went wrong. */
  readonly onLeft: (delivery: DueDelivery) => void;
  readonly onSettled: (outcome: DeliveryOutcome) => Promise<void>;
  readonly onEffect: (delivery: DueDelivery, effect: Effect) => Promise<void>;
}

/**
 * Sends what is due in one batch until nothing is left to take, or until stopped. The order for every
 * recipient: read, its place in the sender's line known, `sending` committed just before its time, the
 * request at its time, the outcome committed. Rejects with the first error of the database or the engine,
 * after what was under way has been written down.
 */
export async function sendDue(deps: LanesDependencies): Promise<void> {
  const { commits, limits, owner, pacer, perSecond, senderKey, stop } = deps;
  // Every lane listens for it.
  setMaxListeners(0, stop.signal);
  const supply = createSupply(deps);
  const lead = createLead();
  const lanes = createLaneCount(limits.lanes, perSecond);

  const begin = async ({ id, attempts }: DueDelivery): Promise<boolean> => {
    const startedAt = performance.now();
    const begun = await commits.begin({ id, campaignId: deps.scope.campaignId, owner, attempts });
    lead.note(performance.now() - startedAt);
    return begun;
  };

  /** From here on it is sent, whatever happens. One that missed its time gets a new one: no burst follows. */
  const itsTime = async (place: Place): Promise<void> => {
    let mine = place;
    for (;;) {
      await wait(mine.at - performance.now());
      if (performance.now() <= mine.until) return;
      mine = (await pacer.reserve(senderKey, perSecond)) ?? mine;
    }
  };

  const send = async (delivery: DueDelivery): Promise<void> => {
    const place = await pacer.reserve(senderKey, perSecond, stop.signal);
    if (place === null) return;
    if (!(await wait(place.at - performance.now() - lead.ms(), stop.signal))) return;
    if (!(await begin(delivery))) {
      stop.abort();
      return;
    }
    await itsTime(place);
    deps.onBegun(delivery);
    const message = { to: delivery.recipient, deliveryId: delivery.id, content: deps.content(delivery) };
    const postedAt = performance.now();
    const { outcome, effect } = judge(delivery, await deps.gateway.send(message, TO_THE_END));
    lanes.answered(performance.now() - postedAt);
    await commits.record({ ...outcome, owner });
    await deps.onSettled(outcome);
    if (effect.type !== 'none') await deps.onEffect(delivery, effect);
  };

  const one = async (): Promise<boolean> => {
    const delivery = await supply.next();
    if (delivery === undefined) return false;
    try {
      await send(delivery);
    } finally {
      deps.onLeft(delivery);
      supply.done(delivery);
    }
    return true;
  };
  await runLanes(one, lanes.wanted, stop);
}

/** A request is never cut off: one that was begun is waited for, the gateway's own time-out ends it. */
const TO_THE_END = new AbortController().signal;
setMaxListeners(0, TO_THE_END);
