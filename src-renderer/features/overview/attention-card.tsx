import {
  BellRing,
  CalendarClock,
  CircleX,
  Hourglass,
  type LucideIcon,
  Pause,
  ServerCrash,
  TriangleAlert,
} from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { isAdsappQueue, type QueueName, queueTitle } from '@shared/domain/queues';
import { useIncidentTitle } from '@renderer/alerts/incident-words';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ButtonLink, Card } from '@renderer/ui';
import type { Attention } from './attention';
import type { QueueActions } from './queue-actions';
import { useOverviewText } from './texts';

const icons: Readonly<Record<Attention['kind'], LucideIcon>> = {
  down: ServerCrash,
  alert: BellRing,
  overdue: CalendarClock,
  paused: Pause,
  noWorkers: TriangleAlert,
  failed: CircleX,
  slow: Hourglass,
};

/** The worst come first; with many queues the list would push everything else off the screen. */
const MOST_SHOWN = 6;

interface AttentionCardProps {
  items: readonly Attention[];
  actions: QueueActions;
}

/** What a person must do, each with the way to do it. Absent while there is nothing. */
export const AttentionCard = memo(function AttentionCard({ items, actions }: AttentionCardProps) {
  const t = useOverviewText();
  const [isWhole, setIsWhole] = useState(false);
  if (items.length === 0) return null;
  // One more is shown in the place of a button that would show one more.
  const shown = isWhole || items.length <= MOST_SHOWN + 1 ? items : items.slice(0, MOST_SHOWN);
  const rest = items.length - shown.length;
  return (
    <Card title={t('attention.title')} padding="none">
      <ul>
        {shown.map((item) => {
          const Icon = icons[item.kind];
          const serious =
            item.kind === 'down' ||
            item.kind === 'failed' ||
            (item.kind === 'alert' && item.incident.severity === 'critical');
          return (
            <li
              key={keyOf(item)}
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
      {rest > 0 && (
        <div className="border-t border-line px-4 py-1.5">
          <Button size="sm" onClick={() => setIsWhole(true)}>
            {t('attention.more', { count: rest })}
          </Button>
        </div>
      )}
    </Card>
  );
}, isSame);

/** The items are made anew with every figure that arrives, and rarely say anything new. */
function isSame(before: AttentionCardProps, next: AttentionCardProps): boolean {
  return before.actions === next.actions && JSON.stringify(before.items) === JSON.stringify(next.items);
}

function keyOf(item: Attention): string {
  if (item.kind === 'down') return item.part;
  if (item.kind === 'alert') return item.incident.id;
  return item.kind === 'overdue' ? item.id : `${item.kind}-${item.queue}`;
}

function Words({ item }: { item: Attention }): ReactNode {
  const t = useOverviewText();
  const format = useFormat();
  const titleOf = useIncidentTitle();
  if (item.kind === 'down') {
    return (
      <>
        <span className="font-medium">{t('attention.down', { what: t(`attention.${item.part}`) })}</span>
        {item.problem !== null && <span className="text-ink-2"> {item.problem}</span>}
      </>
    );
  }
  if (item.kind === 'alert') {
    const { detail } = item.incident;
    return (
      <>
        <span className="font-medium">{titleOf(item.incident)}</span>
        {detail !== null && <span className="text-ink-2"> {detail}</span>}
      </>
    );
  }
  if (item.kind === 'overdue')
    return t('attention.overdue', { name: item.name, time: format.dateTime(Date.parse(item.dueAt)) });
  const queue = queueTitle(item.queue);
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
    case 'alert':
      return (
        <ButtonLink size="sm" to="/alerts" search={{ id: item.incident.id }}>
          {t('attention.openAlert')}
        </ButtonLink>
      );
    case 'overdue':
      return (
        <ButtonLink size="sm" to="/schedules">
          {t('attention.decide')}
        </ButtonLink>
      );
    case 'paused':
      return (
        <Button size="sm" onClick={() => actions.resume([item.queue])}>
          {t('attention.resume')}
        </Button>
      );
    case 'noWorkers':
      return <StartWorkers queue={item.queue} actions={actions} />;
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

/** The console's own workers know ADSapp's queues and no others. */
function StartWorkers({ queue, actions }: { queue: QueueName; actions: QueueActions }): ReactNode {
  const t = useOverviewText();
  if (!isAdsappQueue(queue)) {
    return (
      <ButtonLink size="sm" to="/jobs" search={{ queue }}>
        {t('attention.seeJobs')}
      </ButtonLink>
    );
  }
  return (
    <Button size="sm" onClick={() => void actions.startWorkers(queue)}>
      {t('attention.startWorkers')}
    </Button>
  );
}
