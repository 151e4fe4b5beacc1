import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type AdsappQueue, queueDefaults, queueTitle } from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { type QueueControl, useQueueControl } from '@renderer/app/queue-control';
import { useOverviewText } from './texts';

const tell = (error: AppError): void => {
  showToast({ title: error.message, description: error.action, tone: 'danger' });
};

/** Pausing, resuming and staffing a queue from the overview; the same object until the language changes. */
export function useQueueActions(): QueueActions {
  const t = useOverviewText();
  const cache = useQueryClient();
  const control = useQueueControl();
  return useMemo(() => queueActions(t, cache, control), [t, cache, control]);
}

export interface QueueActions extends QueueControl {
  /** Switches the workers of this console on, with the concurrency set before. */
  readonly startWorkers: (queue: AdsappQueue) => Promise<void>;
}

const queueActions = (
  t: ReturnType<typeof useOverviewText>,
  cache: QueryClient,
  control: QueueControl,
): QueueActions => {
  const startWorkers = async (queue: AdsappQueue): Promise<void> => {
    const settings = await client.workers.settings({});
    if (!settings.ok) {
      tell(settings.error);
      return;
    }
    const known = settings.value.queues.find((each) => each.queue === queue);
    const concurrency = known?.concurrency ?? queueDefaults[queue].concurrency;
    const result = await client.workers.configure({ queue, enabled: true, concurrency });
    if (!result.ok) {
      tell(result.error);
      return;
    }
    showToast({ title: t('attention.started', { queue: queueTitle(queue) }), tone: 'success' });
    await cache.invalidateQueries({ queryKey: ['workers'] });
  };

  return { ...control, startWorkers };
};
