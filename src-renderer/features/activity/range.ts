import type { ActivitySearch } from './search';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
const DAYS = { week: 7, month: DEFAULT_DAYS, quarter: 90, year: 365 } as const;

/** A moment's day in UTC: `2026-11-29`. */
export const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** The days that the address means, both included; days are counted in UTC, as they are added up. */
export function daysOf(
  { range, from, to }: Pick<ActivitySearch, 'range' | 'from' | 'to'>,
  now: number,
): { readonly from: string; readonly to: string } {
  const today = dayOf(now);
  if (range === 'custom') {
    const last = to ?? today;
    const first = from ?? dayOf(Date.parse(last) - (DEFAULT_DAYS - 1) * DAY_MS);
    // Chosen the wrong way round: the same days are meant.
    return first <= last ? { from: first, to: last } : { from: last, to: first };
  }
  const days = range === undefined ? DEFAULT_DAYS : DAYS[range];
  return { from: dayOf(now - (days - 1) * DAY_MS), to: today };
}

/** Where a day stands on a local time axis: at the local midnight of the same date. */
export function localMidnight(day: string): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}
