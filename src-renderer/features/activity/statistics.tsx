import { ChartColumn } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Card, cx, EmptyState, ErrorState, Notice, Progress, SkeletonLines } from '@renderer/ui';
import { TimeSeriesChart } from '@renderer/ui/charts';
import { wordsOf } from '@renderer/platform/failure';
import { AnalyticsToolbar } from './analytics-toolbar';
import { ExportMenu } from './export-menu';
import { CauseTable, SlowestTable, TypeTable, UserTable } from './figure-tables';
import { useAnalytics, useExportAnalytics } from './queries';
import { daysOf, localMidnight } from './range';
import type { ActivitySearch } from './search';
import { useActivityText } from './texts';
import { Totals } from './totals';

interface StatisticsProps {
  readonly search: ActivitySearch;
  readonly onSearch: (change: Partial<ActivitySearch>) => void;
  /** As a step that one comes back from. */
  readonly onDrill: (change: Partial<ActivitySearch>) => void;
}

/** What ran in a range of days: by day, type and person, what fails most and what takes longest. */
export function Statistics({ search, onSearch, onDrill }: StatisticsProps) {
  const t = useActivityText();
  const [now] = useState(() => Date.now());
  const range = { ...daysOf(search, now), ...(search.type === undefined ? {} : { jobType: search.type }) };
  const analytics = useAnalytics(range);
  const save = useExportAnalytics(range);
  const found = analytics.data;
  const days = useMemo(
    () => found?.byDay.map(({ day, ...values }) => ({ at: localMidnight(day), values: { ...values } })) ?? [],
    [found],
  );
  const drill = (change: Partial<ActivitySearch>): void =>
    onDrill({
      tab: 'jobs',
      status: undefined,
      user: undefined,
      cause: undefined,
      ...range,
      range: 'custom',
      ...change,
    });

  return (
    <div className="flex flex-col gap-4">
      <AnalyticsToolbar
        search={search}
        now={now}
        types={found?.byType.map(({ jobType }) => jobType) ?? []}
        onSearch={onSearch}
      />
      {analytics.error !== null && found === undefined ? (
        <ErrorState error={wordsOf(analytics.error)} onRetry={() => void analytics.refetch()} />
      ) : found === undefined ? (
        <SkeletonLines lines={8} />
      ) : found.totals.total === 0 && found.pendingDays === 0 ? (
        <EmptyState icon={ChartColumn} title={t('noneTitle')} description={t('noneHint')} />
      ) : (
        <div
          className={cx('flex flex-col gap-4', analytics.isPlaceholderData && 'opacity-60')}
          aria-busy={analytics.isPlaceholderData || undefined}
        >
          {found.pendingDays > 0 && (
            <Card>
              <Progress
                label={t('addingUp')}
                done={daysIn(range) - Math.min(found.pendingDays, daysIn(range))}
                total={daysIn(range)}
              />
            </Card>
          )}
          {found.cleanedDays > 0 && <Notice>{t('cleaned', { count: found.cleanedDays })}</Notice>}
          <Totals totals={found.totals} />
          <Card title={t('byDay')} actions={<ExportMenu part="byDay" onExport={save} />}>
            <TimeSeriesChart
              label={t('byDay')}
              kind="bars"
              unit="count"
              height={220}
              data={days}
              series={[
                { id: 'completed', label: t('completed'), color: 'success' },
                { id: 'failed', label: t('failed'), color: 'danger' },
              ]}
            />
          </Card>
          <TypeTable
            rows={found.byType}
            actions={<ExportMenu part="byType" onExport={save} />}
            onShow={(type, status) => drill({ type, status })}
          />
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <UserTable
              rows={found.byUser}
              actions={<ExportMenu part="byUser" onExport={save} />}
              onShow={(user) => drill({ user })}
            />
            <CauseTable
              rows={found.causes}
              failed={found.totals.failed}
              actions={<ExportMenu part="causes" onExport={save} />}
              onShow={(type, cause) => drill({ type, cause })}
            />
          </div>
          <SlowestTable rows={found.slowest} actions={<ExportMenu part="slowest" onExport={save} />} />
        </div>
      )}
    </div>
  );
}

const daysIn = ({ from, to }: { readonly from: string; readonly to: string }): number =>
  (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1;
