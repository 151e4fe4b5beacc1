import { memo, useMemo } from 'react';
import { type QueueName, queueNames, queueTitles } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Card, ErrorState, Segmented, Select, Skeleton } from '@renderer/ui';
import { type SeriesPoint, TimeSeriesChart } from '@renderer/ui/charts';
import { type RangeName, rangeNames, useSeries } from './queries';
import { useOverviewText } from './texts';

const ALL = 'all';

interface ChartsProps {
  queue: QueueName | undefined;
  range: RangeName;
  onQueue: (queue: QueueName | undefined) => void;
  onRange: (range: RangeName) => void;
}

/** Throughput, backlog, failures and run time over time, one crosshair for all. */
export function Charts({ queue, range, onQueue, onRange }: ChartsProps) {
  const t = useOverviewText();
  return (
    <section aria-label={t('charts.of')} className="flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <div className="w-52">
          <Select<QueueName | typeof ALL>
            label={t('charts.of')}
            labelHidden
            value={queue ?? ALL}
            options={[
              { value: ALL, label: t('charts.all') },
              ...queueNames.map((value) => ({ value, label: queueTitles[value] })),
            ]}
            onValueChange={(next) => onQueue(next === ALL ? undefined : next)}
          />
        </div>
        <Segmented
          label={t('range')}
          value={range}
          options={rangeNames.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          onValueChange={onRange}
        />
      </div>
      <ChartGrid queue={queue} range={range} />
    </section>
  );
}

interface ChartGridProps {
  readonly queue: QueueName | undefined;
  readonly range: RangeName;
}

/** Drawn anew with new readings only: the figures above change up to ten times a second. */
const ChartGrid = memo(function ChartGrid({ queue, range }: ChartGridProps) {
  const t = useOverviewText();
  const format = useFormat();
  const { data, error, refetch } = useSeries(queue, range);
  const points = useMemo<readonly SeriesPoint[]>(
    () =>
      (data?.points ?? []).map(({ at, completed, failed, backlog, run }) => ({
        at: Date.parse(at),
        watched: completed !== null,
        values: {
          // Counts are per step; steps differ with the range, a rate does not.
          completed: completed === null ? null : completed / (data?.stepSeconds ?? 1),
          failed,
          backlog,
          p50: run?.p50 ?? null,
          p95: run?.p95 ?? null,
          p99: run?.p99 ?? null,
        },
      })),
    [data],
  );
  if (error && !data) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  const shared = { data: points, syncId: 'overview', height: 170 } as const;
  const charts = [
    {
      title: t('charts.throughput'),
      hint: t('charts.throughputHint'),
      chart: (
        <TimeSeriesChart
          {...shared}
          label={t('charts.throughput')}
          kind="area"
          unit="rate"
          series={[{ id: 'completed', label: t('charts.completed'), color: 'success' }]}
        />
      ),
    },
    {
      title: t('charts.backlog'),
      hint: t('charts.backlogHint'),
      chart: (
        <TimeSeriesChart
          {...shared}
          label={t('charts.backlog')}
          kind="area"
          series={[{ id: 'backlog', label: t('charts.waiting'), color: 1 }]}
        />
      ),
    },
    {
      title: t('charts.failures'),
      hint: t('charts.failuresHint', { step: format.duration((data?.stepSeconds ?? 0) * 1_000) }),
      chart: (
        <TimeSeriesChart
          {...shared}
          label={t('charts.failures')}
          kind="bars"
          series={[{ id: 'failed', label: t('charts.failed'), color: 'danger' }]}
        />
      ),
    },
    {
      title: t('charts.latency'),
      hint: t('charts.latencyHint'),
      chart: (
        <TimeSeriesChart
          {...shared}
          label={t('charts.latency')}
          unit="ms"
          series={[
            { id: 'p50', label: 'p50', color: 1 },
            { id: 'p95', label: 'p95', color: 2 },
            { id: 'p99', label: 'p99', color: 4 },
          ]}
        />
      ),
    },
  ];
  return (
    <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-4">
      {charts.map(({ title, hint, chart }) => (
        <Card key={title} title={title} hint={hint}>
          {data === undefined ? <Skeleton width="100%" height={200} /> : chart}
        </Card>
      ))}
    </div>
  );
});
