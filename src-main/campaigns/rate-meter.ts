/** Recipients settled a second over the last 10 s, from counts that are read anyway. */
const WINDOW_MS = 10_000;
/** Campaigns nobody has looked at for so long are forgotten. */
const FORGET_MS = 60_000;

interface Sample {
  readonly at: number;
  readonly settled: number;
}

export interface RateMeter {
  /** Notes a count and answers the rate; null until two counts are at least half a second apart. */
  note(campaignId: string, settled: number): number | null;
}

export function createRateMeter(now: () => number = Date.now): RateMeter {
  const samples = new Map<string, Sample[]>();

  const forget = (at: number): void => {
    for (const [id, known] of samples) {
      if ((known.at(-1)?.at ?? 0) < at - FORGET_MS) samples.delete(id);
    }
  };

  return {
    note(campaignId, settled) {
      const at = now();
      forget(at);
      const known = (samples.get(campaignId) ?? []).filter((sample) => sample.at >= at - WINDOW_MS);
      const first = known[0];
      samples.set(campaignId, [...known, { at, settled }]);
      if (first === undefined || at - first.at < 500) return null;
      // Put back for a retry, the count falls: that is no rate.
      return Math.max(0, ((settled - first.settled) * 1_000) / (at - first.at));
    },
  };
}
