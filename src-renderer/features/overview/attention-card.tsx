import { CircleX, Hourglass, type LucideIcon, Pause, ServerCrash, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { queueTitles } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ButtonLink, Card } from '@renderer/ui';
import type { Attention } from './attention';
import type { QueueActions } from './queue-actions';
import { useOverviewText } from './texts';

const icons: Readonly<Record<Attention['kind'], LucideIcon>> = {
  down: ServerCrash,
  paused: Pause,
  noWorkers: TriangleAlert,
  failed: CircleX,
  slow: Hourglass,
};

interface AttentionCardProps {
  items: readonly Attention[];
  actions: QueueActions;
}

/** What a person must do, each with the way to do it. Absent while there is nothing. */
export function AttentionCard({ items, actions }: AttentionCardProps) {
  const t = useOverviewText();
  if (items.length === 0) return null;
  return (
    <Card title={t('attention.title')} padding="none">
      <ul>
        {items.map((item) => {
          const Icon = icons[item.kind];
          const serious = item.kind === 'down' || item.kind === 'failed';
          return (
            <li
              key={item.kind === 'down' ? item.part : `${item.kind}-${item.queue}`}
              className="flex min-h-10 items-center gap-3 border-b border-line px-4 py-1.5 text-sm last:border-b-0"
            >
              <Icon
                size={15}
                aria-hidden
                className={serious ? 'shrink-0 text-danger-text' : 'shrink-0 text-warning-text'}
              />
              <span className="min-w-0 flex-1">
                <Words item={item} />
              </span>
              <Remedy item={item} actions={actions} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Words({ item }: { item: Attention }): ReactNode {
  const t = useOverviewText();
  const format = useFormat();
  if (item.kind === 'down') {
    return (
      <>
        <span className="font-medium">{t('attention.down', { what: t(`attention.${item.part}`) })}</span>
        {item.problem !== null && <span className="text-ink-2"> {item.problem}</span>}
      </>
    );
  }
  const queue = queueTitles[item.queue];
  switch (item.kind) {
    case 'paused':
      return t('attention.paused', { queue, count: item.waiting });
    case 'noWorkers':
      return t('attention.noWorkers', { queue, count: item.waiting });
    case 'failed':
      return t('attention.failed', { queue, count: item.failed });
    case 'slow':
      return t('attention.slow', { queue, time: format.duration(item.waitedMs) });
  }
}

function Remedy({ item, actions }: { item: Attention; actions: QueueActions }): ReactNode {
  const t = useOverviewText();
  switch (item.kind) {
    case 'down':
      return (
        <ButtonLink size="sm" to="/settings">
          {t('attention.settings')}
        </ButtonLink>
      );
    case 'paused':
      return (
        <Button size="sm" onClick={() => actions.resume([item.queue])}>
          {t('attention.resume')}
        </Button>
      );
    case 'noWorkers':
      return (
        <Button size="sm" onClick={() => void actions.startWorkers(item.queue)}>
          {t('attention.startWorkers')}
        </Button>
      );
    case 'failed':
      return (
        <ButtonLink size="sm" to="/failures" search={{ queue: item.queue }}>
          {t('attention.seeFailures')}
        </ButtonLink>
      );
    case 'slow':
      return (
        <ButtonLink size="sm" to="/jobs" search={{ queue: item.queue, state: 'waiting' }}>
          {t('attention.seeWaiting')}
        </ButtonLink>
      );
  }
}
