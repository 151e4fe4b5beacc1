import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { Count, Download, Empty, Instant, TableFormat } from './common';
import { JobSummary } from './queues';

const Named = z.object({ id: z.string(), label: z.string().nullable(), count: Count });

/** Failed jobs with one cause, over all queues. */
export const FailureGroup = z.object({
  /** The fingerprint, see domain/error-fingerprint.ts. */
  cause: z.string(),
  /** The message with what varies from job to job as placeholders. */
  title: z.string(),
  /** Somebody cancelled these jobs: nothing broke. */
  cancelled: z.boolean(),
  count: Count,
  /** Of all failed jobs, 0 to 1. */
  share: z.number(),
  firstSeen: Instant,
  lastSeen: Instant,
  /** Failures in each step of the trend, oldest first. */
  trend: z.array(Count),
  queues: z.array(z.object({ queue: z.string(), count: Count })),
  names: z.array(z.object({ name: z.string(), count: Count })),
  /** The most affected, and how many there are. */
  campaigns: z.array(Named),
  campaignCount: Count,
  imports: z.array(Named),
  importCount: Count,
});
export type FailureGroup = z.infer<typeof FailureGroup>;

const Which = z.object({ queue: z.string().optional() });

export const failures = {
  /** The most frequent cause first; at most 500. */
  groups: query({
    input: Which,
    output: z.object({
      total: Count,
      causes: Count,
      /** When the first step of every trend begins, and how long one is. */
      trendFrom: Instant,
      trendStepMs: z.number(),
      groups: z.array(FailureGroup),
    }),
  }),
  /** Says when the groups may have changed, at most once a second. */
  changes: stream({ input: Empty, output: z.object({ at: Instant }) }),
  /** Failed jobs of one cause, the latest first. */
  jobs: query({
    input: Which.extend({ cause: z.string(), start: Count, count: z.int().min(1).max(200) }),
    output: z.object({ total: Count, jobs: z.array(JobSummary) }),
  }),
  /** The failed jobs of one cause, or all of them, as a spreadsheet. */
  export: command({
    input: Which.extend({ cause: z.string().optional(), format: TableFormat }),
    output: Download,
  }),
};
