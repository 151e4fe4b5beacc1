import { METRICS_DAYS } from '@shared/contract/health';

/** A stretch of time, in epoch milliseconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const SECOND = 1_000;
const SHORTEST = 60 * SECOND;
const LONGEST = METRICS_DAYS * 86_400 * SECOND;

/** Within what is kept, at least a minute long, and on whole seconds. */
export function fitted({ from, to }: Span, now: number): Span {
  const length = Math.min(LONGEST, Math.max(SHORTEST, to - from));
  const middle = (from + to) / 2;
  // What would lie in the future, or too long ago, is moved and not cut: the length is what was asked for.
  const end = Math.min(now, Math.max(now - LONGEST + length, middle + length / 2));
  return { from: Math.floor((end - length) / SECOND) * SECOND, to: Math.ceil(end / SECOND) * SECOND };
}

/** The middle half of it, or twice as much around it. */
export function zoomed({ from, to }: Span, how: 'in' | 'out', now: number): Span {
  const reach = ((to - from) / 2) * (how === 'in' ? 0.5 : 2);
  const middle = (from + to) / 2;
  return fitted({ from: middle - reach, to: middle + reach }, now);
}

/** Half of its length earlier or later. */
export function moved({ from, to }: Span, how: 'earlier' | 'later', now: number): Span {
  const by = ((to - from) / 2) * (how === 'earlier' ? -1 : 1);
  return fitted({ from: from + by, to: to + by }, now);
}
