import { z } from 'zod';
import { command, query } from '../rpc/define';
import { QueueName } from '../domain/queues';
import { Count, Download, Instant } from './common';
import { METRICS_DAYS } from './health';
import { Percentiles } from './queues';

const DAY_MINUTES = 24 * 60;

/** One step of a chart. Null means that nobody was watching: a gap, not a zero. */
export const ChartPoint = z.object({
  /** When the step begins. */
  at: Instant,
  /** Seconds of the step in which somebody watched; a rate is a count over these. 0 is a gap. */
  watchedSeconds: z.number(),
  /** Jobs that completed in this step: a count per step, which adds up over steps. */
  completed: z.number().nullable(),
  /** Jobs that failed for good in this step: a count per step, which adds up over steps. */
  failed: z.number().nullable(),
  /**
   * Jobs that waited: a gauge, which never adds up over time. It is the last reading in the step, summed
   * over the queues; where a watched step has no reading of its own yet, the last one of the two minutes before.
   * What waits under a name is read once a minute, and unknown where more wait than `MOST_NAMED_BACKLOG`.
   */
  backlog: z.number().nullable(),
  /** As the backlog, of jobs that run and of jobs that are due later; always null for a name. */
  active: z.number().nullable(),
  delayed: z.number().nullable(),
  /** How long the oldest waiting job had waited, in seconds: the highest reading of the step; 0 where none waits. */
  oldestSeconds: z.number().nullable(),
  /** Until the backlog is gone at the rate of the last minute or more; null also where that rate says nothing. */
  etaSeconds: z.number().nullable(),
  wait: Percentiles,
  run: Percentiles,
});
export type ChartPoint = z.infer<typeof ChartPoint>;

/** Up to so many minutes are drawn in steps of seconds, where all of them that anybody watched are in memory. */
export const FINE_MINUTES = 30;

/** Which time is drawn: the last minutes until now, or between two moments of the last 90 days. */
export const ChartWindow = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('last'),
    minutes: z
      .int()
      .min(5)
      .max(METRICS_DAYS * DAY_MINUTES),
  }),
  z.object({ kind: z.literal('between'), from: Instant, to: Instant }),
]);
export type ChartWindow = z.infer<typeof ChartWindow>;

/** What a chart is compared with: the same time a day or a week (7 × 24 hours) before. */
export const Compare = z.enum(['day', 'week']);
export type Compare = z.infer<typeof Compare>;

/** Names of jobs beyond the 50 of a queue that are counted one by one are counted together, under this one. */
export const OTHER_NAMES = '…';

/** Jobs of a queue whose names are looked at each minute: where more wait, what waits under a name is not known. */
export const MOST_NAMED_BACKLOG = 5_000;

const Subject = z.object({
  /** All queues together where none is named. */
  queue: QueueName.optional(),
  /** Only jobs of this name. */
  name: z.string().min(1).max(200).optional(),
  window: ChartWindow,
});

const Wanted = Subject.extend({ compare: Compare.optional() });
export type ChartWanted = z.infer<typeof Wanted>;

export const ChartSeries = z.object({
  from: Instant,
  to: Instant,
  stepSeconds: z.number().positive(),
  points: z.array(ChartPoint),
  /** As many points, of the time that it is compared with; null where nothing is compared. */
  compared: z.array(ChartPoint).nullable(),
  /** Steps in which what waited under the name is not known because more than `MOST_NAMED_BACKLOG` jobs waited. */
  tooMany: Count,
});
export type ChartSeries = z.infer<typeof ChartSeries>;

/** What ended under a name. */
export const NameCount = z.object({ name: z.string(), completed: Count, failed: Count });

/** What waits under a name now, and how fast it goes. */
export const NameBacklog = z.object({
  name: z.string(),
  waiting: Count,
  /** When the oldest of them was added. */
  oldestAt: Instant,
  /** Jobs of the name that ended a second, over the last minute. */
  perSecond: z.number(),
  /** As of a queue, of this name alone. */
  etaSeconds: z.number().nullable(),
});
export type NameBacklog = z.infer<typeof NameBacklog>;

export const charts = {
  series: query({ input: Wanted, output: ChartSeries }),
  /** The names of the jobs that ended or waited in that time, the most frequent first, at most 60. */
  names: query({
    input: Subject.omit({ name: true }),
    output: z.object({
      names: z.array(NameCount),
      /** Jobs that ended and were gone before their name could be read. */
      nameless: Count,
    }),
  }),
  /** What waits in a queue by the names of the jobs, the most first; beyond 100 names together. */
  waiting: query({
    input: z.object({ queue: QueueName }),
    output: z.object({
      names: z.array(NameBacklog),
      /** Jobs that were looked at, the oldest first: at most 50,000 of all that wait. */
      looked: Count,
      total: Count,
    }),
  }),
  /** What is drawn, as a CSV file: one line a step, with what it is compared with. */
  export: command({ input: Wanted, output: Download }),
};
