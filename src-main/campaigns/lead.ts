/** A pause is obeyed by whoever has not begun: so long before its time a message may be begun, no longer. */
const LONGEST_MS = 100;
/** Timers wake up late by so much. */
const TIMER_MS = 2;
/** How much the latest figure counts. */
const WEIGHT = 0.2;

/** How long before its time a message has to be begun, so that it is committed when its time comes. */
export interface Lead {
  readonly ms: () => number;
  /** How long it took this time. */
  readonly note: (ms: number) => void;
}

/** Mean and three mean deviations of what was seen lately, as TCP estimates its time-outs. */
export function createLead(startMs = 10): Lead {
  let mean = startMs;
  let deviation = startMs / 4;
  return {
    ms: () => Math.min(LONGEST_MS, mean + 3 * deviation + TIMER_MS),
    note: (ms) => {
      deviation += WEIGHT * (Math.abs(ms - mean) - deviation);
      mean += WEIGHT * (ms - mean);
    },
  };
}
