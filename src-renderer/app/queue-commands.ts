import { ChartSpline, ListTree, Pause, Play, Radar } from 'lucide-react';
import { memo } from 'react';
import type { QueueOverview } from '@shared/contract/queues';
import { queueTitle } from '@shared/domain/queues';
import { useCommands } from '@renderer/commands';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui/toast';
import { useQueueControl } from './queue-control';
import { useQueueText } from './queue-texts';
import { router } from './router';

async function findQueues(t: ReturnType<typeof useQueueText>): Promise<void> {
  const found = await client.queues.find({});
  if (found.ok) showToast({ title: t('found', { count: found.value.queues.length }), tone: 'success' });
  else showToast({ title: found.error.message, description: found.error.action, tone: 'danger' });
}

interface QueueCommandsProps {
  readonly queues: readonly Pick<QueueOverview, 'name' | 'paused'>[];
}

/**
 * Offers what can be done with each queue in the palette; draws nothing. A component of its own, and only what the
 * commands depend on, because with hundreds of queues they are many, and figures change ten times a second.
 */
export const QueueCommands = memo(function QueueCommands({ queues }: QueueCommandsProps) {
  useQueueCommands(queues);
  return null;
});

function useQueueCommands(queues: QueueCommandsProps['queues']): void {
  const t = useQueueText();
  const control = useQueueControl();
  useCommands([
    // First: a native menu of very many queues ends somewhere.
    {
      id: 'queue.find',
      title: t('find'),
      section: 'queue',
      icon: Radar,
      run: () => void findQueues(t).catch(reportError),
    },
    {
      id: 'queue.pause-all',
      title: t('pauseAll'),
      section: 'queue',
      icon: Pause,
      when: () => queues.some(({ paused }) => !paused),
      run: control.pauseAll,
    },
    {
      id: 'queue.resume-all',
      title: t('resumeAll'),
      section: 'queue',
      icon: Play,
      when: () => queues.some(({ paused }) => paused),
      run: control.resumeAll,
    },
    ...queues.flatMap(({ name, paused: isPaused }) => [
      {
        id: `queue.turn.${name}`,
        title: t(isPaused ? 'resume' : 'pause', { queue: queueTitle(name) }),
        section: 'queue' as const,
        icon: isPaused ? Play : Pause,
        keywords: name,
        run: () => control[isPaused ? 'resume' : 'pause']([name]),
      },
      {
        id: `queue.open.${name}`,
        title: t('open', { queue: queueTitle(name) }),
        section: 'queue' as const,
        icon: ListTree,
        keywords: name,
        run: () => void router.navigate({ to: '/jobs', search: { queue: name } }),
      },
      {
        id: `queue.charts.${name}`,
        title: t('charts', { queue: queueTitle(name) }),
        section: 'queue' as const,
        icon: ChartSpline,
        keywords: name,
        run: () => void router.navigate({ to: '/charts', search: { queue: name } }),
      },
    ]),
  ]);
}
