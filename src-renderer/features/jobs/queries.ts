import { keepPreviousData, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { JobCounts, JobSummary, QueueOverview } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import type { JobState, QueueName } from '@shared/domain/queues';
import { type AppError, toAppError } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { useStream } from '@renderer/platform/use-stream';
import type { RowSource } from '@renderer/ui/table';

const PAGE_ROWS = 100;
const LOG_LINES = 500;
/** A busy queue changes ten times a second; the rows in sight are read again at most this often. */
const REFRESH_MS = 1_000;

export type Order = 'newest' | 'oldest';

export interface JobFilter {
  readonly queue: QueueName;
  readonly state: JobState;
  readonly order: Order;
}

const LIST = ['queues', 'jobs'] as const;

/** How many jobs of a queue are in a state; those held back by a pause are waiting too. */
export function countOf(counts: JobCounts, state: JobState): number {
  switch (state) {
    case 'waiting':
      return counts.waiting + counts.paused;
    case 'waiting-children':
      return counts.waitingChildren;
    case 'active':
    case 'delayed':
    case 'completed':
    case 'failed':
      return counts[state];
  }
}

/** The queues as they are now, or undefined until known. */
export function useLiveQueues(): readonly QueueOverview[] | undefined {
  return useStream(client.queues.live, {}).value?.queues;
}

/** Reads the listed jobs again when the queue's figures move, at most once a second. */
export function useRefreshOnCounts(queue: QueueOverview | undefined): void {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const mark = JSON.stringify(queue?.counts);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: LIST });
    }, REFRESH_MS);
  }, [cache, mark]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

export interface JobWindow {
  readonly source: RowSource<JobSummary>;
  readonly loading: boolean;
  readonly error: AppError | undefined;
  readonly retry: () => void;
}

/** The jobs in sight, read a page at a time, whatever the number of all. */
export function useJobWindow({ queue, state, order }: JobFilter): JobWindow {
  const [range, setRange] = useState({ first: 0, end: 1 });
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const firstPage = Math.floor(range.first / PAGE_ROWS);
  const lastPage = Math.floor(Math.max(0, range.end - 1) / PAGE_ROWS);
  const pages = Array.from({ length: lastPage - firstPage + 1 }, (_, offset) => firstPage + offset);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...LIST, queue, state, order, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        callQuery(
          client.queues.jobs({ queue, state, order, start: page * PAGE_ROWS, count: PAGE_ROWS }, { signal }),
        ),
    })),
  });
  const known = results.find((result) => result.data !== undefined)?.data;
  const failure = results.find((result) => result.isError)?.error;
  return {
    source: {
      count: known?.total ?? 0,
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

const detailKey = (queue: QueueName, jobId: JobId) => ['queues', 'job', queue, jobId] as const;

/** One job with everything about it; read again whenever it changes. */
export function useJob(queue: QueueName, jobId: JobId) {
  const cache = useQueryClient();
  useStream(
    client.queues.jobChanges,
    { queue, jobId },
    { onValue: () => void cache.invalidateQueries({ queryKey: detailKey(queue, jobId) }) },
  );
  return useQuery({
    queryKey: detailKey(queue, jobId),
    queryFn: ({ signal }) => callQuery(client.queues.job({ queue, jobId }, { signal })),
  });
}

/** The last lines a job wrote. */
export function useJobLogs(queue: QueueName, jobId: JobId) {
  return useQuery({
    queryKey: [...detailKey(queue, jobId), 'logs'],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const read = (start: number) =>
        callQuery(client.queues.jobLogs({ queue, jobId, start, count: LOG_LINES }, { signal }));
      const head = await read(0);
      return head.total <= LOG_LINES ? head : read(head.total - LOG_LINES);
    },
  });
}
