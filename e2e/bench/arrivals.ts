/** The most arrivals in any window of so many ms, its start included and its end not; in any order. */
export function mostWithin(times: readonly number[], windowMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, time] of sorted.entries()) {
    while (time - (sorted[first] ?? time) >= windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

/**
 * The first arrival that comes earlier than a pace allows: at each moment at most `allowedBy` of it have come. Unlike a
 * window, this holds on a machine of any speed: a stamp that is late only makes it later. Null where all keep to it.
 */
export function firstTooEarly(
  times: readonly number[],
  allowedBy: (at: number) => number,
): { readonly place: number; readonly at: number } | null {
  const sorted = [...times].sort((a, b) => a - b);
  const index = sorted.findIndex((at, n) => n + 1 > allowedBy(at));
  const at = sorted[index];
  return at === undefined ? null : { place: index + 1, at };
}

/**
 * Arrivals a second, without so many ms at the beginning and at the end.
 * @throws RangeError where nothing is left between
 */
export function steadyPerSecond(times: readonly number[], edgeMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  const from = (sorted[0] ?? 0) + edgeMs;
  const to = (sorted.at(-1) ?? 0) - edgeMs;
  const steady = sorted.filter((time) => time >= from && time <= to);
  const [first] = steady;
  const last = steady.at(-1);
  if (first === undefined || last === undefined || last <= first) throw new RangeError('Nothing was steady.');
  return ((steady.length - 1) * 1_000) / (last - first);
}
