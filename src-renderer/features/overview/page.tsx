import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useMemo } from 'react';
import { client } from '@renderer/platform/client';
import { useAppStatus } from '@renderer/platform/use-app-status';
import { useStream } from '@renderer/platform/use-stream';
import { ErrorState, Page as PageFrame, useNow } from '@renderer/ui';
import { attentionOf } from './attention';
import { AttentionCard } from './attention-card';
import { Charts } from './charts';
import { useQueueActions } from './queue-actions';
import { QueueTable } from './queue-table';
import { useOverviewText } from './texts';
import { Welcome } from './welcome';
import { WorkersCard } from './workers-card';

const MINUTE = 60_000;

/** The start screen: what runs, what stands still, and what to do about it. */
export function Page(): ReactNode {
  const t = useOverviewText();
  const navigate = useNavigate({ from: '/' });
  const { queue, range = '15m' } = useSearch({ from: '/' });
  const live = useStream(client.queues.live, {});
  const status = useAppStatus().data;
  const actions = useQueueActions();
  const now = useNow(MINUTE);
  const queues = live.value?.queues;
  const items = useMemo(() => attentionOf(status, queues ?? [], now), [status, queues, now]);
  const hasFigures = queues !== undefined && queues.length > 0;

  // For whoever measures the start: the figures are on the screen (an effect runs after the paint).
  useEffect(() => {
    if (hasFigures) performance.mark('overview-live');
  }, [hasFigures]);

  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      <div className="flex flex-col gap-4">
        {status?.firstRun === true && <Welcome />}
        <AttentionCard items={items} actions={actions} />
        {queues === undefined && live.error ? (
          <ErrorState error={live.error} />
        ) : (
          <QueueTable queues={queues} actions={actions} />
        )}
        <Charts
          queue={queue}
          range={range}
          onQueue={(next) => void navigate({ search: { queue: next, range } })}
          onRange={(next) => void navigate({ search: { queue, range: next } })}
        />
        <WorkersCard />
      </div>
    </PageFrame>
  );
}
