import type { Coordination } from '../engine/coordination';

/** WhatsApp: one message per 6 s to the same recipient, 45 at once after a quiet time. */
const PAIR = { perSecond: 1 / 6, burst: 45, maxWaitMs: 0 } as const;
/** Permits of a sender that may be used at once: more would show as bursts at the provider. */
const SENDER_BURST = 4;
/** A permit further ahead is not reserved: the rate may change or the campaign be paused meanwhile. */
const MAX_WAIT_MS = 2_000;

/** How fast one sender may send, over all machines. */
export interface Pacer {
  /** Waits for this worker's turn. False when stopped meanwhile. */
  turn(senderKey: string, perSecond: number, stop: AbortSignal): Promise<boolean>;
  /** 0 where the recipient may be written to now, else ms until then. */
  pairWaitMs(senderKey: string, recipient: string): Promise<number>;
  /** The provider said that it is too fast: this sender, or all of them, go on at a share of the rate. */
  slowDown(key: string, factor: number): void;
}

interface Cut {
  factor: number;
  at: number;
}

/** The key of cuts that concern every sender of the app. */
export const ALL_SENDERS = 'app';
const SLOWEST = 0.05;
/** After a cut the rate comes back by a tenth of itself every so many ms. */
const RECOVERY_MS = 10_000;
const RECOVERY_STEP = 1.1;
const SAME_CUT_MS = 1_000;

/** Pacing on the engine's clock; `Infinity` a second means no limit. Cuts are this process's own. */
export function createPacer(
  coordination: Pick<Coordination, 'acquire'>,
  now: () => number = Date.now,
): Pacer {
  const cuts = new Map<string, Cut>();

  const share = (key: string): number => {
    const cut = cuts.get(key);
    if (cut === undefined) return 1;
    const recovered = cut.factor * RECOVERY_STEP ** Math.floor((now() - cut.at) / RECOVERY_MS);
    if (recovered < 1) return recovered;
    cuts.delete(key);
    return 1;
  };

  return {
    async turn(senderKey, perSecond, stop) {
      while (!stop.aborted) {
        const rate = perSecond * share(senderKey) * share(ALL_SENDERS);
        if (rate === Infinity) return true;
        const pace = { perSecond: rate, burst: SENDER_BURST, maxWaitMs: MAX_WAIT_MS };
        const { granted, waitMs } = await coordination.acquire(senderKey, pace);
        if (granted) return wait(waitMs, stop);
        await wait(Math.min(Math.max(waitMs, 10), 1_000), stop);
      }
      return false;
    },
    async pairWaitMs(senderKey, recipient) {
      const { granted, waitMs } = await coordination.acquire(`${senderKey}:${recipient}`, PAIR);
      return granted ? 0 : Math.max(waitMs, 1);
    },
    slowDown(key, factor) {
      // Requests that were under way together are refused together: one cut answers them all.
      if (now() - (cuts.get(key)?.at ?? -Infinity) < SAME_CUT_MS) return;
      cuts.set(key, { factor: Math.max(SLOWEST, share(key) * factor), at: now() });
    },
  };
}

/** Resolves true after `ms`, false as soon as it is stopped. */
export function wait(ms: number, stop: AbortSignal): Promise<boolean> {
  if (stop.aborted) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (done: boolean) => (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', stopped);
      resolve(done);
    };
    const stopped = end(false);
    const timer = setTimeout(end(true), ms);
    stop.addEventListener('abort', stopped, { once: true });
  });
}
