import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { toAppError } from '@shared/errors';
import { ErrorState, Notice, Page as PageFrame } from '@renderer/ui';
import { FactsCard } from './facts-card';
import { HistoryCharts } from './history-charts';
import { LimitsCard } from './limits-card';
import { useEngine } from './queries';
import { useEngineText } from './texts';

/** How the queues' engine does, now and over time, and what holds each queue back. */
export function Page(): ReactNode {
  const t = useEngineText();
  const navigate = useNavigate({ from: '/engine' });
  const { range = '24h' } = useSearch({ from: '/engine' });
  const { data, error, refetch } = useEngine();
  return (
    <PageFrame title={t('title')} hint={t('hint')}>
      {error && !data ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : (
        <div className="flex flex-col gap-4">
          {data?.facts === null && <Notice tone="danger">{data.health.problem ?? t('away')}</Notice>}
          {data?.warnings.map(({ code, message, action }) => (
            <Notice key={code} tone="warning" title={message}>
              {action}
            </Notice>
          ))}
          {data?.facts && data.warnings.length === 0 && <Notice tone="success">{t('well')}</Notice>}
          <FactsCard report={data} />
          <LimitsCard />
          <HistoryCharts range={range} onRange={(next) => void navigate({ search: { range: next } })} />
        </div>
      )}
    </PageFrame>
  );
}
