import { createRateMeter, type RateMeter } from '@shared/domain/rate-eta';

const WINDOW_MS = 10_000;
/** Campaigns nobody has looked at for so long are forgotten. */
const FORGET_MS = 60_000;

/** Recipients settled a second over the last 10 s, measured from counts that are read anyway. */
export interface CampaignRates {
  /** Notes a count and answers the rate; null until there is enough to tell. */
  note(campaignId: string, settled: number): number | null;
}

export function createCampaignRates(now: () => number = Date.now): CampaignRates {
  const meters = new Map<string, { meter: RateMeter; at: number }>();

  return {
    note(campaignId, settled) {
      const at = now();
      for (const [id, known] of meters) if (known.at < at - FORGET_MS) meters.delete(id);
      const { meter } = meters.get(campaignId) ?? { meter: createRateMeter(WINDOW_MS) };
      meters.set(campaignId, { meter, at });
      meter.record(settled, at);
      return meter.perSecond(at) ?? null;
    },
  };
}
