import { type ReactNode, useMemo } from 'react';
import type { EnginePoint } from '@shared/contract/health';
import { toAppError } from '@shared/errors';
import { Card, ErrorState, Segmented, Skeleton } from '@renderer/ui';
import { type SeriesPoint, TimeSeriesChart } from '@renderer/ui/charts';
import { useEngineHistory } from './queries';
import { type RangeName, rangeNames } from './search';
import { useEngineText } from './texts';

interface HistoryProps {
  readonly range: RangeName;
  readonly onRange: (range: RangeName) => void;
}

/** Round trips, memory or disk, and connections over time. What an engine has no figure for has no chart. */
export function HistoryCharts({ range, onRange }: HistoryProps): ReactNode {
  const t = useEngineText();
  const { data, error, refetch } = useEngineHistory(range);
  const points = useMemo(() => (data?.points ?? []).map(shown), [data]);
  if (error && !data) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  const has = (id: string): boolean => points.some(({ values }) => (values[id] ?? null) !== null);
  const chart = { data: points, syncId: 'engine', height: 170 } as const;
  const charts = [
    {
      title: t('history.latency'),
      wanted: true,
      plot: (
        <TimeSeriesChart
          {...chart}
          label={t('history.latency')}
          unit="ms"
          series={[
            { id: 'latency', label: t('history.median'), color: 1 },
            { id: 'longest', label: t('history.longest'), color: 4 },
          ]}
        />
      ),
    },
    ...(['memory', 'storage'] as const).map((id) => ({
      title: t(`history.${id}`),
      wanted: has(id),
      plot: (
        <TimeSeriesChart
          {...chart}
          label={t(`history.${id}`)}
          kind="area"
          unit="bytes"
          series={[{ id, label: t(`history.${id}`), color: 2 }]}
        />
      ),
    })),
    {
      title: t('history.clients'),
      wanted: has('clients'),
      plot: (
        <TimeSeriesChart
          {...chart}
          label={t('history.clients')}
          kind="area"
          series={[{ id: 'clients', label: t('history.clients'), color: 3 }]}
        />
      ),
    },
  ];
  return (
    <section aria-label={t('history.of')} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label={t('range')}
          value={range}
          options={rangeNames.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          onValueChange={onRange}
        />
        <p className="text-xs text-ink-3">{t('history.hint')}</p>
      </div>
      <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
        {charts
          .filter(({ wanted }) => wanted)
          .map(({ title, plot }) => (
            <Card key={title} title={title}>
              {data === undefined ? <Skeleton width="100%" height={200} /> : plot}
            </Card>
          ))}
      </div>
    </section>
  );
}

const shown = ({
  at,
  latencyMs,
  longestMs,
  memoryBytes,
  storageBytes,
  clients,
}: EnginePoint): SeriesPoint => ({
  at: Date.parse(at),
  watched: latencyMs !== null,
  values: { latency: latencyMs, longest: longestMs, memory: memoryBytes, storage: storageBytes, clients },
});
