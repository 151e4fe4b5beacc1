import { Copy, Inbox, PanelRight, X } from 'lucide-react';
import { useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { queueTitles } from '@shared/domain/queues';
import { Button, EmptyState, ErrorState, IconButton, type MenuGroups } from '@renderer/ui';
import { DataTable, emptySelection, type Selection } from '@renderer/ui/table';
import { useJobColumns } from './columns';
import { actionIcons, actionsOf, useJobActions } from './job-actions';
import { type JobFilter, useJobWindow } from './queries';
import { useJobsText } from './texts';

interface JobTableProps {
  filter: JobFilter;
  openId: string | null;
  onOpen: (jobId: string) => void;
  onShowCompleted: () => void;
}

/** The jobs of one queue in one state, with what can be done to several of them. */
export function JobTable({ filter, openId, onOpen, onShowCompleted }: JobTableProps) {
  const t = useJobsText();
  const { queue, state } = filter;
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const { source, loading, error, retry } = useJobWindow(filter);
  const columns = useJobColumns(state);
  const actions = useJobActions(() => setSelection(emptySelection));
  const words = { queue: queueTitles[queue], state: t(`state.${state}`).toLowerCase() };

  const menu = (job: JobSummary): MenuGroups => [
    [
      { id: 'open', label: t('open'), icon: PanelRight, onSelect: () => onOpen(job.id) },
      {
        id: 'copy',
        label: t('copyId'),
        icon: Copy,
        onSelect: () => void navigator.clipboard.writeText(job.id),
      },
    ],
    actionsOf[job.state].map((action) => ({
      id: action,
      label: t(`action.${action}`),
      icon: actionIcons[action],
      danger: action === 'remove',
      onSelect: () => actions.start(action, [{ queue, jobId: job.id }]),
    })),
  ];

  if (error) return <ErrorState error={error} onRetry={retry} size="page" />;
  return (
    <>
      {selection.size > 0 && (
        <div
          role="toolbar"
          aria-label={t('selected', { count: selection.size })}
          className="flex items-center gap-2 pt-2"
        >
          <span className="tabular text-sm font-medium">{t('selected', { count: selection.size })}</span>
          {actionsOf[state].map((action) => (
            <Button
              key={action}
              size="sm"
              icon={actionIcons[action]}
              onClick={() =>
                actions.start(
                  action,
                  [...selection].map((id) => ({ queue, jobId: JobId.parse(id) })),
                )
              }
            >
              {t(`action.${action}`)}
            </Button>
          ))}
          <IconButton icon={X} size="sm" label={t('clear')} onClick={() => setSelection(emptySelection)} />
        </div>
      )}
      <div className="mt-2 flex min-h-0 flex-1 overflow-hidden rounded-lg border border-line bg-surface">
        <DataTable
          id={`jobs-${state}`}
          label={t('table', words)}
          columns={columns}
          source={source}
          rowId={(job) => job.id}
          selection={selection}
          onSelectionChange={setSelection}
          openId={openId}
          onOpen={(job) => onOpen(job.id)}
          contextMenu={menu}
          loading={loading}
          empty={
            <EmptyState
              icon={Inbox}
              title={t('empty.title', words)}
              description={t('empty.description')}
              action={
                state === 'completed' ? undefined : (
                  <Button onClick={onShowCompleted}>{t('empty.other')}</Button>
                )
              }
            />
          }
        />
      </div>
      {actions.dialog}
    </>
  );
}
