import type { z } from 'zod';
import type { Percentiles } from '@shared/contract/queues';

/**
 * Counts of durations in buckets that grow by 2^(1/4), from 1 ms to about a day: a percentile is right
 * within 9 %, and histograms of several minutes or hosts add up, which percentiles do not.
 */
export type Histogram = number[];

const STEPS_PER_DOUBLING = 4;
const BUCKETS = 108;

export const bucketOf = (ms: number): number =>
  Math.min(BUCKETS - 1, Math.max(0, Math.ceil(STEPS_PER_DOUBLING * Math.log2(Math.max(1, ms)))));

/** The middle of a bucket in ms. */
const valueOf = (bucket: number): number => (bucket === 0 ? 1 : 2 ** ((bucket - 0.5) / STEPS_PER_DOUBLING));

export const count = (histogram: Histogram, ms: number): void => {
  const bucket = bucketOf(ms);
  while (histogram.length <= bucket) histogram.push(0);
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
};

export const addInto = (sum: Histogram, more: readonly number[]): void => {
  while (sum.length < more.length) sum.push(0);
  for (let bucket = 0; bucket < more.length; bucket += 1)
    sum[bucket] = (sum[bucket] ?? 0) + (more[bucket] ?? 0);
};

export const sizeOf = (histogram: readonly number[]): number => histogram.reduce((sum, n) => sum + n, 0);

/** In ms with one decimal; null where nothing was counted. */
export const percentiles = (histogram: readonly number[]): z.infer<typeof Percentiles> => {
  const size = sizeOf(histogram);
  if (size === 0) return null;
  const at = (share: number): number => {
    const rank = Math.ceil(size * share);
    let seen = 0;
    const bucket = histogram.findIndex((n) => (seen += n) >= rank);
    return Math.round(valueOf(bucket) * 10) / 10;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
};
