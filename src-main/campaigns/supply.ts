import type { BatchScope, DueDelivery, LedgerRepository } from './ledger/repository';
import type { Pacer } from './pace';

/** No more is read than is sent in so many seconds: until then who is read may opt out or be cancelled. */
const AHEAD_SECONDS = 4;
const LEAST = 10;

export interface SupplyDependencies {
  readonly ledger: Pick<LedgerRepository, 'due' | 'postpone'>;
  readonly pacer: Pick<Pacer, 'admit'>;
  readonly scope: BatchScope;
  readonly senderKey: string;
  readonly perSecond: () => number;
  /** Holds back who is not to be written to by now; called before every reading. */
  readonly holdBack: () => Promise<void>;
  readonly limits: { readonly readAhead: number };
  readonly stop: AbortController;
}

/** Recipients that may be written to now, one by one. */
export interface Supply {
  /** Undefined: nobody is due, or it was stopped. */
  next(): Promise<DueDelivery | undefined>;
  /** The ledger says by now what became of a recipient that was handed out: it may be read again. */
  done(delivery: DueDelivery): void;
}

/** Reads who is due, and more before they run out. Who was written to a moment ago is put off. */
export function createSupply({
  ledger,
  pacer,
  scope,
  limits,
  perSecond,
  holdBack,
  senderKey,
  stop,
}: SupplyDependencies): Supply {
  const ready: DueDelivery[] = [];
  const underWay = new Set<string>();
  let reading: Promise<void> | undefined;
  let drained = false;

  const read = async (): Promise<void> => {
    await holdBack();
    const wanted = Math.max(LEAST, Math.ceil(perSecond() * AHEAD_SECONDS));
    const due = await ledger.due(scope, Math.min(limits.readAhead, wanted), [...underWay]);
    const waits = await pacer.admit(
      senderKey,
      due.map(({ recipient }) => recipient),
    );
    const later = due.flatMap(({ id }, n) => (waits[n] === 0 ? [] : [{ id, ms: waits[n] ?? 0 }]));
    if (later.length > 0) await ledger.postpone(later);
    ready.push(...due.filter((_, n) => waits[n] === 0));
    drained = due.length === 0;
  };

  const more = (): Promise<void> => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  return {
    async next() {
      while (!stop.signal.aborted) {
        const delivery = ready.shift();
        if (delivery !== undefined) {
          underWay.add(delivery.id);
          return delivery;
        }
        if (drained) return undefined;
        await more();
      }
      return undefined;
    },
    done: ({ id }) => void underWay.delete(id),
  };
}
