import { ListTree, Pause, Play } from 'lucide-react';
import type { QueueOverview } from '@shared/contract/queues';
import { queueTitles } from '@shared/domain/queues';
import { useCommands } from '@renderer/commands';
import { useQueueControl } from './queue-control';
import { useQueueText } from './queue-texts';
import { router } from './router';

/** What can be done with each queue from the palette, as the queues are now. */
export function useQueueCommands(queues: readonly QueueOverview[] = []): void {
  const t = useQueueText();
  const control = useQueueControl();
  const running = queues.filter(({ paused }) => !paused).map(({ name }) => name);
  const paused = queues.filter((queue) => queue.paused).map(({ name }) => name);
  useCommands([
    ...queues.flatMap(({ name, paused: isPaused }) => [
      {
        id: `queue.turn.${name}`,
        title: t(isPaused ? 'resume' : 'pause', { queue: queueTitles[name] }),
        section: 'queue' as const,
        icon: isPaused ? Play : Pause,
        keywords: name,
        run: () => control[isPaused ? 'resume' : 'pause']([name]),
      },
      {
        id: `queue.open.${name}`,
        title: t('open', { queue: queueTitles[name] }),
        section: 'queue' as const,
        icon: ListTree,
        keywords: name,
        run: () => void router.navigate({ to: '/jobs', search: { queue: name } }),
      },
    ]),
    {
      id: 'queue.pause-all',
      title: t('pauseAll'),
      section: 'queue',
      icon: Pause,
      when: () => running.length > 0,
      run: () => control.pause(running),
    },
    {
      id: 'queue.resume-all',
      title: t('resumeAll'),
      section: 'queue',
      icon: Play,
      when: () => paused.length > 0,
      run: () => control.resume(paused),
    },
  ]);
}
