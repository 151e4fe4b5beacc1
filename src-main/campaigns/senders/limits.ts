import { isOutage } from '../outage';
import type { SenderRepository } from './repository';

/** A change is followed within a second on every machine: this, a query, and the places reserved ahead. */
const READ_EVERY_MS = 250;

export interface FollowedLimit {
  /** Messages a second, as last read. */
  perSecond(): number;
  end(): void;
}

/** What senders may send a second, read again and again while somebody sends through them. */
export interface SenderLimits {
  /** `known` counts until the first read, and where there is no row or it names no limit. */
  follow(senderId: string | null, known: number): FollowedLimit;
}

interface Followed {
  perSecond: number;
  followers: number;
}

/**
 * One query for all senders that this process sends through. A read that fails changes nothing; `report` hears of
 * it, once until the next one that does not, unless the database is away: whoever sends finds that out by itself.
 */
export function createSenderLimits(
  senders: Pick<SenderRepository, 'limits'>,
  report: (error: unknown) => void,
  everyMs = READ_EVERY_MS,
): SenderLimits {
  const followed = new Map<string, Followed>();
  let timer: NodeJS.Timeout | undefined;
  let isReported = false;

  const read = async (): Promise<void> => {
    const limits = await senders.limits([...followed.keys()]);
    for (const [id, perSecond] of limits) {
      const one = followed.get(id);
      if (one !== undefined) one.perSecond = perSecond;
    }
    isReported = false;
  };
  const failed = (error: unknown): void => {
    if (isReported || isOutage(error)) return;
    isReported = true;
    report(error);
  };
  const readOn = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      if (followed.size === 0) return;
      void read().catch(failed).then(readOn);
    }, everyMs).unref();
  };

  return {
    follow(senderId, known) {
      if (senderId === null) return { perSecond: () => known, end: () => undefined };
      const one = followed.get(senderId) ?? { perSecond: known, followers: 0 };
      if (one.followers === 0) one.perSecond = known;
      one.followers += 1;
      followed.set(senderId, one);
      readOn();
      return {
        perSecond: () => one.perSecond,
        end: () => {
          one.followers -= 1;
          if (one.followers === 0) followed.delete(senderId);
        },
      };
    },
  };
}
