import { z } from 'zod';
import { command, query } from '../rpc/define';
import { AdsappQueue } from '../domain/queues';
import { CampaignId, ImportId, ProfileId } from '../domain/ids';
import { Count, Cursor, Download, Empty, Instant, TableFormat } from './common';

export const JobLogStatus = z.enum([
  'queued',
  'running',
  'completed',
  'partial_success',
  'partial_failure',
  'failed',
  'cancelled',
]);
export type JobLogStatus = z.infer<typeof JobLogStatus>;

/** A row of the guide's `job_logs`. */
export const JobLog = z.object({
  id: z.uuid(),
  jobId: z.string(),
  queue: AdsappQueue.nullable(),
  jobType: z.string(),
  status: JobLogStatus,
  userName: z.string().nullable(),
  result: z.unknown(),
  errorDetails: z.unknown(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  completedAt: Instant.nullable(),
  /** Ms at work over all runs of a job that has ended. */
  durationMs: z.number().nullable(),
});
export type JobLog = z.infer<typeof JobLog>;

export const JobStats = z.object({
  jobType: z.string(),
  total: Count,
  completed: Count,
  failed: Count,
  running: Count,
  averageSeconds: z.number().nullable(),
});
export type JobStats = z.infer<typeof JobStats>;

export const AuditEntry = z.object({
  seq: Count,
  at: Instant,
  actor: z.string(),
  action: z.string(),
  target: z.string().nullable(),
  detail: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** A day in UTC: `2026-11-29`. */
export const Day = z.iso.date();

/** The days that figures are of, both included, and of which type of job. */
export const AnalyticsRange = z.object({ from: Day, to: Day, jobType: z.string().max(200).optional() });
export type AnalyticsRange = z.infer<typeof AnalyticsRange>;

const Figures = z.object({
  total: Count,
  completed: Count,
  failed: Count,
  partial: Count,
  cancelled: Count,
  running: Count,
  /** Completed of those that ended, 0 to 1; null where none ended. */
  successRate: z.number().nullable(),
  averageMs: z.number().nullable(),
});

/** Percentiles are read from buckets and at most 5 % off. */
const TimedFigures = Figures.extend({ p50Ms: z.number().nullable(), p95Ms: z.number().nullable() });

export const SlowJob = z.object({
  id: z.uuid(),
  jobId: z.string(),
  queue: AdsappQueue.nullable(),
  jobType: z.string(),
  status: JobLogStatus,
  userName: z.string().nullable(),
  durationMs: z.number(),
  createdAt: Instant,
  campaignId: CampaignId.nullable(),
  importId: ImportId.nullable(),
});
export type SlowJob = z.infer<typeof SlowJob>;

export const Analytics = z.object({
  totals: TimedFigures,
  byType: z.array(TimedFigures.extend({ jobType: z.string() })),
  byUser: z.array(Figures.extend({ userId: ProfileId.nullable(), name: z.string().nullable() })),
  byDay: z.array(z.object({ day: Day, completed: Count, failed: Count, cancelled: Count })),
  /** The most frequent first, at most 20. */
  causes: z.array(z.object({ jobType: z.string(), cause: z.string(), jobs: Count })),
  /** The slowest first, at most 20; those that were cleaned up are gone from it. */
  slowest: z.array(SlowJob),
  /** Days whose jobs were cleaned up: their figures stand, their jobs are gone. */
  cleanedDays: Count,
  /** Days whose figures are still being added up, and are not in these: ask again. */
  pendingDays: Count,
});
export type Analytics = z.infer<typeof Analytics>;

/** What of the analytics is exported. */
export const AnalyticsPart = z.enum(['byDay', 'byType', 'byUser', 'causes', 'slowest']);
export type AnalyticsPart = z.infer<typeof AnalyticsPart>;

/** Days that the rows of ended jobs are kept. */
export const KeepDays = z.int().min(1).max(3_650);

export const CleanUp = z.object({
  at: Instant,
  days: Count,
  removed: Count,
  /** By hand, or by the console once a day. */
  by: z.enum(['operator', 'console']),
});
export type CleanUp = z.infer<typeof CleanUp>;

export const activity = {
  jobLogs: query({
    input: z.object({
      status: JobLogStatus.optional(),
      jobType: z.string().optional(),
      jobId: z.string().optional(),
      userId: ProfileId.optional(),
      /** Failed, wholly or in part, of this cause: as the analytics name it. */
      cause: z.string().max(120).optional(),
      /** Created on these days (UTC), both included. */
      from: Day.optional(),
      to: Day.optional(),
      cursor: Cursor.optional(),
      limit: z.int().min(1).max(500).default(100),
    }),
    output: z.object({ logs: z.array(JobLog), nextCursor: Cursor.nullable() }),
  }),
  /** `get_organization_job_stats` of the guide. */
  stats: query({
    input: z.object({ days: z.int().min(1).max(365).default(30) }),
    output: z.object({
      total: Count,
      completed: Count,
      failed: Count,
      running: Count,
      byType: z.array(JobStats),
      byDay: z.array(z.object({ day: z.string(), completed: Count, failed: Count })),
    }),
  }),
  /** Everything about a range of at most two years, added up. */
  analytics: query({ input: AnalyticsRange, output: Analytics }),
  exportAnalytics: command({
    input: AnalyticsRange.extend({ part: AnalyticsPart, format: TableFormat }),
    output: Download,
  }),
  /** How many rows of ended jobs a clean-up would remove now, exactly; removes nothing. */
  oldLogs: query({
    input: z.object({ days: KeepDays }),
    output: z.object({ rows: Count, oldest: Instant.nullable(), last: CleanUp.nullable() }),
  }),
  /** Removes the rows of jobs that ended more than so many days ago. The figures of the days and the audit log stay. */
  cleanUp: command({ input: z.object({ days: KeepDays }), output: CleanUp }),
  audit: query({
    input: z.object({ cursor: Cursor.optional(), limit: z.int().min(1).max(500).default(100) }),
    output: z.object({ entries: z.array(AuditEntry), nextCursor: Cursor.nullable() }),
  }),
  /** Whether every entry of the audit log still matches the hash that follows from the one before. */
  verifyAudit: query({
    input: Empty,
    output: z.object({ entries: Count, intact: z.boolean(), brokenAt: Count.nullable() }),
  }),
};
