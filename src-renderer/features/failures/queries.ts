import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { QueueName } from '@shared/domain/queues';
import { type AppError, toAppError } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { useStream } from '@renderer/platform/use-stream';
import type { RowSource } from '@renderer/ui/table';

const PAGE_ROWS = 100;
const REFRESH_MS = 1_000;
const LIST = ['queues', 'failures'] as const;

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

/** The failed jobs in sight, read a page at a time. */
export function useFailures(queue: QueueName | undefined): FailureWindow {
  const [range, setRange] = useState({ first: 0, end: 1 });
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const firstPage = Math.floor(range.first / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(0, range.end - 1) / PAGE_ROWS);
  const results = useQueries({
    queries: Array.from({ length: lastPage - firstPage + 1 }, (_, offset) => ({
      ...pageQuery(queue, firstPage + offset),
    })),
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

/** Reads the failures again when the queues' failed counts move, at most once a second. */
export function useRefreshOnFailures(): void {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const queues = useStream(client.queues.live, {}).value?.queues;
  const mark = queues?.map(({ counts }) => counts.failed).join();
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: LIST });
    }, REFRESH_MS);
  }, [cache, mark]);
  useEffect(() => () => clearTimeout(timer.current), []);
}
