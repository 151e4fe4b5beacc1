import { CircleCheck, FileSpreadsheet, ListTree, RotateCw, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import type { FailureGroup } from '@shared/contract/failures';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, ButtonLink, EmptyState, ErrorState, RelativeTime, Sparkline } from '@renderer/ui';
import { type Column, DataTable, rowsOf, TableFrame } from '@renderer/ui/table';
import { useExport } from './export';
import type { OperationAsked } from '@renderer/operations/operation-dialog';
import { useFailureGroups } from './queries';
import { useFailuresText } from './texts';

interface GroupsTableProps {
  queue: QueueName | undefined;
  onOpen: (group: FailureGroup) => void;
  onAsk: (asked: OperationAsked) => void;
  onShowAll: () => void;
}

/** What an action on a cause means. Who retries cancelled jobs by their cause means them. */
export const askFor = (
  type: OperationAsked['type'],
  group: Pick<FailureGroup, 'cause' | 'title' | 'cancelled'>,
  queue: QueueName | undefined,
): OperationAsked => ({
  type,
  subject: group.title,
  filter: {
    states: ['failed'],
    cause: group.cause,
    ...(queue && { queues: [queue] }),
    ...(group.cancelled && type === 'retry' && { cancelled: true }),
  },
});

/** Failures by what went wrong, the most frequent first. */
export function GroupsTable({ queue, onOpen, onAsk, onShowAll }: GroupsTableProps) {
  const t = useFailuresText();
  const groups = useFailureGroups(queue);
  const columns = useGroupColumns(groups.data?.trendFrom);
  const save = useExport(queue);
  const link = useCopyLink();
  const rowCommands = useRowCommands<FailureGroup>([
    {
      id: 'groups.row.open',
      title: t('group.actOn.open'),
      label: t('group.open'),
      icon: ListTree,
      group: 0,
      run: onOpen,
    },
    link.rowCommand('groups.row', ({ cause }) => ({ kind: 'failures', cause })),
    {
      id: 'groups.row.retry',
      title: t('group.actOn.retry'),
      label: t('group.retry'),
      icon: RotateCw,
      shortcut: 'r',
      group: 1,
      run: (group) => onAsk(askFor('retry', group, queue)),
    },
    {
      id: 'groups.row.remove',
      title: t('group.actOn.remove'),
      label: t('group.remove'),
      icon: Trash2,
      shortcut: 'Delete',
      danger: true,
      group: 1,
      run: (group) => onAsk(askFor('remove', group, queue)),
    },
    {
      id: 'groups.row.export',
      title: t('group.exportXlsx'),
      icon: FileSpreadsheet,
      group: 2,
      run: (group) => void save('xlsx', group.cause),
    },
  ]);
  if (groups.isError && groups.data === undefined)
    return <ErrorState error={toAppError(groups.error)} onRetry={() => void groups.refetch()} size="page" />;
  return (
    <TableFrame>
      <DataTable
        id="failure-groups"
        label={t('groups')}
        columns={columns}
        source={rowsOf(groups.data?.groups ?? [])}
        rowId={({ cause }) => cause}
        rowHeight={48}
        onOpen={onOpen}
        loading={groups.data === undefined}
        {...rowCommands}
        empty={
          <EmptyState
            icon={CircleCheck}
            title={queue === undefined ? t('empty.title') : t('empty.filtered', { queue: queueTitle(queue) })}
            description={t('empty.description')}
            action={
              queue === undefined ? (
                <ButtonLink to="/">{t('empty.overview')}</ButtonLink>
              ) : (
                <Button onClick={onShowAll}>{t('empty.showAll')}</Button>
              )
            }
          />
        }
      />
    </TableFrame>
  );
}

function useGroupColumns(trendFrom: string | undefined): readonly Column<FailureGroup>[] {
  const t = useFailuresText();
  const format = useFormat();
  return useMemo(
    () => [
      {
        id: 'cause',
        header: t('group.cause'),
        width: 320,
        grow: true,
        cell: (group) => <CauseCell group={group} />,
      },
      {
        id: 'count',
        header: t('group.count'),
        width: 90,
        align: 'end',
        cell: ({ count }) => <strong className="font-semibold">{format.number(count)}</strong>,
      },
      {
        id: 'share',
        header: t('group.share'),
        width: 80,
        align: 'end',
        cell: ({ share }) => format.percent(share),
      },
      {
        id: 'trend',
        header: t('group.trend'),
        width: 140,
        cell: ({ trend }) => (
          <Sparkline
            values={trend}
            width={116}
            height={24}
            color="danger"
            label={t('group.trendLabel', {
              count: trend.reduce((sum, each) => sum + each, 0),
              from: trendFrom === undefined ? '' : format.dateTime(Date.parse(trendFrom)),
            })}
          />
        ),
      },
      {
        id: 'first',
        header: t('group.first'),
        width: 110,
        align: 'end',
        cell: ({ firstSeen }) => <RelativeTime at={Date.parse(firstSeen)} />,
      },
      {
        id: 'last',
        header: t('group.last'),
        width: 110,
        align: 'end',
        cell: ({ lastSeen }) => <RelativeTime at={Date.parse(lastSeen)} />,
      },
    ],
    [format, t, trendFrom],
  );
}

/** The cause, and under it what it hit. */
function CauseCell({ group }: { group: FailureGroup }) {
  const t = useFailuresText();
  const [campaign] = group.campaigns;
  const [imported] = group.imports;
  const labelled = (first: { id: string; label: string | null } | undefined, count: number): string | null =>
    first === undefined
      ? null
      : t('group.campaigns', { count, label: first.label ?? first.id, more: count - 1 });
  const hit = [
    ...group.queues.map(({ queue }) => queueTitle(queue)),
    ...group.names.map(({ name }) => name),
    labelled(campaign, group.campaignCount),
    labelled(imported, group.importCount),
  ].filter((each) => each !== null);
  return (
    <span className="flex min-w-0 flex-col leading-tight" title={group.title}>
      <span className="flex min-w-0 items-center gap-2">
        <span className={group.cancelled ? 'truncate text-ink-2' : 'truncate text-danger-text'}>
          {group.title}
        </span>
        {group.cancelled && <Badge>{t('group.cancelled')}</Badge>}
      </span>
      <span className="truncate text-xs text-ink-3">{hit.join(' · ')}</span>
    </span>
  );
}
