import { z } from 'zod';
import { ok, type Result } from '@shared/errors';
import type { AuditEntry, JobLog, JobLogStatus } from '@shared/contract/activity';
import { AdsappQueue } from '@shared/domain/queues';
import type { Logger } from '../logging/logger';
import { cursorAt, positionAt } from '../paging';
import type { AnalyticsRepository } from './analytics/repository';
import type { Audit } from './audit';
import { statusOf } from './log-status';
import type { ActivityRepository, JobLogPosition } from './repository';

/** PostgreSQL's own text of a moment, such as `2026-11-24 11:21:09.123456+00`. */
const Moment = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?[+-]\d\d(?::?\d\d)?$/);
const JobLogCursor = z.tuple([Moment, z.uuid()]).transform(([at, id]): JobLogPosition => ({ at, id }));
const DAY_MS = 86_400_000;
const AuditCursor = z.int().positive();

/** Job history, statistics and the audit log of one organization. */
export const createActivityService = (
  repository: ActivityRepository,
  analytics: Pick<AnalyticsRepository, 'refresh' | 'lastDays'>,
) => ({
  async jobLogs(
    organizationId: string,
    filter: {
      status?: JobLogStatus | undefined;
      jobType?: string | undefined;
      jobId?: string | undefined;
      userId?: string | undefined;
      cause?: string | undefined;
      from?: string | undefined;
      to?: string | undefined;
      cursor?: string | undefined;
      limit: number;
    },
  ): Promise<Result<{ logs: JobLog[]; nextCursor: string | null }>> {
    const before = positionAt(filter.cursor, JobLogCursor);
    if (!before.ok) return before;
    const limit = filter.limit + 1;
    const rows = await repository.jobLogs({ ...filter, organizationId, before: before.value, limit });
    const page = rows.slice(0, filter.limit);
    const last = page.at(-1);
    const more = rows.length > filter.limit && last !== undefined;
    return ok({
      logs: page.map(toJobLog),
      nextCursor: more ? cursorAt([last.position, last.id]) : null,
    });
  },

  async stats(organizationId: string, days: number) {
    const from = new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
    await analytics.refresh(organizationId, { from });
    const [byType, byDay] = await Promise.all([
      repository.stats(organizationId, days),
      analytics.lastDays(organizationId, days),
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
    const before = positionAt(cursor, AuditCursor);
    if (!before.ok) return before;
    const rows = await repository.audit(organizationId, before.value, limit + 1);
    const entries = rows.slice(0, limit).map((row) => ({
      seq: row.seq,
      at: row.created_at.toISOString(),
      actor: row.actor_name ?? row.actor,
      action: row.action,
      target: row.target,
      detail: row.detail,
    }));
    const last = entries.at(-1);
    return ok({ entries, nextCursor: rows.length > limit && last !== undefined ? cursorAt(last.seq) : null });
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

type JobLogRow = Awaited<ReturnType<ActivityRepository['jobLogs']>>[number];

const toJobLog = (row: JobLogRow): JobLog => ({
  id: row.id,
  jobId: row.job_id,
  queue: AdsappQueue.safeParse(row.queue_name ?? row.job_type).data ?? null,
  jobType: row.job_type,
  status: statusOf(row.status),
  userName: row.user_name,
  result: row.result,
  errorDetails: row.error_details,
  createdAt: (row.created_at ?? new Date(0)).toISOString(),
  startedAt: row.started_at?.toISOString() ?? null,
  completedAt: row.completed_at?.toISOString() ?? null,
  durationMs: row.duration_ms,
});
