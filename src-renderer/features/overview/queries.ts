import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';

export const RANGES = { '5m': 5, '15m': 15, '1h': 60, '6h': 360, '24h': 1_440 } as const;
export type RangeName = keyof typeof RANGES;
export const rangeNames: readonly RangeName[] = ['5m', '15m', '1h', '6h', '24h'];

const WORKERS_MS = 5_000;
const SECOND = 1_000;

/** Chart data, read again once a step could have passed. */
export function useSeries(queue: QueueName | undefined, range: RangeName) {
  const minutes = RANGES[range];
  return useQuery({
    queryKey: ['queues', 'series', queue ?? 'all', minutes],
    queryFn: ({ signal }) =>
      callQuery(client.queues.series({ ...(queue && { queue }), minutes }, { signal })),
    refetchInterval: (query) => Math.max(5, query.state.data?.stepSeconds ?? 5) * SECOND,
    placeholderData: keepPreviousData,
  });
}

/** The worker processes, by heartbeat. */
export function useWorkers() {
  return useQuery({
    queryKey: ['workers', 'list'],
    queryFn: ({ signal }) => callQuery(client.workers.list({}, { signal })),
    refetchInterval: WORKERS_MS,
  });
}
