import { z } from 'zod';
import { query } from '../rpc/define';
import { QueueName } from '../domain/queues';
import { Count, Cursor, Empty, Instant } from './common';

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
  queue: QueueName.nullable(),
  jobType: z.string(),
  status: JobLogStatus,
  userName: z.string().nullable(),
  result: z.unknown(),
  errorDetails: z.unknown(),
  createdAt: Instant,
  startedAt: Instant.nullable(),
  completedAt: Instant.nullable(),
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

export const activity = {
  jobLogs: query({
    input: z.object({
      status: JobLogStatus.optional(),
      jobType: z.string().optional(),
      jobId: z.string().optional(),
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
