/** A sender with a limit never needs more than so many requests at once. */
const MOST_LANES = 512;
/** Lanes that wait for their place, in seconds of the rate: as far as places are reserved ahead, and a little. */
const AHEAD_SECONDS = 0.4;
const SPARE_LANES = 4;
/** What a request is taken to last until the first was answered, in ms. */
const FIRST_LATENCY_MS = 500;
const WEIGHT = 0.1;

/** How many requests have to be under way at once for the rate to be reached. */
export interface LaneCount {
  readonly wanted: () => number;
  /** A request was answered after so many ms. */
  readonly answered: (ms: number) => void;
}

/** As many as the rate has under way at the present latency, twice over; `unlimited` where there is no limit. */
export function createLaneCount(unlimited: number, perSecond: () => number): LaneCount {
  let latencyMs = FIRST_LATENCY_MS;
  return {
    wanted: () => {
      const rate = perSecond();
      if (rate === Infinity) return unlimited;
      const underWay = rate * (AHEAD_SECONDS + (2 * latencyMs) / 1_000);
      return Math.min(MOST_LANES, Math.ceil(underWay) + SPARE_LANES);
    },
    answered: (ms) => {
      latencyMs += WEIGHT * (ms - latencyMs);
    },
  };
}

/**
 * Repeats `step` in as many lanes as are wanted at each moment, until a step says that nothing is left or
 * `stop` is aborted, and waits for all of them. A step that rejects aborts `stop`; the first such error is
 * thrown in the end.
 */
export async function runLanes(
  step: () => Promise<boolean>,
  wanted: () => number,
  stop: AbortController,
): Promise<void> {
  let running = 0;
  let left = true;
  let failure: { readonly error: unknown } | undefined;

  const lane = async (): Promise<void> => {
    try {
      while (running <= wanted() && !stop.signal.aborted) {
        if (!(await step())) {
          left = false;
          return;
        }
        widen();
      }
    } catch (error) {
      failure ??= { error };
      stop.abort();
    }
  };

  let ended: () => void = () => undefined;
  const allEnded = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const widen = (): void => {
    while (running < wanted() && left && !stop.signal.aborted) {
      running += 1;
      void lane().then(() => {
        running -= 1;
        if (running === 0) ended();
      });
    }
  };
  widen();
  if (running > 0) await allEnded;
  if (failure !== undefined) throw failure.error;
}
