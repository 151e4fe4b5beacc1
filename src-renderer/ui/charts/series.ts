/** One moment of a chart. A value that is null or missing was not measured: a gap, never zero. */
export interface SeriesPoint {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly values: Readonly<Record<string, number | null>>;
  /** True where somebody watched although nothing could be measured: a time without jobs has no run time. */
  readonly watched?: boolean;
}

export type ChartColor =
  1 | 2 | 3 | 4 | 5 | 6 | 'success' | 'warning' | 'danger' | 'info' | 'neutral' | 'accent';

export interface Series {
  readonly id: string;
  readonly label: string;
  readonly color: ChartColor;
  /** What it is compared with, of an earlier time: a dashed line, whatever the others are drawn as. */
  readonly earlier?: boolean;
}

/** The CSS colour of a series, in the scheme of the moment. */
export function colorOf(color: ChartColor): string {
  return typeof color === 'number' ? `var(--chart-${color})` : `var(--${color})`;
}

const DASHES = ['none', '6 3', '2 2.5', '9 3 2 3', '4 2', '1 3'] as const;

export const EARLIER_DASH = '4 3';

/** Lines also differ in their pattern, for eyes that do not tell the colours apart. */
export function dashOf(index: number): string {
  return DASHES[index % DASHES.length] ?? 'none';
}

export type Band = readonly [number, number];

/** The bands of stacked series at one point, bottom first; null where that series has no reading. */
export function stackAt(point: SeriesPoint, ids: readonly string[]): Readonly<Record<string, Band | null>> {
  let base = 0;
  const bands: Record<string, Band | null> = {};
  for (const id of ids) {
    const value = point.values[id] ?? null;
    bands[id] = value === null ? null : [base, base + value];
    base += value ?? 0;
  }
  return bands;
}

const hasReading = (point: SeriesPoint, ids: readonly string[]): boolean =>
  point.watched === true || ids.some((id) => typeof point.values[id] === 'number');

/** The stretches without any reading, to the first after: a point stands where its step begins, and that was read. */
export function gapsOf(
  points: readonly SeriesPoint[],
  ids: readonly string[],
): readonly (readonly [number, number])[] {
  const gaps: (readonly [number, number])[] = [];
  let from: number | null = null;
  for (const point of points) {
    if (!hasReading(point, ids)) {
      from ??= point.at;
    } else if (from !== null) {
      gaps.push([from, point.at]);
      from = null;
    }
  }
  const last = points.at(-1)?.at ?? 0;
  if (from !== null && last > from) gaps.push([from, last]);
  return gaps;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const STEPS = [
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
] as const;

/** Round moments between two, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): readonly number[] {
  const span = Math.max(1, to - from);
  const step = STEPS.find((each) => span / each <= most) ?? Math.ceil(span / most / (24 * HOUR)) * 24 * HOUR;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

const NICE = [1, 2, 2.5, 5, 10] as const;
const Y_STEPS = 4;

/** Round values from zero to at least `max`, at most five; whole numbers where halves mean nothing. */
export function valueTicks(max: number, wholeOnly: boolean): readonly number[] {
  const rough = (max > 0 ? max : 1) / Y_STEPS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = (NICE.find((each) => each * power >= rough) ?? 10) * power;
  const step = wholeOnly ? Math.max(1, Math.ceil(nice)) : nice;
  const steps = Math.max(1, Math.ceil(max / step));
  // Twelve digits are enough to print and free of 0.30000000000000004.
  return Array.from({ length: steps + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** The highest value to be drawn: of the sum where series are stacked. */
export function highest(points: readonly SeriesPoint[], ids: readonly string[], stacked: boolean): number {
  let top = 0;
  for (const { values } of points) {
    let sum = 0;
    for (const id of ids) {
      const value = values[id] ?? 0;
      sum += value;
      if (!stacked) top = Math.max(top, value);
    }
    if (stacked) top = Math.max(top, sum);
  }
  return top;
}

/** A reading that no line leads to or from: it is seen only if it is drawn as a dot. */
export function standsAlone(points: readonly SeriesPoint[], index: number, id: string): boolean {
  const has = (at: number): boolean => typeof points[at]?.values[id] === 'number';
  return has(index) && !has(index - 1) && !has(index + 1);
}

/** The distance between readings, ms: bars need half of it at both ends. */
export function intervalOf(points: readonly SeriesPoint[]): number {
  let least = Infinity;
  for (let index = 1; index < points.length; index += 1) {
    const before = points[index - 1];
    const here = points[index];
    if (before && here) least = Math.min(least, here.at - before.at);
  }
  return Number.isFinite(least) ? least : 0;
}
