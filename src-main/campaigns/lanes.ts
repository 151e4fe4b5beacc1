import type { WhatsAppGateway, WhatsAppMessage } from '../providers/gateway';
import { createGroupCommit } from './group-commit';
import type { BatchScope, DeliveryOutcome, LeasedDelivery, LedgerRepository } from './ledger/repository';
import type { Pacer } from './pace';
import { judge, type Effect } from './verdict';

export interface SendingLimits {
  /** Requests one job has under way at once. At 12.5 a second and 15 s time-out, more are never needed. */
  readonly lanes: number;
  /** Recipients taken from the ledger at once. */
  readonly leaseSize: number;
  /** How long a worker may be silent before its recipients are taken from it. Longer than a request's time-out. */
  readonly leaseMs: number;
}

/** Figures: claims of 200 were measured at 67,000 rows/s (design/providers.md); the lease is twice a time-out. */
export const SENDING_LIMITS: SendingLimits = { lanes: 64, leaseSize: 200, leaseMs: 30_000 };

export interface LanesDependencies {
  readonly ledger: LedgerRepository;
  readonly pacer: Pacer;
  readonly gateway: WhatsAppGateway;
  readonly scope: BatchScope;
  readonly owner: string;
  readonly senderKey: string;
  /** Read before every message: a change in Settings takes effect at once. */
  readonly perSecond: () => number;
  readonly content: (delivery: LeasedDelivery) => WhatsAppMessage['content'];
  readonly limits: SendingLimits;
  /** Ends the claims; what is under way is waited for. */
  readonly stop: AbortController;
  readonly onSettled: (outcome: DeliveryOutcome) => void;
  readonly onEffect: (delivery: LeasedDelivery, effect: Effect) => Promise<void>;
}

/**
 * Sends what is due in one batch until nothing is left to take, or until stopped. The order for every
 * recipient: leased, its turn, `sending` committed, the request, the outcome committed. Rejects with the
 * first error of the database or the engine, after what was under way has been written down.
 */
export async function sendDue(deps: LanesDependencies): Promise<void> {
  const { ledger, limits, owner, stop } = deps;
  const next = createSupply(deps);
  const inTurn = createTurnstile(() => deps.pacer.turn(deps.senderKey, deps.perSecond(), stop.signal));
  const begin = createGroupCommit<string, boolean>(async (ids) => {
    const begun = await ledger.beginSending(ids, owner, limits.leaseMs);
    return (id) => begun.has(id);
  });
  const record = createGroupCommit<DeliveryOutcome, true>(async (outcomes) => {
    await ledger.record(outcomes, owner);
    return () => true;
  });

  const send = async (delivery: LeasedDelivery): Promise<void> => {
    const pairWaitMs = await deps.pacer.pairWaitMs(deps.senderKey, delivery.recipient);
    if (pairWaitMs > 0) return ledger.postpone(delivery.id, owner, pairWaitMs);
    if (!(await inTurn())) return;
    if (!(await begin.add(delivery.id))) {
      stop.abort();
      return;
    }
    const message = { to: delivery.recipient, deliveryId: delivery.id, content: deps.content(delivery) };
    const { outcome, effect } = judge(delivery, await deps.gateway.send(message, toTheEnd()));
    await record.add(outcome);
    deps.onSettled(outcome);
    if (effect.type !== 'none') await deps.onEffect(delivery, effect);
  };

  const lane = async (): Promise<void> => {
    try {
      for (let delivery = await next(); delivery !== undefined; delivery = await next()) await send(delivery);
    } catch (error) {
      stop.abort();
      throw error;
    }
  };

  const ends = await Promise.allSettled(Array.from({ length: limits.lanes }, lane));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** A request is never cut off: one that was begun is waited for, the gateway's own time-out ends it. */
const toTheEnd = (): AbortSignal => new AbortController().signal;

/** Hands out leased recipients one by one, and leases more when they run out. Undefined: nothing is due. */
function createSupply({
  ledger,
  scope,
  owner,
  limits,
  perSecond,
  stop,
}: LanesDependencies): () => Promise<LeasedDelivery | undefined> {
  const ready: LeasedDelivery[] = [];
  let leasing: Promise<void> | undefined;
  let drained = false;

  const lease = async (): Promise<void> => {
    // No more than is sent in a few seconds: what is leased here, no other worker can take.
    const size = Math.min(limits.leaseSize, Math.max(10, Math.ceil(perSecond() * 4)));
    const taken = await ledger.lease(scope, owner, size, limits.leaseMs);
    ready.push(...taken);
    drained = taken.length === 0;
  };

  return async () => {
    while (!stop.signal.aborted) {
      const delivery = ready.shift();
      if (delivery !== undefined) return delivery;
      if (drained) return undefined;
      leasing ??= lease().finally(() => {
        leasing = undefined;
      });
      await leasing;
    }
    return undefined;
  };
}

/** One at a time: the lanes of a job do not reserve permits ahead of each other. */
function createTurnstile(turn: () => Promise<boolean>): () => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const mine = last.then(turn, turn);
    last = mine.catch((): void => {
      // Its own lane reports it; the lanes behind it only wait.
    });
    return mine;
  };
}
