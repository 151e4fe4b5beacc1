import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { JobLogStatus } from '@shared/contract/activity';
import { callQuery, client } from '@renderer/platform/client';

const REFRESH_MS = 5_000;

/** The job history, newest first, page by page. */
export const useJobLogs = (status: JobLogStatus | undefined) =>
  useInfiniteQuery({
    queryKey: ['activity', 'logs', status],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.activity.jobLogs(
          {
            limit: 100,
            ...(status === undefined ? {} : { status }),
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: REFRESH_MS,
  });

export const useStats = () =>
  useQuery({
    queryKey: ['activity', 'stats'],
    queryFn: ({ signal }) => callQuery(client.activity.stats({ days: 30 }, { signal })),
    refetchInterval: REFRESH_MS,
  });

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
