import { Pause, Play, SlidersHorizontal } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useQueueControl } from '@renderer/app/queue-control';
import { useFormat } from '@renderer/i18n/use-format';
import { useLiveOverview, useQueueNames } from '@renderer/platform/live-overview';
import { Badge, Button, Card, ErrorState, IconButton, SkeletonLines } from '@renderer/ui';
import { LimitsDialog } from './limits-dialog';
import { type LimitsOfQueue, useLimits } from './queries';
import { useEngineText } from './texts';

const cell = 'px-2 py-2 whitespace-nowrap';

/** Pause, jobs at once, and jobs begun, of each queue. */
export function LimitsCard(): ReactNode {
  const t = useEngineText();
  const { data, error, refetch } = useLimits();
  const live = useLiveOverview().value?.queues;
  const control = useQueueControl();
  const [edited, setEdited] = useState<LimitsOfQueue | null>(null);
  const [isOpen, setIsOpen] = useState(false);
  const paused = new Set(live?.filter((queue) => queue.paused).map(({ name }) => name));
  const names = useQueueNames();
  const running = names.filter((name) => !paused.has(name));
  const all =
    live === undefined ? null : running.length > 0 ? (
      <Button size="sm" icon={Pause} onClick={control.pauseAll}>
        {t('limits.pauseAll')}
      </Button>
    ) : (
      <Button size="sm" icon={Play} onClick={control.resumeAll}>
        {t('limits.resumeAll')}
      </Button>
    );
  return (
    <Card title={t('limits.title')} hint={t('limits.hint')} padding="none" actions={all}>
      {error && !data ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <div className="p-4">
          <SkeletonLines lines={4} />
        </div>
      ) : (
        <div className="overflow-x-auto">
          <table className="w-full text-left text-sm" aria-label={t('limits.title')}>
            <thead className="text-xs text-ink-3">
              <tr className="border-b border-line">
                {(['queue', 'state', 'concurrency', 'rate'] as const).map((head) => (
                  <th key={head} scope="col" className="px-2 py-2 font-medium first:pl-4">
                    {t(`limits.${head}`)}
                  </th>
                ))}
                <th scope="col" className="w-24 py-2 pr-3">
                  <span className="sr-only">{t('limits.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {data.queues.map((limits) => (
                <LimitsRow
                  key={limits.queue}
                  limits={limits}
                  isPaused={paused.has(limits.queue)}
                  onEdit={() => {
                    setEdited(limits);
                    setIsOpen(true);
                  }}
                  onTurn={(queue, how) => control[how]([queue])}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {edited !== null && (
        <LimitsDialog
          key={JSON.stringify(edited)}
          limits={edited}
          open={isOpen}
          onClose={() => setIsOpen(false)}
        />
      )}
    </Card>
  );
}

interface RowProps {
  readonly limits: LimitsOfQueue;
  readonly isPaused: boolean;
  readonly onEdit: () => void;
  readonly onTurn: (queue: QueueName, how: 'pause' | 'resume') => void;
}

function LimitsRow({
  limits: { queue: name, concurrency, rate },
  isPaused,
  onEdit,
  onTurn,
}: RowProps): ReactNode {
  const t = useEngineText();
  const format = useFormat();
  const queue = queueTitle(name);
  const none = <span className="text-ink-3">{t('limits.none')}</span>;
  return (
    <tr className="border-b border-line last:border-b-0 hover:bg-hover">
      <th scope="row" className={`${cell} pl-4 text-left font-medium`}>
        {queue}
      </th>
      <td className={cell}>
        {isPaused ? (
          <Badge tone="warning" icon={Pause}>
            {t('limits.paused')}
          </Badge>
        ) : (
          t('limits.running')
        )}
      </td>
      <td className={`${cell} tabular`}>{concurrency === null ? none : format.number(concurrency)}</td>
      <td className={`${cell} tabular`}>
        {rate === null
          ? none
          : t('limits.rateValue', { count: format.number(rate.max), time: format.duration(rate.durationMs) })}
      </td>
      <td className="py-1 pr-3 text-right whitespace-nowrap">
        <IconButton
          icon={isPaused ? Play : Pause}
          size="sm"
          label={t(isPaused ? 'limits.resume' : 'limits.pause', { queue })}
          onClick={() => onTurn(name, isPaused ? 'resume' : 'pause')}
        />
        <IconButton icon={SlidersHorizontal} size="sm" label={t('limits.edit', { queue })} onClick={onEdit} />
      </td>
    </tr>
  );
}
