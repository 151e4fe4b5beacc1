import { ChartSpline } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import type { ChartPoint } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { QueueSelect } from '@renderer/app/queue-select';
import { useFormat } from '@renderer/i18n/use-format';
import { ButtonLink, Card, ErrorState, Later, Segmented, Skeleton } from '@renderer/ui';
import {
  type Series,
  type SeriesPoint,
  TimeSeriesChart,
  type TimeSeriesChartProps,
} from '@renderer/ui/charts';
import { type RangeName, rangeNames, useSeries } from './queries';
import { useOverviewText } from './texts';

interface ChartsProps {
  queue: QueueName | undefined;
  range: RangeName;
  onQueue: (queue: QueueName | undefined) => void;
  onRange: (range: RangeName) => void;
}

/** What the queues did lately, one crosshair for all; the Charts screen has the rest. */
export const Charts = memo(function Charts({ queue, range, onQueue, onRange }: ChartsProps) {
  const t = useOverviewText();
  return (
    <section aria-label={t('charts.of')} className="flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <div className="w-52">
          <QueueSelect label={t('charts.of')} all={t('charts.all')} value={queue} onQueue={onQueue} />
        </div>
        <Segmented
          label={t('range')}
          value={range}
          options={rangeNames.map((value) => ({ value, label: t(`ranges.${value}`) }))}
          onValueChange={onRange}
        />
        <div className="ml-auto">
          <ButtonLink to="/charts" search={{ queue, range }} size="sm" variant="ghost">
            <ChartSpline size={13} aria-hidden />
            {t('charts.more')}
          </ButtonLink>
        </div>
      </div>
      <ChartGrid queue={queue} range={range} />
    </section>
  );
});

interface ChartGridProps {
  readonly queue: QueueName | undefined;
  readonly range: RangeName;
}

interface ChartLook extends Pick<TimeSeriesChartProps, 'kind' | 'unit'> {
  readonly key: 'throughput' | 'backlog' | 'failures' | 'oldest' | 'wait' | 'latency';
  readonly series: readonly Series[];
}

/** Drawn anew with new readings only: the figures above change up to ten times a second. */
const ChartGrid = memo(function ChartGrid({ queue, range }: ChartGridProps): ReactNode {
  const t = useOverviewText();
  const format = useFormat();
  const { data, error, refetch } = useSeries(queue, range);
  const points = useMemo(() => (data?.points ?? []).map(shown), [data]);
  const looks = useMemo(() => looksOf(t), [t]);
  if (error && !data) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  const step = format.duration((data?.stepSeconds ?? 0) * 1_000);
  return (
    <div className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
      {looks.map(({ key, ...look }, index) => (
        <Card key={key} title={t(`charts.${key}`)} hint={t(`charts.${key}Hint`, { step })}>
          {data === undefined ? (
            <Skeleton width="100%" height={200} />
          ) : (
            <Later after={index} fallback={<Skeleton width="100%" height={200} />}>
              <TimeSeriesChart
                label={t(`charts.${key}`)}
                data={points}
                syncId="overview"
                height={170}
                {...look}
              />
            </Later>
          )}
        </Card>
      ))}
    </div>
  );
});

const shown = (point: ChartPoint): SeriesPoint => ({
  at: Date.parse(point.at),
  watched: point.watchedSeconds > 0,
  values: {
    // Counts are per step; steps differ with the range, and the last has only begun: a rate does not care.
    completed: point.completed === null ? null : point.completed / point.watchedSeconds,
    failed: point.failed,
    backlog: point.backlog,
    oldest: point.oldestSeconds === null ? null : point.oldestSeconds * 1_000,
    ...{ wait50: point.wait?.p50 ?? null, wait95: point.wait?.p95 ?? null, wait99: point.wait?.p99 ?? null },
    ...{ run50: point.run?.p50 ?? null, run95: point.run?.p95 ?? null, run99: point.run?.p99 ?? null },
  },
});

const shares = (of: 'wait' | 'run'): readonly Series[] => [
  { id: `${of}50`, label: 'p50', color: 1 },
  { id: `${of}95`, label: 'p95', color: 2 },
  { id: `${of}99`, label: 'p99', color: 4 },
];

const looksOf = (t: ReturnType<typeof useOverviewText>): readonly ChartLook[] => [
  {
    key: 'throughput',
    kind: 'area',
    unit: 'rate',
    series: [{ id: 'completed', label: t('charts.completed'), color: 'success' }],
  },
  {
    key: 'backlog',
    kind: 'area',
    unit: 'count',
    series: [{ id: 'backlog', label: t('charts.waiting'), color: 1 }],
  },
  {
    key: 'failures',
    kind: 'bars',
    unit: 'count',
    series: [{ id: 'failed', label: t('charts.failed'), color: 'danger' }],
  },
  {
    key: 'oldest',
    kind: 'area',
    unit: 'ms',
    series: [{ id: 'oldest', label: t('charts.age'), color: 2 }],
  },
  { key: 'wait', kind: 'line', unit: 'ms', series: shares('wait') },
  { key: 'latency', kind: 'line', unit: 'ms', series: shares('run') },
];
