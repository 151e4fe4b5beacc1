import { parseCron } from './cron';
import { nextRuns, previousRun } from './next-run';
import { describeCron, describeOnce, isTimeZone, type ScheduleWords } from './schedule-wording';

/** Ms after its due time from which a campaign does not begin by itself any more, but asks. */
export const OVERDUE_GRACE_MS = 10 * 60_000;

/** When something runs: by cron, or once at an instant in ISO 8601; the clocks are those of an IANA zone. */
export type When =
  | { readonly kind: 'cron'; readonly pattern: string; readonly timeZone: string }
  | { readonly kind: 'once'; readonly at: string; readonly timeZone: string };

/** "Every weekday at 09:00, Europe/Berlin", or what is wrong with it. */
export const describeWhen = (when: When): ScheduleWords =>
  when.kind === 'cron' ? describeCron(when.pattern, when.timeZone) : describeOnce(when.at, when.timeZone);

/** The next `count` times after `after`, in ms since 1970; none where there is something wrong with it. */
export function upcoming(when: When, after: number, count: number): number[] {
  if (!isTimeZone(when.timeZone)) return [];
  if (when.kind === 'cron') return nextRuns(when.pattern, when.timeZone, after, count);
  const at = Date.parse(when.at);
  return at > after ? [at] : [];
}

export interface DueTimes {
  /** The latest time that has come, in ms since 1970. */
  readonly latest: number;
  /** Times before it, counted up to `MOST_COUNTED`. */
  readonly missed: number;
}

/** Beyond this it is said that there were many. */
export const MOST_COUNTED = 1_000;

/** What has come of a schedule that is due since `since`; null where nothing has. */
export function dueTimes(when: When, since: number, now: number): DueTimes | null {
  if (since > now) return null;
  if (when.kind === 'once' || !isTimeZone(when.timeZone) || !parseCron(when.pattern).ok)
    return { latest: since, missed: 0 };
  const latest = Math.max(since, previousRun(when.pattern, when.timeZone, now) ?? since);
  const times = nextRuns(when.pattern, when.timeZone, since - 1, MOST_COUNTED + 1);
  return { latest, missed: times.filter((time) => time < latest).length };
}
