import { Pause, Play } from 'lucide-react';
import type { ReactNode } from 'react';
import type { QueueOverview } from '@shared/contract/queues';
import { type JobState, queueTitles } from '@shared/domain/queues';
import {
  Badge,
  Card,
  Duration,
  IconButton,
  Link,
  NumberText,
  RelativeTime,
  SkeletonLines,
  Sparkline,
} from '@renderer/ui';
import type { QueueActions } from './queue-actions';
import { useOverviewText } from './texts';

interface QueueTableProps {
  queues: readonly QueueOverview[] | undefined;
  actions: QueueActions;
}

const numberCell = 'px-2 py-2 text-right tabular whitespace-nowrap';

/** One row a queue, live. Figures lead to the jobs behind them. */
export function QueueTable({ queues, actions }: QueueTableProps) {
  const t = useOverviewText();
  const heads = [
    'waiting',
    'active',
    'delayed',
    'completed',
    'failed',
    'rate',
    'oldest',
    'eta',
    'workers',
  ] as const;
  return (
    <Card title={t('queues.title')} padding="none">
      {queues === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={6} />
        </div>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-sm" aria-label={t('queues.table')}>
            <thead className="text-xs text-ink-3">
              <tr className="border-b border-line">
                <th scope="col" className="py-2 pr-2 pl-4 text-left font-medium">
                  {t('queues.queue')}
                </th>
                <th scope="col" className="px-2 py-2 text-left font-medium">
                  {t('queues.spark')}
                </th>
                {heads.map((head) => (
                  <th
                    key={head}
                    scope="col"
                    title={head === 'eta' ? t('queues.etaTitle') : undefined}
                    className="px-2 py-2 text-right font-medium whitespace-nowrap"
                  >
                    {t(`queues.${head}`)}
                  </th>
                ))}
                <th scope="col" className="w-12 py-2 pr-3">
                  <span className="sr-only">{t('queues.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {queues.map((queue) => (
                <QueueRow key={queue.name} queue={queue} actions={actions} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function QueueRow({ queue, actions }: { queue: QueueOverview; actions: QueueActions }) {
  const t = useOverviewText();
  const { name, counts } = queue;
  const title = queueTitles[name];
  const none = <span className="text-ink-3">{t('queues.none')}</span>;
  const amount = (state: JobState, value: number): ReactNode =>
    value === 0 ? (
      <NumberText value={0} quietZero />
    ) : (
      <Link to="/jobs" search={{ queue: name, state }}>
        <NumberText value={value} />
      </Link>
    );
  return (
    <tr className="border-b border-line last:border-b-0 hover:bg-hover">
      <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium whitespace-nowrap">
        <span className="flex items-center gap-2">
          <Link to="/jobs" search={{ queue: name }}>
            {title}
          </Link>
          {queue.paused && (
            <Badge tone="warning" icon={Pause}>
              {t('queues.paused')}
            </Badge>
          )}
        </span>
      </th>
      <td className="px-2 py-1">
        <Sparkline
          values={queue.spark.map(({ completed, failed }) => completed + failed)}
          label={t('queues.sparkLabel', { queue: title })}
          width={110}
        />
      </td>
      <td className={numberCell}>{amount('waiting', counts.waiting)}</td>
      <td className={numberCell}>{amount('active', counts.active)}</td>
      <td className={numberCell}>{amount('delayed', counts.delayed)}</td>
      <td className={numberCell}>{amount('completed', counts.completed)}</td>
      <td className={numberCell}>{amount('failed', counts.failed)}</td>
      <td className={numberCell}>
        <NumberText value={queue.completedPerSecond} as="rate" quietZero />
      </td>
      <td className={numberCell}>
        {queue.oldestWaitingAt === null ? none : <RelativeTime at={Date.parse(queue.oldestWaitingAt)} />}
      </td>
      <td className={numberCell}>
        {queue.backlogEtaSeconds === null || queue.backlogEtaSeconds === 0 ? (
          none
        ) : (
          <Duration ms={queue.backlogEtaSeconds * 1_000} />
        )}
      </td>
      <td className={numberCell}>
        {queue.workers === 0 ? (
          <span className="text-ink-3">{t('queues.noWorkers')}</span>
        ) : (
          <NumberText value={queue.workers} />
        )}
      </td>
      <td className="py-1 pr-3 text-right">
        {queue.paused ? (
          <IconButton
            icon={Play}
            size="sm"
            label={t('queues.resume', { queue: title })}
            onClick={() => actions.resume([name])}
          />
        ) : (
          <IconButton
            icon={Pause}
            size="sm"
            label={t('queues.pause', { queue: title })}
            onClick={() => actions.pause([name])}
          />
        )}
      </td>
    </tr>
  );
}
