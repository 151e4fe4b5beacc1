import { ListTree, Pause, Play, Trash2, TriangleAlert } from 'lucide-react';
import { useNavigate } from '@tanstack/react-router';
import { memo, type ReactNode, useEffect } from 'react';
import type { QueueOverview } from '@shared/contract/queues';
import { type JobState, queueTitle } from '@shared/domain/queues';
import { askToDrain } from '@renderer/operations/drain';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import {
  Badge,
  Card,
  Duration,
  IconButton,
  Link,
  NumberText,
  RelativeTime,
  RovingRows,
  type RowProps,
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
  const navigate = useNavigate();
  const link = useCopyLink();
  const hasFigures = queues !== undefined && queues.length > 0;

  // For whoever measures the start: the figures are on the screen (an effect runs after the paint).
  useEffect(() => {
    if (hasFigures) performance.mark('overview-live');
  }, [hasFigures]);

  const rowCommands = useRowCommands<QueueOverview>([
    {
      id: 'queues.row.open',
      title: t('queues.actOn.open'),
      icon: ListTree,
      group: 0,
      run: ({ name }) => void navigate({ to: '/jobs', search: { queue: name } }),
    },
    {
      id: 'queues.row.failures',
      title: t('queues.actOn.failures'),
      icon: TriangleAlert,
      group: 0,
      when: ({ counts }) => counts.failed > 0,
      run: ({ name }) => void navigate({ to: '/failures', search: { queue: name } }),
    },
    link.rowCommand('queues.row', ({ name }) => ({ kind: 'queue', queue: name })),
    {
      id: 'queues.row.pause',
      title: t('queues.actOn.pause'),
      icon: Pause,
      shortcut: 'p',
      group: 1,
      when: ({ paused }) => !paused,
      run: ({ name }) => actions.pause([name]),
    },
    {
      id: 'queues.row.resume',
      title: t('queues.actOn.resume'),
      icon: Play,
      shortcut: 'p',
      group: 1,
      when: ({ paused }) => paused,
      run: ({ name }) => actions.resume([name]),
    },
    {
      id: 'queues.row.drain',
      title: t('queues.actOn.drain'),
      icon: Trash2,
      group: 2,
      when: ({ counts }) => counts.waiting + counts.delayed > 0,
      run: ({ name }) => askToDrain(name),
    },
  ]);
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
            <RovingRows rows={queues} frame={(props) => <tbody {...props} />} {...rowCommands}>
              {(queue, place) => <QueueRow key={queue.name} queue={queue} actions={actions} place={place} />}
            </RovingRows>
          </table>
        </div>
      )}
    </Card>
  );
}

interface SparkProps {
  readonly spark: QueueOverview['spark'];
  readonly title: string;
}

/** Its points change every few seconds, the figures beside it ten times a second. */
const Spark = memo(function Spark({ spark, title }: SparkProps) {
  const t = useOverviewText();
  return (
    <Sparkline
      values={spark.map(({ completed, failed }) => completed + failed)}
      label={t('queues.sparkLabel', { queue: title })}
      width={110}
    />
  );
});

interface QueueRowProps {
  readonly queue: QueueOverview;
  readonly actions: QueueActions;
  readonly place: RowProps;
}

/** A row's place is a new object with each look at the list. */
const isSameRow = (a: QueueRowProps, b: QueueRowProps): boolean =>
  a.queue === b.queue &&
  a.actions === b.actions &&
  a.place.row['data-row-index'] === b.place.row['data-row-index'] &&
  a.place.focus.tabIndex === b.place.focus.tabIndex;

/** Drawn anew with new figures of its own queue only. */
const QueueRow = memo(function QueueRow({ queue, actions, place }: QueueRowProps) {
  const t = useOverviewText();
  const { name, counts } = queue;
  const title = queueTitle(name);
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
    <tr {...place.row} className="border-b border-line last:border-b-0 hover:bg-hover">
      <th scope="row" className="py-2 pr-2 pl-4 text-left font-medium whitespace-nowrap">
        <span className="flex items-center gap-2">
          <Link to="/jobs" search={{ queue: name }} {...place.focus}>
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
        <Link to="/charts" search={{ queue: name }} aria-label={t('queues.charts', { queue: title })}>
          <Spark spark={queue.spark} title={title} />
        </Link>
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
        {queue.workers === null ? (
          <span className="text-ink-3">{t('queues.unknownWorkers')}</span>
        ) : queue.workers === 0 ? (
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
}, isSameRow);
