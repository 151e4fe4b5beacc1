import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueueLimits } from '@shared/contract/queues';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { showToast } from '@renderer/ui';
import { RANGES, type RangeName } from './search';
import { useEngineText } from './texts';

const SECOND = 1_000;
const FACTS_MS = 5 * SECOND;
const LIMITS_MS = 10 * SECOND;
const HISTORY_MS = 60 * SECOND;

export const useEngine = () =>
  useQuery({
    queryKey: ['health', 'engine'],
    queryFn: ({ signal }) => callQuery(client.health.engine({}, { signal })),
    refetchInterval: FACTS_MS,
  });

export const useEngineHistory = (range: RangeName) =>
  useQuery({
    queryKey: ['health', 'history', range],
    queryFn: ({ signal }) => callQuery(client.health.engineHistory({ minutes: RANGES[range] }, { signal })),
    refetchInterval: HISTORY_MS,
    placeholderData: keepPreviousData,
  });

const limitsKey = ['queues', 'limits'] as const;

export const useLimits = () =>
  useQuery({
    queryKey: limitsKey,
    queryFn: ({ signal }) => callQuery(client.queues.limits({}, { signal })),
    // Another console may change them.
    refetchInterval: LIMITS_MS,
  });

export type LimitsOfQueue = QueueLimits & { readonly queue: QueueName };

const SAME = (a: QueueLimits, b: QueueLimits): boolean =>
  a.concurrency === b.concurrency && a.rate?.max === b.rate?.max && a.rate?.durationMs === b.rate?.durationMs;

/** Sets the limits of a queue, and says so with the way back. */
export function useSetLimits() {
  const t = useEngineText();
  const cache = useQueryClient();
  const save = (limits: LimitsOfQueue) => callQuery(client.queues.setLimits(limits));
  const refresh = () => cache.invalidateQueries({ queryKey: limitsKey });
  return useMutation({
    mutationFn: ({ next }: { before: LimitsOfQueue; next: LimitsOfQueue }) => save(next),
    onSuccess: (_done, { before, next }) => {
      if (SAME(before, next)) return refresh();
      const queue = queueTitle(next.queue);
      const isFree = next.concurrency === null && next.rate === null;
      showToast({
        title: t(isFree ? 'limits.removed' : 'limits.saved', { queue }),
        tone: 'success',
        action: {
          label: t('limits.undo'),
          onAction: () =>
            void save(before)
              .then(refresh)
              .catch((error: unknown) => showProblem(toError(error))),
        },
      });
      return refresh();
    },
    onError: showProblem,
  });
}

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, description: action, tone: 'danger' });
};
