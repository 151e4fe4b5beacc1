import { useNavigate } from '@tanstack/react-router';
import { Filter, History, ListTree, PanelRight, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { JobLogStatus, type JobLog } from '@shared/contract/activity';
import { CampaignId, JobId } from '@shared/domain/ids';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import {
  Badge,
  Button,
  DateTime,
  Duration,
  EmptyState,
  ErrorState,
  JsonView,
  Link,
  PropertyList,
  Select,
  SidePanel,
} from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { wordsOf } from '@renderer/platform/failure';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { useJobLogs } from './queries';
import { titleOf } from './job-type';
import type { ActivitySearch } from './search';
import { statusTones } from './status-tones';
import { useActivityText } from './texts';

const ANY = 'all';

interface JobHistoryProps {
  readonly search: ActivitySearch;
  readonly onSearch: (change: Partial<ActivitySearch>) => void;
}

/** Every job that ever ran here, with what it left behind. */
export function JobHistory({ search, onSearch }: JobHistoryProps) {
  const t = useActivityText();
  const navigate = useNavigate();
  const { status, type, user, cause, from, to } = search;
  const logs = useJobLogs({ status, jobType: type, userId: user, cause, from, to });
  const [openId, setOpenId] = useState<string | null>(null);
  const rows = useMemo(() => logs.data?.pages.flatMap((page) => page.logs) ?? [], [logs.data]);
  const source = useGrowingRows(rows, logs);
  const columns = useColumns();
  const open = rows.find((row) => row.id === openId);
  const link = useCopyLink();
  const rowCommands = useRowCommands<JobLog>([
    {
      id: 'history.row.open',
      title: t('actOn.open'),
      icon: PanelRight,
      group: 0,
      run: ({ id }) => setOpenId(id),
    },
    {
      id: 'history.row.job',
      title: t('actOn.job'),
      icon: ListTree,
      group: 0,
      when: ({ queue }) => queue !== null,
      run: ({ queue, jobId }) => {
        if (queue !== null) void navigate({ to: '/jobs', search: { queue, job: jobId } });
      },
    },
    {
      ...link.rowCommand<JobLog>('history.row', ({ queue, jobType, jobId }) => ({
        kind: 'job',
        queue: queue ?? jobType,
        id: JobId.parse(jobId),
      })),
      when: ({ queue }) => queue !== null,
    },
    {
      id: 'history.row.type',
      title: t('actOn.type'),
      icon: Filter,
      group: 1,
      run: ({ jobType }) => onSearch({ type: jobType }),
    },
  ]);
  if (logs.error !== null)
    return <ErrorState error={wordsOf(logs.error)} onRetry={() => void logs.refetch()} />;
  const isFiltered = [status, type, user, cause, from, to].some((each) => each !== undefined);
  return (
    <div className="relative flex min-h-0 flex-1 gap-4">
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <div className="w-48">
            <Select
              label={t('status')}
              labelHidden
              value={status ?? ANY}
              onValueChange={(next) => onSearch({ status: next === ANY ? undefined : next })}
              options={[
                { value: ANY, label: t('all') },
                ...JobLogStatus.options.map((value) => ({ value, label: t(`statuses.${value}`) })),
              ]}
            />
          </div>
          {type !== undefined && (
            <FilterChip label={titleOf(type)} onRemove={() => onSearch({ type: undefined })} />
          )}
          {user !== undefined && (
            <FilterChip
              label={rows[0]?.userName ?? t('onePerson')}
              onRemove={() => onSearch({ user: undefined })}
            />
          )}
          {cause !== undefined && (
            <FilterChip label={cause} onRemove={() => onSearch({ cause: undefined })} />
          )}
          {(from !== undefined || to !== undefined) && (
            <FilterChip
              label={from === to ? (from ?? '') : t('days', { from: from ?? '…', to: to ?? '…' })}
              onRemove={() => onSearch({ from: undefined, to: undefined, range: undefined })}
            />
          )}
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
            {...rowCommands}
            loading={logs.isPending}
            empty={
              <EmptyState
                icon={History}
                title={isFiltered ? t('noMatchTitle') : t('emptyTitle')}
                description={isFiltered ? t('noMatchHint') : t('emptyHint')}
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

/** A filter that is on, with the way to take it away. */
function FilterChip({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  const t = useActivityText();
  return (
    <Button size="sm" icon={X} aria-label={t('without', { filter: label })} onClick={onRemove}>
      {label}
    </Button>
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
        cell: (row) => <Badge tone={statusTones[row.status]}>{t(`statuses.${row.status}`)}</Badge>,
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
      { id: 'atWork', header: t('atWork'), width: 90, align: 'end', cell: (row) => <AtWork log={row} /> },
    ],
    [t],
  );
};

/** Over all its runs: what it waited in between is seen from its start and its end. */
function AtWork({ log: { durationMs } }: { log: JobLog }) {
  return durationMs === null ? null : <Duration ms={durationMs} />;
}

/** What the results of a campaign's jobs say of it, among the counts. */
const OfCampaign = z.object({ campaignId: CampaignId });

function ToCampaign({ log, id }: { readonly log: JobLog; readonly id: CampaignId }) {
  const t = useActivityText();
  return (
    <Link to={log.queue === 'email-notification' ? '/emails' : '/campaigns'} search={{ id }}>
      {t('openCampaign')}
    </Link>
  );
}

function JobLogDetail({ log }: { log: JobLog }) {
  const t = useActivityText();
  const campaign = OfCampaign.safeParse(log.result).data?.campaignId;
  return (
    <div className="flex flex-col gap-4">
      <PropertyList
        properties={[
          {
            label: t('status'),
            value: <Badge tone={statusTones[log.status]}>{t(`statuses.${log.status}`)}</Badge>,
          },
          { label: t('user'), value: log.userName ?? '' },
          { label: t('created'), value: <DateTime at={new Date(log.createdAt)} /> },
          ...(log.startedAt === null
            ? []
            : [{ label: t('started'), value: <DateTime at={new Date(log.startedAt)} /> }]),
          ...(log.completedAt === null
            ? []
            : [{ label: t('ended'), value: <DateTime at={new Date(log.completedAt)} /> }]),
          ...(log.durationMs === null ? [] : [{ label: t('atWork'), value: <AtWork log={log} /> }]),
          ...(campaign === undefined
            ? []
            : [{ label: t('campaign'), value: <ToCampaign log={log} id={campaign} /> }]),
        ]}
      />
      {log.result !== null && <JsonView label={t('result')} value={log.result} openDepth={2} />}
      {log.errorDetails !== null && <JsonView label={t('errors')} value={log.errorDetails} openDepth={2} />}
    </div>
  );
}
