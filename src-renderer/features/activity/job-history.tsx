import { History } from 'lucide-react';
import { useMemo, useState } from 'react';
import { JobLogStatus, type JobLog } from '@shared/contract/activity';
import {
  Badge,
  DateTime,
  Duration,
  EmptyState,
  ErrorState,
  JsonView,
  PropertyList,
  Select,
  SidePanel,
  type Tone,
} from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { wordsOf } from '@renderer/platform/failure';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { useJobLogs } from './queries';
import { titleOf } from './job-type';
import { useActivityText } from './texts';

const tones: Readonly<Record<JobLogStatus, Tone>> = {
  queued: 'neutral',
  running: 'info',
  completed: 'success',
  partial_success: 'warning',
  partial_failure: 'warning',
  failed: 'danger',
  cancelled: 'neutral',
};

const ANY = 'all';

interface JobHistoryProps {
  readonly status: JobLogStatus | undefined;
  readonly onStatus: (status: JobLogStatus | undefined) => void;
}

/** Every job that ever ran here, with what it left behind. */
export function JobHistory({ status, onStatus }: JobHistoryProps) {
  const t = useActivityText();
  const logs = useJobLogs(status);
  const [openId, setOpenId] = useState<string | null>(null);
  const rows = useMemo(() => logs.data?.pages.flatMap((page) => page.logs) ?? [], [logs.data]);
  const source = useGrowingRows(rows, logs);
  const columns = useColumns();
  const open = rows.find((row) => row.id === openId);
  if (logs.error !== null)
    return <ErrorState error={wordsOf(logs.error)} onRetry={() => void logs.refetch()} />;
  return (
    <div className="relative flex min-h-0 flex-1 gap-4">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="w-48">
          <Select
            label={t('status')}
            labelHidden
            value={status ?? ANY}
            onValueChange={(next) => onStatus(next === ANY ? undefined : next)}
            options={[
              { value: ANY, label: t('all') },
              ...JobLogStatus.options.map((value) => ({ value, label: t(`statuses.${value}`) })),
            ]}
          />
        </div>
        <TableFrame>
          <DataTable
            id="activity.jobs"
            label={t('tabs.jobs')}
            columns={columns}
            source={source}
            rowId={(row) => row.id}
            openId={openId}
            onOpen={(row) => setOpenId(row.id)}
            loading={logs.isPending}
            empty={
              <EmptyState
                icon={History}
                title={status === undefined ? t('emptyTitle') : t('noMatchTitle')}
                description={status === undefined ? t('emptyHint') : t('noMatchHint')}
              />
            }
          />
        </TableFrame>
      </div>
      <SidePanel
        id="activity.job"
        open={open !== undefined}
        onClose={() => setOpenId(null)}
        title={open?.jobId ?? ''}
        subtitle={open === undefined ? undefined : titleOf(open.jobType)}
      >
        {open !== undefined && <JobLogDetail log={open} />}
      </SidePanel>
    </div>
  );
}

const useColumns = (): readonly Column<JobLog>[] => {
  const t = useActivityText();
  return useMemo<readonly Column<JobLog>[]>(
    () => [
      {
        id: 'status',
        header: t('status'),
        width: 140,
        cell: (row) => <Badge tone={tones[row.status]}>{t(`statuses.${row.status}`)}</Badge>,
      },
      { id: 'type', header: t('type'), width: 170, cell: (row) => titleOf(row.jobType) },
      {
        id: 'job',
        header: t('job'),
        width: 260,
        grow: true,
        cell: (row) => <span className="font-mono text-xs">{row.jobId}</span>,
      },
      { id: 'user', header: t('user'), width: 120, cell: (row) => row.userName ?? '' },
      {
        id: 'created',
        header: t('created'),
        width: 210,
        cell: (row) => <DateTime at={new Date(row.createdAt)} />,
      },
      { id: 'duration', header: t('duration'), width: 90, align: 'end', cell: (row) => <Took log={row} /> },
    ],
    [t],
  );
};

function Took({ log }: { log: JobLog }) {
  if (log.startedAt === null || log.completedAt === null) return null;
  return <Duration ms={Date.parse(log.completedAt) - Date.parse(log.startedAt)} />;
}

function JobLogDetail({ log }: { log: JobLog }) {
  const t = useActivityText();
  return (
    <div className="flex flex-col gap-4">
      <PropertyList
        properties={[
          {
            label: t('status'),
            value: <Badge tone={tones[log.status]}>{t(`statuses.${log.status}`)}</Badge>,
          },
          { label: t('user'), value: log.userName ?? '' },
          { label: t('created'), value: <DateTime at={new Date(log.createdAt)} /> },
          { label: t('duration'), value: <Took log={log} /> },
        ]}
      />
      {log.result !== null && <JsonView label={t('result')} value={log.result} openDepth={2} />}
      {log.errorDetails !== null && <JsonView label={t('errors')} value={log.errorDetails} openDepth={2} />}
    </div>
  );
}
