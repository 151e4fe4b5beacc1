import type { SenderPace } from '@shared/contract/audiences';
import type { SenderWork } from './repository';

/** Fewer say nothing of the rate: the first messages of a campaign begin slowly. */
const ENOUGH = 50;
/** "No limit" in figures that can be written down. */
export const FASTEST = 100_000;

/** The rate that a sender shows, never more than it may have now; without enough messages, what it may have. */
export function paceOf({ ratePerSecond, accepted, seconds, ahead }: SenderWork, setting: number): SenderPace {
  const limit = Math.min(FASTEST, ratePerSecond ?? setting);
  const measured = accepted >= ENOUGH && seconds > 0;
  return { perSecond: measured ? Math.min(limit, accepted / seconds) : limit, measured, ahead };
}
