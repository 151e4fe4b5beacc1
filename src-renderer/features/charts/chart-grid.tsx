import { memo, type ReactNode, useMemo } from 'react';
import type { ChartSeries, Compare } from '@shared/contract/charts';
import { useFormat } from '@renderer/i18n/use-format';
import { Card, Skeleton } from '@renderer/ui';
import { type Series, TimeSeriesChart, type TimeSeriesChartProps } from '@renderer/ui/charts';
import { earlierOf, pointsOf } from './points';
import { useChartsText } from './texts';

interface ChartGridProps {
  readonly data: ChartSeries | undefined;
  readonly compare: Compare | undefined;
  /** What the charts are of, in words. */
  readonly subject: string;
  readonly isNamed: boolean;
  readonly onZoom: (from: number, to: number) => void;
}

type ChartKey = 'throughput' | 'failures' | 'wait' | 'run' | 'backlog' | 'oldest' | 'eta';

interface ChartLook extends Pick<TimeSeriesChartProps, 'kind' | 'unit'> {
  readonly key: ChartKey;
  readonly series: readonly Series[];
  /** Which of the series an earlier one is put beside. */
  readonly compared: string;
  /** What it says below its title where it is of one name. */
  readonly namedHint?: string;
}

/** All charts of a queue or of a name, with one crosshair. */
export const ChartGrid = memo(function ChartGrid({
  data,
  compare,
  subject,
  isNamed,
  onZoom,
}: ChartGridProps): ReactNode {
  const t = useChartsText();
  const format = useFormat();
  const points = useMemo(() => (data === undefined ? [] : pointsOf(data)), [data]);
  const looks = useMemo(() => looksOf(t, isNamed), [t, isNamed]);
  const drawn = useMemo(
    () => looks.map((look) => ({ ...look, series: withEarlier(look, compare, t) })),
    [looks, compare, t],
  );
  const step = format.duration((data?.stepSeconds ?? 0) * 1_000);
  const stepMs = (data?.stepSeconds ?? 0) * 1_000;
  const from = data === undefined ? 0 : Date.parse(data.from);
  const last = data === undefined ? 0 : Date.parse(data.to) - stepMs;
  const span = t('span', { from: format.dateTime(from), to: format.dateTime(last + stepMs) });
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      {drawn.map(({ key, series, kind, unit, namedHint }) => (
        <Card key={key} title={t(key)} hint={(isNamed ? namedHint : undefined) ?? t(`${key}Hint`, { step })}>
          {data === undefined ? (
            <Skeleton width="100%" height={228} />
          ) : (
            <TimeSeriesChart
              label={t(key)}
              series={series}
              data={points}
              kind={kind}
              unit={unit}
              from={from}
              to={last}
              syncId="charts"
              onZoom={onZoom}
              image={{
                fileName: `${t(key)} ${subject} ${data.from.slice(0, 10)}.png`.replace(/[\\/:*?"<>|]/g, '_'),
                title: `${t(key)} · ${subject}`,
                subtitle: `${span} · ${t('steps', { step })}`,
              }}
            />
          )}
        </Card>
      ))}
    </div>
  );
});

type Text = ReturnType<typeof useChartsText>;

const looksOf = (t: Text, isNamed: boolean): readonly ChartLook[] => [
  {
    key: 'throughput',
    kind: 'area',
    unit: 'rate',
    compared: 'completed',
    series: [{ id: 'completed', label: t('completed'), color: 'success' }],
  },
  {
    key: 'failures',
    kind: 'bars',
    compared: 'failed',
    series: [{ id: 'failed', label: t('failed'), color: 'danger' }],
  },
  ...(['wait', 'run'] as const).map((of): ChartLook => ({
    key: of,
    kind: 'line',
    unit: 'ms',
    compared: `${of}95`,
    series: [
      { id: `${of}50`, label: 'p50', color: 1 },
      { id: `${of}95`, label: 'p95', color: 2 },
      { id: `${of}99`, label: 'p99', color: 4 },
    ],
  })),
  {
    key: 'backlog',
    kind: 'area',
    compared: 'backlog',
    namedHint: t('backlogOfName'),
    series: [
      { id: 'backlog', label: t('waiting'), color: 1 },
      // Nobody reads the names of what is due later.
      ...(isNamed ? [] : [{ id: 'delayed', label: t('delayed'), color: 5 as const }]),
    ],
  },
  {
    key: 'oldest',
    kind: 'area',
    unit: 'ms',
    compared: 'oldest',
    namedHint: t('oldestOfName'),
    series: [{ id: 'oldest', label: t('age'), color: 2 }],
  },
  {
    key: 'eta',
    kind: 'line',
    unit: 'ms',
    compared: 'eta',
    namedHint: t('etaOfName'),
    series: [{ id: 'eta', label: t('eta'), color: 3 }],
  },
];

const withEarlier = ({ series, compared }: ChartLook, compare: Compare | undefined, t: Text) => {
  const of = series.find(({ id }) => id === compared);
  if (compare === undefined || of === undefined) return series;
  const label = t(compare === 'day' ? 'dayEarlier' : 'weekEarlier', { what: of.label });
  return [...series, { id: earlierOf(of.id), label, color: 'neutral' as const, earlier: true }];
};
