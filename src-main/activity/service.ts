import { z } from 'zod';
import { fail, ok, type Result } from '@shared/errors';
import { JobLogStatus, type AuditEntry, type JobLog } from '@shared/contract/activity';
import { QueueName } from '@shared/domain/queues';
import type { Logger } from '../logging/logger';
import type { Audit } from './audit';
import type { ActivityRepository, JobLogPosition } from './repository';

/** PostgreSQL's own text of a moment, such as `2026-11-24 11:21:09.123456+00`. */
const Moment = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::?\d\d)?$/);
const JobLogCursor = z.tuple([Moment, z.uuid()]);

/** Job history, statistics and the audit log of one organization. */
export const createActivityService = (repository: ActivityRepository) => ({
  async jobLogs(
    organizationId: string,
    filter: {
      status?: JobLogStatus | undefined;
      jobType?: string | undefined;
      jobId?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<Result<{ logs: JobLog[]; nextCursor: string | null }>> {
    const before = decodeCursor(filter.cursor);
    if (before === null) return fail(badCursor);
    const rows = await repository.jobLogs({ ...filter, organizationId, before, limit: filter.limit + 1 });
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const more = rows.length > filter.limit && last !== undefined;
    return ok({
      logs: page.map(toJobLog),
      nextCursor: more ? JSON.stringify([last.position, last.id]) : null,
    });
  },

  async stats(organizationId: string, days: number) {
    const [byType, byDay] = await Promise.all([
      repository.stats(organizationId, days),
      repository.statsByDay(organizationId, days),
    ]);
    const sum = (pick: (row: (typeof byType)[number]) => number): number =>
      byType.reduce((total, row) => total + pick(row), 0);
    return ok({
      total: sum((row) => row.total),
      completed: sum((row) => row.completed),
      failed: sum((row) => row.failed),
      running: sum((row) => row.running),
      byType: byType.map((row) => ({
        jobType: row.job_type,
        total: row.total,
        completed: row.completed,
        failed: row.failed,
        running: row.running,
        averageSeconds: row.avg_duration_ms === null ? null : row.avg_duration_ms / 1_000,
      })),
      byDay,
    });
  },

  async audit(
    organizationId: string,
    cursor: string | undefined,
    limit: number,
  ): Promise<Result<{ entries: AuditEntry[]; nextCursor: string | null }>> {
    const before = z.coerce.number().int().positive().optional().safeParse(cursor);
    if (!before.success) return fail(badCursor);
    const rows = await repository.audit(organizationId, before.data, limit + 1);
    const entries = rows.slice(0, limit).map((row) => ({
      seq: row.seq,
      at: row.created_at.toISOString(),
      actor: row.actor_name ?? row.actor,
      action: row.action,
      target: row.target,
      detail: row.detail,
    }));
    const last = entries.at(-1);
    return ok({ entries, nextCursor: rows.length > limit && last !== undefined ? String(last.seq) : null });
  },

  async verifyAudit(organizationId: string) {
    const { entries, brokenAt } = await repository.verifyAudit(organizationId);
    return ok({ entries, intact: brokenAt === null, brokenAt });
  },
});
export type ActivityService = ReturnType<typeof createActivityService>;

/** The audit log as a function; what cannot be written is logged and never fails the action it is about. */
export const createAudit =
  (repository: ActivityRepository, logger: Logger): Audit =>
  async ({ actor, action, target, detail }) => {
    try {
      await repository.appendAudit({
        organizationId: actor.organizationId,
        actor: actor.userId,
        action,
        target,
        detail: { ...detail, via: actor.via },
      });
    } catch (error) {
      logger.error(`The audit log could not be written for ${action}.`, { error });
    }
  };

const badCursor = {
  code: 'invalid_input' as const,
  message: 'This page does not exist any more.',
  action: 'Start again from the first page.',
  issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
};

/** Undefined for the first page, null for a cursor that is none. */
const decodeCursor = (cursor: string | undefined): JobLogPosition | undefined | null => {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = JobLogCursor.parse(JSON.parse(cursor));
    return { at, id };
  } catch {
    return null;
  }
};

type JobLogRow = Awaited<ReturnType<ActivityRepository['jobLogs']>>[number];

/** Rows written by others (the ADSapp platform itself) may use words of their own: they are shown as the nearest of ours. */
const toJobLog = (row: JobLogRow): JobLog => ({
  id: row.id,
  jobId: row.job_id,
  queue: QueueName.safeParse(row.queue_name ?? row.job_type).data ?? null,
  jobType: row.job_type,
  status: statusOf(row.status),
  userName: row.user_name,
  result: row.result,
  errorDetails: row.error_details,
  createdAt: (row.created_at ?? new Date(0)).toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  completedAt: row.completed_at?.toISOString() ?? null,
});

const statusOf = (status: string): JobLogStatus => {
  const known = JobLogStatus.safeParse(status);
  if (known.success) return known.data;
  switch (status) {
    case 'success':
      return 'completed';
    case 'active':
      return 'running';
    case 'error':
      return 'failed';
    default:
      return 'queued';
  }
};
