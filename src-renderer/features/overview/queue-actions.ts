import { useQueryClient } from '@tanstack/react-query';
import { type QueueName, queueDefaults, queueTitles } from '@shared/domain/queues';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { useQueueControl } from '@renderer/app/queue-control';
import { useOverviewText } from './texts';

const tell = (error: AppError): void => {
  showToast({ title: error.message, description: error.action, tone: 'danger' });
};

/** Pausing, resuming and staffing a queue from the overview. */
export function useQueueActions() {
  const t = useOverviewText();
  const cache = useQueryClient();
  const { pause, resume } = useQueueControl();

  /** Switches the workers of this console on, with the concurrency set before. */
  const startWorkers = async (queue: QueueName): Promise<void> => {
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
    showToast({ title: t('attention.started', { queue: queueTitles[queue] }), tone: 'success' });
    await cache.invalidateQueries({ queryKey: ['workers'] });
  };

  return { pause, resume, startWorkers };
}

export type QueueActions = ReturnType<typeof useQueueActions>;
