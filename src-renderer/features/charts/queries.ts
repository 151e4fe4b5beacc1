import { keepPreviousData, skipToken, useMutation, useQuery } from '@tanstack/react-query';
import { FINE_MINUTES, type ChartWanted, type ChartWindow } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { saveDownload } from '@renderer/platform/save-download';
import { showToast } from '@renderer/ui';

const SECOND = 1_000;
const LEAST_REFRESH_S = 5;
const MOST_REFRESH_S = 60;
const LIST_MS = 30 * SECOND;

/** Chart data, read again once a step could have changed; a stretch that is over does not change. */
export const useChartSeries = (wanted: ChartWanted) =>
  useQuery({
    queryKey: ['charts', 'series', wanted],
    queryFn: ({ signal }) => callQuery(client.charts.series(wanted, { signal })),
    refetchInterval: (query) => {
      if (
        wanted.window.kind === 'between' &&
        Date.parse(wanted.window.to) < Date.now() - MOST_REFRESH_S * SECOND
      )
        return false;
      // Also where it is drawn by minutes, because some of it was before this console began.
      const isShort = wanted.window.kind === 'last' && wanted.window.minutes <= FINE_MINUTES;
      const step = isShort ? LEAST_REFRESH_S : (query.state.data?.stepSeconds ?? LEAST_REFRESH_S);
      return Math.min(MOST_REFRESH_S, Math.max(LEAST_REFRESH_S, step)) * SECOND;
    },
    placeholderData: keepPreviousData,
  });

/** The names of the jobs that ended or waited in that time. */
export const useJobNames = (queue: QueueName | undefined, window: ChartWindow) =>
  useQuery({
    queryKey: ['charts', 'names', queue ?? 'all', window],
    queryFn: ({ signal }) => callQuery(client.charts.names({ ...(queue && { queue }), window }, { signal })),
    refetchInterval: LIST_MS,
    placeholderData: keepPreviousData,
  });

/** Saves what is drawn as a CSV file. */
export const useExport = () =>
  useMutation({
    mutationFn: (wanted: ChartWanted) => callQuery(client.charts.export(wanted)),
    onSuccess: saveDownload,
    onError: (error) => {
      const { message, action } = wordsOf(error);
      showToast({ title: message, description: action, tone: 'danger' });
    },
  });

/** What waits in a queue by job name, read anew while somebody looks; nothing without a queue. */
export function useWaiting(queue: QueueName | undefined) {
  return useQuery({
    queryKey: ['charts', 'waiting', queue],
    queryFn:
      queue === undefined
        ? skipToken
        : ({ signal }) => callQuery(client.charts.waiting({ queue }, { signal })),
    refetchInterval: 2 * LEAST_REFRESH_S * SECOND,
  });
}
