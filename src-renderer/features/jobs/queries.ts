import { keepPreviousData, skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import type { JobState, QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import { type RowPages, useRowPages } from '@renderer/platform/use-row-pages';
import { type SteadyRefresh, useSteadyRefresh } from '@renderer/platform/use-steady-refresh';
import { useStream } from '@renderer/platform/use-stream';

/** Lines of a job's log that are read at once. */
export const LOG_LINES = 500;
const DETAIL_MS = 500;

export type Order = 'newest' | 'oldest';

export interface JobFilter {
  readonly queue: QueueName;
  readonly state: JobState;
  readonly order: Order;
}

const LIST = ['queues', 'jobs'] as const;

/** Reads the listed jobs again when something about them changed. */
export function useListRefresh(mark: string, hold: boolean): SteadyRefresh {
  return useSteadyRefresh(LIST, mark, hold);
}

/** The jobs in sight. */
export function useJobRows({ queue, state, order }: JobFilter): RowPages<JobSummary> {
  return useRowPages([...LIST, queue, state, order], async (start, count, signal) => {
    const { total, jobs } = await callQuery(
      client.queues.jobs({ queue, state, order, start, count }, { signal }),
    );
    return { total, rows: jobs };
  });
}

/** All that is known of one job: read anew together. */
export const detailKey = (queue: QueueName, jobId: JobId | null) => ['queues', 'job', queue, jobId] as const;

/** One job with everything about it; read again when it changes, at most twice a second. */
export function useJob(queue: QueueName, jobId: JobId) {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const readSoon = (): void => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: detailKey(queue, jobId) }, { cancelRefetch: false });
    }, DETAIL_MS);
  };
  useStream(client.queues.jobChanges, { queue, jobId }, { onValue: readSoon });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useQuery({
    queryKey: detailKey(queue, jobId),
    queryFn: ({ signal }) => callQuery(client.queues.job({ queue, jobId }, { signal })),
  });
}

/**
 * The list that a job is in which is opened by its id alone: a link does not know. Nothing while it is looked for; one
 * that is gone is taken to be where the screen begins. It stays the list where the job was found, although it moves on;
 * the address is left alone, for who waits for an answer may be somewhere else when it comes.
 */
export function useListOfJob(queue: QueueName, jobId: JobId | null): JobState | undefined {
  const { data, isError } = useQuery({
    queryKey: detailKey(queue, jobId),
    queryFn:
      jobId === null ? skipToken : ({ signal }) => callQuery(client.queues.job({ queue, jobId }, { signal })),
  });
  const job = `${queue} ${String(jobId)}`;
  const [kept, keep] = useState<{ readonly job: string; readonly state: JobState }>();
  if (kept?.job === job) return kept.state;
  const state = data?.state ?? (isError ? 'waiting' : undefined);
  if (state !== undefined) keep({ job, state });
  return state;
}

/** The contract's most lines a call. */
const LOG_CALL = 1_000;

/** The last `most` lines that a job wrote; read again with the job. */
export function useJobLogs(queue: QueueName, jobId: JobId, most: number) {
  return useQuery({
    queryKey: [...detailKey(queue, jobId), 'logs', most],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const read = (start: number, count: number) =>
        callQuery(client.queues.jobLogs({ queue, jobId, start, count }, { signal }));
      const { total } = await read(0, 1);
      const lines: string[] = [];
      const first = Math.max(0, total - most);
      for (let start = first; start < total; start += LOG_CALL)
        lines.push(...(await read(start, LOG_CALL)).lines);
      return { total, lines };
    },
  });
}
