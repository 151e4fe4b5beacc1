/** A quick answer tells the engine's time best. It counts for this long to twice as long: clocks drift apart. */
const SPAN_MS = 10_000;

/** Translates the engine's clock into this process's monotonic one, from the answers that are had anyway. */
export interface EngineClock {
  /** An answer that was asked for and came at these times here, and was made at `engineMs` there. */
  note(askedAt: number, answeredAt: number, engineMs: number): void;
  /** The same moment on the clock of this process. Only after a first note. */
  here(engineMs: number): number;
}

interface Answer {
  readonly ahead: number;
  readonly tookMs: number;
}

/**
 * A process that was held up sees an answer late; taken for the engine's time it would shift every place that
 * follows. So the quickest answer of the last seconds counts: it was late by half its own time at the most. Of two spans
 * of time the quickest are kept, so that a slow answer never counts only because a quick one has grown old.
 */
export function createEngineClock(): EngineClock {
  let quickest: Answer | undefined;
  let quickestBefore: Answer | undefined;
  let spanFrom = -Infinity;
  return {
    note(askedAt, answeredAt, engineMs) {
      if (answeredAt - spanFrom >= SPAN_MS) {
        quickestBefore = answeredAt - spanFrom < 2 * SPAN_MS ? quickest : undefined;
        quickest = undefined;
        spanFrom = answeredAt;
      }
      const tookMs = answeredAt - askedAt;
      if (quickest !== undefined && tookMs > quickest.tookMs) return;
      quickest = { ahead: engineMs - (askedAt + answeredAt) / 2, tookMs };
    },
    here(engineMs) {
      const best = quickerOf(quickest, quickestBefore);
      if (best === undefined) throw new Error('The engine has not said its time yet.');
      return engineMs - best.ahead;
    },
  };
}

const quickerOf = (one: Answer | undefined, other: Answer | undefined): Answer | undefined =>
  one === undefined || (other !== undefined && other.tookMs < one.tookMs) ? other : one;
