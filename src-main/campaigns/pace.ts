import type { Channel } from '@shared/contract/templates';
import type { Coordination, Lowered, Reservation } from '../engine/coordination';
import { createEngineClock } from './engine-clock';

/** WhatsApp: one message per 6 s to the same recipient, 45 at once after a quiet time. */
const PAIR = { perSecond: 1 / 6, burst: 45 } as const;
/** What the provider sees above the rate in any window, in messages. All of it is kept for lateness. */
export const SENDER_BURST = 4;
/** Timers are late by a few ms, whatever the rate: so late a message still goes, at the highest rates too. */
const LEAST_TOLERANCE_MS = 15;
/** Places are reserved so far ahead: more than a worker's longest pause, less than a change of the rate may take. */
const LOOKAHEAD_MS = 300;
/** Asked for no more often than this: what has come free meanwhile is reserved at once. */
const ASK_EVERY_MS = 50;
const ASK_AT_LEAST_MS = 500;
/** The rate that a refusal cuts where there is no limit: WhatsApp's own for a number. */
const UNLIMITED_CUT_FROM = 80;
/** Where there is no limit, nobody asks for a place: so often it is looked whether a refusal lowers the line. */
const LOOK_EVERY_MS = 500;

/** The key of cuts that concern every sender of the app. */
export const ALL_SENDERS = 'app';

/** The line of one sender. The provider counts by number and address, whoever of us sends through it. */
export const senderKey = (channel: Channel, address: string): string => `${channel}:${address}`;

/** When one message may go, in ms of this process's monotonic clock. */
export interface Place {
  readonly at: number;
  /** Later than this it may not be used: its successors are on their way, and together they would be a burst. */
  readonly until: number;
}

/** How fast one sender may send, over all machines. */
export interface Pacer {
  /**
   * The next place in the sender's line, as soon as its time is known: at most a few hundred ms ahead. Null when
   * stopped meanwhile. `perSecond` is asked again at every try; Infinity means no limit.
   */
  reserve(senderKey: string, perSecond: () => number, stop?: AbortSignal): Promise<Place | null>;
  /** In the order of the recipients: 0 where one may be written to now, else ms until then. */
  admit(senderKey: string, recipients: readonly string[]): Promise<number[]>;
  /** The provider said that it is too fast: everybody goes on at a share of the rate. */
  slowDown(key: string, factor: number, code: string): Promise<void>;
}

interface Waiter {
  readonly perSecond: () => number;
  readonly stop: AbortSignal | undefined;
  readonly resolve: (place: Place | null) => void;
  readonly reject: (error: unknown) => void;
}

interface Line {
  waiting: Waiter[];
  pumping: boolean;
  lowered: { readonly is: boolean; readonly lookedAt: number };
}

const ANY_TIME: Place = { at: -Infinity, until: Infinity };

/** A message may be so late that the places missed meanwhile, all used at once, stay within the burst. */
export const toleranceMs = (perSecond: number): number =>
  Math.max(((SENDER_BURST - 1) * 1_000) / perSecond, LEAST_TOLERANCE_MS);

/**
 * Pacing on the engine's clock. The line gives one place every 1/rate s and never two at once; the lanes of
 * this process share one request for places.
 */
export function createPacer(
  coordination: Pick<Coordination, 'reserve' | 'slowDown' | 'lowered' | 'admit'>,
  now: () => number = () => performance.now(),
): Pacer {
  const lines = new Map<string, Line>();
  const clock = createEngineClock();

  const lineOf = (key: string): Line => {
    const known = lines.get(key);
    if (known !== undefined) return known;
    const line: Line = { waiting: [], pumping: false, lowered: { is: false, lookedAt: -Infinity } };
    lines.set(key, line);
    return line;
  };

  const look = async (key: string, line: Line): Promise<void> => {
    line.lowered = { is: line.lowered.is, lookedAt: now() };
    const found = await coordination.lowered([key, ALL_SENDERS]);
    line.lowered = { is: found.some(isLowered), lookedAt: now() };
  };

  const ask = async (key: string, rate: number, count: number): Promise<Reservation> => {
    const perSecond = rate === Infinity ? UNLIMITED_CUT_FROM : rate;
    const pace = { perSecond, burst: 1, maxWaitMs: LOOKAHEAD_MS, within: ALL_SENDERS };
    const askedAt = now();
    const answer = await coordination.reserve(key, pace, count);
    clock.note(askedAt, now(), answer.nowMs);
    return answer;
  };

  const pump = async (key: string, line: Line): Promise<void> => {
    while (line.waiting.length > 0) {
      const rate = line.waiting[0]?.perSecond() ?? Infinity;
      const { startsMs, retryInMs } = await ask(key, rate, line.waiting.length);
      for (const start of startsMs) {
        const at = clock.here(start);
        // Whoever stopped meanwhile is out of the line; a place that nobody wants any more is lost.
        line.waiting.shift()?.resolve({ at, until: at + toleranceMs(rate) });
      }
      if (line.waiting.length === 0) return;
      if (retryInMs > 0) await wait(Math.min(Math.max(retryInMs, ASK_EVERY_MS), ASK_AT_LEAST_MS));
    }
  };

  const pumpOn = (key: string, line: Line): void => {
    if (line.pumping) return;
    line.pumping = true;
    void pump(key, line)
      .catch((error: unknown) => {
        for (const waiter of line.waiting.splice(0)) waiter.reject(error);
      })
      .finally(() => {
        line.pumping = false;
        if (line.waiting.length > 0) pumpOn(key, line);
      });
  };

  const queue = (
    key: string,
    line: Line,
    perSecond: () => number,
    stop: AbortSignal | undefined,
  ): Promise<Place | null> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        line.waiting = line.waiting.filter((other) => other !== waiter);
        resolve(null);
      };
      const done =
        <T>(end: (value: T) => void) =>
        (value: T): void => {
          stop?.removeEventListener('abort', leave);
          end(value);
        };
      const waiter = { perSecond, stop, resolve: done(resolve), reject: done(reject) };
      stop?.addEventListener('abort', leave, { once: true });
      line.waiting.push(waiter);
      pumpOn(key, line);
    });

  return {
    async reserve(senderKey, perSecond, stop) {
      if (stop?.aborted === true) return null;
      const line = lineOf(senderKey);
      if (perSecond() !== Infinity) return queue(senderKey, line, perSecond, stop);
      if (now() - line.lowered.lookedAt > LOOK_EVERY_MS) await look(senderKey, line);
      return line.lowered.is ? queue(senderKey, line, perSecond, stop) : ANY_TIME;
    },
    admit: (senderKey, recipients) => coordination.admit(senderKey, recipients, PAIR),
    async slowDown(key, factor, code) {
      await coordination.slowDown(key, factor, code);
      for (const line of lines.values()) line.lowered = { ...line.lowered, lookedAt: -Infinity };
    },
  };
}

const isLowered = ({ share, heldForMs }: Lowered): boolean => share < 1 || heldForMs > 0;

/** Resolves true after `ms`, never before, or false as soon as it is stopped. */
export function wait(ms: number, stop?: AbortSignal): Promise<boolean> {
  if (stop?.aborted === true) return Promise.resolve(false);
  if (ms <= 0) return Promise.resolve(true);
  return new Promise((resolve) => {
    const end = (done: boolean) => (): void => {
      clearTimeout(timer);
      stop?.removeEventListener('abort', stopped);
      resolve(done);
    };
    const stopped = end(false);
    const timer = setTimeout(end(true), Math.ceil(ms));
    stop?.addEventListener('abort', stopped, { once: true });
  });
}
