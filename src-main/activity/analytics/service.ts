import type { Analytics, AnalyticsRange, SlowJob } from '@shared/contract/activity';
import { CampaignId, ImportId, ProfileId } from '@shared/domain/ids';
import { AdsappQueue } from '@shared/domain/queues';
import { fail, ok, type Result } from '@shared/errors';
import { statusOf } from '../log-status';
import type { AnalyticsRepository, SlowRow, Sums } from './repository';

const DAY_MS = 86_400_000;
/** Longest range, in days. */
const MOST_DAYS = 731;
const SLOWEST = 20;
/** Adding up takes no longer before there is something to look at. */
const ANSWER_WITHIN_MS = 500;

/** The figures of an organization's jobs over a range of days (UTC). */
export const createAnalyticsService = (repository: AnalyticsRepository) => ({
  /**
   * Where very many days have changed, those that were added up in time, and how many are left: ask again.
   * Fails where the range ends before it begins, or is longer than two years.
   */
  async analytics(
    organizationId: string,
    range: AnalyticsRange,
    budgetMs = ANSWER_WITHIN_MS,
  ): Promise<Result<Analytics>> {
    const days = (Date.parse(range.to) - Date.parse(range.from)) / DAY_MS + 1;
    if (days < 1 || days > MOST_DAYS) return fail(badRange);
    const pending = await repository.refresh(organizationId, { from: range.from, budgetMs });
    const [summed, cleanedDays] = await Promise.all([
      repository.summed(organizationId, pending === null ? range : after(range, pending.latest)),
      repository.cleanedDays(organizationId, range),
    ]);
    const slow = await repository.slowJobs(
      organizationId,
      summed.slow.map(({ id }) => id),
    );
    const timesOf = (type: string | null) => {
      const found = summed.percentiles.find(({ t }) => t === type);
      return { p50Ms: found?.p50 ?? null, p95Ms: found?.p95 ?? null };
    };
    return ok({
      totals: { ...figures(summed.types.reduce(add, NOTHING)), ...timesOf(null) },
      byType: summed.types.map((sums) => ({ jobType: sums.t, ...figures(sums), ...timesOf(sums.t) })),
      byUser: summed.users.map((sums) => ({
        userId: sums.u === null ? null : ProfileId.parse(sums.u),
        name: sums.name,
        ...figures(sums),
      })),
      byDay: summed.days,
      causes: summed.causes.map(({ t, c, n }) => ({ jobType: t, cause: c, jobs: n })),
      slowest: slow.slice(0, SLOWEST).map(toSlowJob),
      cleanedDays,
      pendingDays: pending?.days ?? 0,
    });
  },
});
export type AnalyticsService = ReturnType<typeof createAnalyticsService>;

/** The days of a range after the latest that is still to be added up; its last one at least. */
const after = (range: AnalyticsRange, latest: string): AnalyticsRange => {
  const next = new Date(Date.parse(latest) + DAY_MS).toISOString().slice(0, 10);
  return { ...range, from: next > range.to ? range.to : next };
};

const badRange = {
  code: 'invalid_input' as const,
  message: 'This range cannot be shown.',
  action: 'Choose a first day before the last one, and at most two years.',
  issues: [{ path: 'from', message: 'is not up to two years before the last day' }],
};

const NOTHING: Sums = {
  ...{ total: 0, completed: 0, failed: 0, partial: 0 },
  ...{ cancelled: 0, running: 0, timed: 0, ms: 0 },
};

const add = (sum: Sums, more: Sums): Sums => ({
  total: sum.total + more.total,
  completed: sum.completed + more.completed,
  failed: sum.failed + more.failed,
  partial: sum.partial + more.partial,
  cancelled: sum.cancelled + more.cancelled,
  running: sum.running + more.running,
  timed: sum.timed + more.timed,
  ms: sum.ms + more.ms,
});

const figures = ({ total, completed, failed, partial, cancelled, running, timed, ms }: Sums) => ({
  ...{ total, completed, failed, partial, cancelled, running },
  successRate: completed + failed === 0 ? null : completed / (completed + failed),
  averageMs: timed === 0 ? null : ms / timed,
});

const toSlowJob = (row: SlowRow): SlowJob => ({
  id: row.id,
  jobId: row.job_id,
  queue: AdsappQueue.safeParse(row.queue_name ?? row.job_type).data ?? null,
  jobType: row.job_type,
  status: statusOf(row.status),
  userName: row.user_name,
  durationMs: row.duration_ms,
  createdAt: row.created_at.toISOString(),
  campaignId: row.campaign_id === null ? null : CampaignId.parse(row.campaign_id),
  importId: row.import_id === null ? null : ImportId.parse(row.import_id),
});
