import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { FINE_MINUTES } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import type { Overdue } from './attention';

export const RANGES = { '5m': 5, '15m': 15, '1h': 60, '6h': 360, '24h': 1_440 } as const;
export type RangeName = keyof typeof RANGES;
export const rangeNames: readonly RangeName[] = ['5m', '15m', '1h', '6h', '24h'];

const WORKERS_MS = 5_000;
const SECOND = 1_000;
const FINE_MS = 5_000;

/** Chart data, read again once a step could have passed. */
export function useSeries(queue: QueueName | undefined, range: RangeName) {
  const minutes = RANGES[range];
  return useQuery({
    queryKey: ['charts', 'series', queue ?? 'all', minutes],
    queryFn: ({ signal }) =>
      callQuery(
        client.charts.series({ ...(queue && { queue }), window: { kind: 'last', minutes } }, { signal }),
      ),
    // Also where it is drawn by minutes, because some of it was before this console began.
    refetchInterval: (query) =>
      minutes <= FINE_MINUTES ? FINE_MS : Math.max(FINE_MS, (query.state.data?.stepSeconds ?? 5) * SECOND),
    placeholderData: keepPreviousData,
  });
}

/** What was due while nothing was running, and asks. */
export function useOverdue(): readonly Overdue[] | undefined {
  const { data } = useQuery({
    queryKey: ['schedules', 'overdue'],
    queryFn: ({ signal }) => callQuery(client.schedules.overdue({}, { signal })),
    refetchInterval: WORKERS_MS,
  });
  return useMemo(
    () =>
      data && [
        ...data.runs.map(({ id, scheduleName, dueAt }) => ({ id: String(id), name: scheduleName, dueAt })),
        ...data.campaigns.map(({ id, name, scheduledAt }) => ({ id: String(id), name, dueAt: scheduledAt })),
      ],
    [data],
  );
}

/** The worker processes, by heartbeat. */
export function useWorkers() {
  return useQuery({
    queryKey: ['workers', 'list'],
    queryFn: ({ signal }) => callQuery(client.workers.list({}, { signal })),
    refetchInterval: WORKERS_MS,
  });
}
