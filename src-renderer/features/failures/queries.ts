import { useQueries, useQuery, useQueryClient, type UseQueryOptions } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import { type AppError, toAppError } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { unseenIn, useAlerts } from '@renderer/alerts/live';
import { useOfOverview } from '@renderer/platform/live-overview';
import type { RowSource } from '@renderer/ui/table';
import { failuresMark } from './failures-mark';

const PAGE_ROWS = 100;
const REFRESH_MS = 1_000;
/** A glance is this long, in ms. */
const SEEN_AFTER_MS = 1_500;
const LIST = ['queues', 'failures'] as const;
const GROUPS = ['failures', 'groups'] as const;

interface FailurePage {
  readonly total: number;
  readonly jobs: readonly JobSummary[];
}

const pageQuery = (queue: QueueName | undefined, page: number) => ({
  queryKey: [...LIST, queue ?? 'all', page],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    callQuery(
      client.queues.failures(
        { ...(queue && { queue }), start: page * PAGE_ROWS, count: PAGE_ROWS },
        { signal },
      ),
    ),
});

const causePageQuery = (cause: string, queue: QueueName | undefined, page: number) => ({
  queryKey: [...GROUPS, 'jobs', cause, queue ?? 'all', page],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    callQuery(
      client.failures.jobs(
        { cause, ...(queue && { queue }), start: page * PAGE_ROWS, count: PAGE_ROWS },
        { signal },
      ),
    ),
});

/** Failures by cause. */
export function useFailureGroups(queue: QueueName | undefined) {
  return useQuery({
    queryKey: [...GROUPS, queue ?? 'all'],
    queryFn: ({ signal }) => callQuery(client.failures.groups({ ...(queue && { queue }) }, { signal })),
    placeholderData: (before) => before,
  });
}

/** How many jobs of each queue have failed, whatever is filtered. */
export function useFailedCounts() {
  return useQuery({ ...pageQuery(undefined, 0), select: ({ byQueue }) => byQueue });
}

export interface FailureWindow {
  readonly source: RowSource<JobSummary>;
  readonly total: number;
  readonly loading: boolean;
  readonly error: AppError | undefined;
  readonly retry: () => void;
}

/** The failed jobs in sight, read a page at a time: all, or those of one cause. */
export function useFailures(queue: QueueName | undefined, cause?: string): FailureWindow {
  const [range, setRange] = useState({ first: 0, end: 1 });
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const firstPage = Math.floor(range.first / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(0, range.end - 1) / PAGE_ROWS);
  const results = useQueries({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, offset): UseQueryOptions<FailurePage> =>
      cause === undefined
        ? pageQuery(queue, firstPage + offset)
        : causePageQuery(cause, queue, firstPage + offset),
    ),
  });
  const known = results.find((result) => result.data !== undefined)?.data;
  const failure = results.find((result) => result.isError)?.error;
  const total = known?.total ?? 0;
  return {
    total,
    source: {
      count: total,
      row: (index) => results[Math.floor(index / PAGE_ROWS) - firstPage]?.data?.jobs[index % PAGE_ROWS],
      onRange,
    },
    loading: known === undefined && failure === undefined,
    error: known === undefined && failure ? toAppError(failure) : undefined,
    retry: () => {
      for (const result of results) void result.refetch();
    },
  };
}

/**
 * Reads the failures again when the queues' failed counts move, and as long as they are not the listed ones, at most
 * once a second: a list that was read at a moment between two figures would stay as it is, for the next figure may be
 * the same as the last.
 */
export function useRefreshOnFailures(): void {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const listed = useFailedCounts().data;
  const mark = useOfOverview((overview) => failuresMark(overview, listed));
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: LIST });
      void cache.invalidateQueries({ queryKey: GROUPS });
    }, REFRESH_MS);
  }, [cache, mark]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/**
 * Says that the failures of this queue, or of all, are looked at, as long as they are on the screen: they are no
 * longer counted on the icon. A page in the background is not looked at.
 */
export function useMarkFailuresSeen(queue: QueueName | undefined, isShown: boolean): void {
  const unseen = unseenIn(useAlerts(), queue);
  useEffect(() => {
    if (!isShown || unseen === 0) return;
    const mark = (): void => {
      if (document.visibilityState === 'visible')
        void client.alerts.failuresSeen(queue === undefined ? {} : { queues: [queue] });
    };
    // What fails while somebody looks has to be on the screen first.
    const timer = setTimeout(mark, SEEN_AFTER_MS);
    document.addEventListener('visibilitychange', mark);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', mark);
    };
  }, [isShown, queue, unseen]);
}
