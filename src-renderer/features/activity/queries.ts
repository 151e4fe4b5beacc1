import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { AnalyticsPart, AnalyticsRange, JobLogStatus } from '@shared/contract/activity';
import type { TableFormat } from '@shared/contract/common';
import type { ProfileId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { saveDownload } from '@renderer/platform/save-download';
import { showToast } from '@renderer/ui';

const REFRESH_MS = 5_000;
const ANALYTICS_REFRESH_MS = 15_000;
/** While days are added up, each answer brings more of them. */
const PENDING_REFRESH_MS = 100;

/** What of the history is shown; days are in UTC, both included. */
export interface HistoryFilter {
  readonly status?: JobLogStatus | undefined;
  readonly jobType?: string | undefined;
  readonly userId?: ProfileId | undefined;
  readonly cause?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** The job history that a filter leaves, newest first, page by page. */
export const useJobLogs = (filter: HistoryFilter) =>
  useInfiniteQuery({
    queryKey: ['activity', 'logs', filter],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.activity.jobLogs(
          { limit: 100, ...filter, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });

/** The figures of a range; those of the last one stay until the new ones are here. */
export const useAnalytics = (range: AnalyticsRange) =>
  useQuery({
    queryKey: ['activity', 'analytics', range],
    queryFn: ({ signal }) => callQuery(client.activity.analytics(range, { signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      (state.data?.pendingDays ?? 0) > 0 ? PENDING_REFRESH_MS : ANALYTICS_REFRESH_MS,
  });

/** Hands one table of the figures out as a spreadsheet. */
export const useExportAnalytics =
  (range: AnalyticsRange) => async (part: AnalyticsPart, format: TableFormat) => {
    const result = await client.activity.exportAnalytics({ ...range, part, format });
    if (result.ok) saveDownload(result.value);
    else showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
  };

export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['activity', 'audit'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.activity.audit(
          { limit: 100, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });

export const useVerifyAudit = () =>
  useMutation({ mutationFn: () => callQuery(client.activity.verifyAudit({})) });
