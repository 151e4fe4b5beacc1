import { ChartColumn } from 'lucide-react';
import { useMemo } from 'react';
import { Card, EmptyState, ErrorState, NumberText, SkeletonLines, Stat } from '@renderer/ui';
import { TimeSeriesChart } from '@renderer/ui/charts';
import { wordsOf } from '@renderer/platform/failure';
import { useStats } from './queries';
import { titleOf } from './job-type';
import { useActivityText } from './texts';

/** Thirty days of jobs, by type and by day. */
export function Statistics() {
  const t = useActivityText();
  const stats = useStats();
  const days = stats.data?.byDay;
  const data = useMemo(
    () =>
      days?.map(({ day, completed, failed }) => ({ at: Date.parse(day), values: { completed, failed } })) ??
      [],
    [days],
  );
  if (stats.error !== null)
    return <ErrorState error={wordsOf(stats.error)} onRetry={() => void stats.refetch()} />;
  if (stats.data === undefined) return <SkeletonLines lines={8} />;
  const { total, completed, failed, running, byType } = stats.data;
  if (total === 0)
    return <EmptyState icon={ChartColumn} title={t('emptyTitle')} description={t('emptyHint')} />;
  return (
    <div className="flex flex-col gap-4">
      <div className="grid grid-cols-4 gap-4">
        {(
          [
            ['total', total],
            ['completed', completed],
            ['failed', failed],
            ['running', running],
          ] as const
        ).map(([key, value]) => (
          <Card key={key}>
            <Stat label={t(key)} value={<NumberText value={value} />} />
          </Card>
        ))}
      </div>
      <Card title={t('byDay')}>
        <TimeSeriesChart
          label={t('byDay')}
          kind="bars"
          unit="count"
          height={220}
          data={data}
          series={[
            { id: 'completed', label: t('completed'), color: 'success' },
            { id: 'failed', label: t('failed'), color: 'danger' },
          ]}
        />
      </Card>
      <Card title={t('type')} padding="none">
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-2 font-medium">{t('type')}</th>
              {(['total', 'completed', 'failed', 'running', 'average'] as const).map((key) => (
                <th key={key} className="px-4 py-2 text-right font-medium">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="tabular divide-y divide-line">
            {byType.map((row) => (
              <tr key={row.jobType}>
                <td className="px-4 py-2">{titleOf(row.jobType)}</td>
                {[row.total, row.completed, row.failed, row.running].map((value, index) => (
                  <td key={index} className="px-4 py-2 text-right">
                    <NumberText value={value} quietZero />
                  </td>
                ))}
                <td className="px-4 py-2 text-right">
                  {row.averageSeconds === null ? '–' : <NumberText value={row.averageSeconds} digits={2} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </div>
  );
}
