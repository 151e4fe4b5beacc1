import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useCallback, useMemo } from 'react';
import { isWanting, useAlerts } from '@renderer/alerts/live';
import { useAppStatus } from '@renderer/platform/use-app-status';
import type { QueueOverview } from '@shared/contract/queues';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import { useLiveOverview } from '@renderer/platform/live-overview';
import { ErrorState, Later, Page as PageFrame, Skeleton, useNow } from '@renderer/ui';
import { attentionOf } from './attention';
import { AttentionCard } from './attention-card';
import { Charts } from './charts';
import { OtherQueues } from './other-queues';
import { type RangeName, useOverdue } from './queries';
import { useQueueActions } from './queue-actions';
import { QueueTable } from './queue-table';
import { useOverviewText } from './texts';
import { Welcome } from './welcome';
import { WorkersCard } from './workers-card';

const MINUTE = 60_000;
/** With more queues than this, those of other programs get a list of their own, which one looks through. */
const MOST_LISTED = 12;
/** About what they are high, in px, for the moment until they are drawn. */
const QUEUES_HEIGHT = 260;
const OTHERS_HEIGHT = 410;
const CHARTS_HEIGHT = 600;

/** The start screen: what runs, what stands still, and what to do about it. */
export function Page(): ReactNode {
  const t = useOverviewText();
  const navigate = useNavigate({ from: '/' });
  const { queue, range = '15m' } = useSearch({ from: '/' });
  const live = useLiveOverview();
  const status = useAppStatus().data;
  const actions = useQueueActions();
  const now = useNow(MINUTE);
  const overdue = useOverdue();
  const queues = live.value?.queues;
  const alerts = useAlerts()?.open;
  const items = useMemo(
    () =>
      attentionOf(
        status,
        queues ?? [],
        now,
        overdue,
        alerts?.filter((incident) => isWanting(incident, now)),
      ),
    [status, queues, now, overdue, alerts],
  );
  const { listed, others } = useMemo(() => partsOf(queues), [queues]);

  const showQueue = useCallback(
    (next: QueueName | undefined) => void navigate({ search: { queue: next, range } }),
    [navigate, range],
  );
  const showRange = useCallback(
    (next: RangeName) => void navigate({ search: { queue, range: next } }),
    [navigate, queue],
  );

  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <div className="flex flex-col gap-4">
        {status?.firstRun === true && <Welcome />}
        <AttentionCard items={items} actions={actions} />
        {queues === undefined && live.error ? (
          <ErrorState error={live.error} />
        ) : (
          <Later after={0} fallback={<Skeleton width="100%" height={QUEUES_HEIGHT} />}>
            <QueueTable queues={listed} actions={actions} />
          </Later>
        )}
        {others.length > 0 && (
          <Later after={1} fallback={<Skeleton width="100%" height={OTHERS_HEIGHT} />}>
            <OtherQueues queues={others} actions={actions} />
          </Later>
        )}
        <Later after={2} fallback={<Skeleton width="100%" height={CHARTS_HEIGHT} />}>
          <Charts queue={queue} range={range} onQueue={showQueue} onRange={showRange} />
        </Later>
        <Later after={4} fallback={null}>
          <WorkersCard />
        </Later>
      </div>
    </PageFrame>
  );
}

interface Parts {
  readonly listed: readonly QueueOverview[] | undefined;
  readonly others: readonly QueueOverview[];
}

function partsOf(queues: readonly QueueOverview[] | undefined): Parts {
  if (queues === undefined || queues.length <= MOST_LISTED) return { listed: queues, others: [] };
  return {
    listed: queues.filter(({ name }) => isAdsappQueue(name)),
    others: queues.filter(({ name }) => !isAdsappQueue(name)),
  };
}
