import { CircleCheck, PanelRight, RotateCw, Trash2, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { QueueName } from '@shared/domain/queues';
import { useCommands, useCopyLink, useRowCommands } from '@renderer/commands';
import { Button, ConfirmDialog, EmptyState, IconButton } from '@renderer/ui';
import { DataTable, emptySelection, type Selection, TableFrame } from '@renderer/ui/table';
import type { FailedJobKey } from './actions';
import { useFailureColumns } from './columns';
import type { FailureWindow } from './queries';
import { useFailuresText } from './texts';

interface FailureTableProps {
  failures: FailureWindow;
  onOpen: (job: JobSummary) => void;
  onSome: (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]) => Promise<void>;
  emptyTitle: string;
  emptyAction: ReactNode;
}

/** An id is unique in its queue only. A queue's name holds no colon. */
const keyOf = (job: JobSummary): string => `${job.queue}:${job.id}`;
const parseKey = (key: string): FailedJobKey => {
  const colon = key.indexOf(':');
  return { queue: QueueName.parse(key.slice(0, colon)), jobId: JobId.parse(key.slice(colon + 1)) };
};

/** Failed jobs over all queues, with what can be done to several of them. */
export function FailureTable({ failures, onOpen, onSome, emptyTitle, emptyAction }: FailureTableProps) {
  const t = useFailuresText();
  const columns = useFailureColumns();
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const [removing, setRemoving] = useState<readonly FailedJobKey[]>([]);
  const [asking, setAsking] = useState(false);
  const count = removing.length;

  const act = async (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]): Promise<void> => {
    await onSome(action, jobs);
    setSelection(emptySelection);
  };
  const retry = (jobs: readonly FailedJobKey[]): void => {
    act('retry', jobs).catch(reportError);
  };
  const askRemove = (jobs: readonly FailedJobKey[]): void => {
    setRemoving(jobs);
    setAsking(true);
  };
  const selected = (): readonly FailedJobKey[] => [...selection].map(parseKey);
  const link = useCopyLink();
  const key = ({ queue, id }: JobSummary): FailedJobKey[] => [{ queue, jobId: id }];
  const rowCommands = useRowCommands<JobSummary>(
    [
      { id: 'failures.row.open', title: t('open'), icon: PanelRight, group: 0, run: onOpen },
      link.rowCommand('failures.row', ({ queue, id }) => ({ kind: 'job', queue, id })),
      {
        id: 'failures.row.retry',
        title: t('actOn.retry'),
        label: t('retry'),
        icon: RotateCw,
        shortcut: 'r',
        group: 1,
        run: (job) => retry(key(job)),
      },
      {
        id: 'failures.row.remove',
        title: t('actOn.remove'),
        label: t('remove'),
        icon: Trash2,
        shortcut: 'Delete',
        danger: true,
        group: 1,
        run: (job) => askRemove(key(job)),
      },
    ],
    () => selection.size === 0,
  );
  const some = (): boolean => selection.size > 0;
  useCommands([
    {
      id: 'failures.selected.retry',
      title: t('actOn.retrySelected'),
      section: 'page',
      icon: RotateCw,
      shortcut: 'r',
      when: some,
      run: () => retry(selected()),
    },
    {
      id: 'failures.selected.remove',
      title: t('actOn.removeSelected'),
      section: 'page',
      icon: Trash2,
      shortcut: 'Delete',
      when: some,
      run: () => askRemove(selected()),
    },
  ]);

  return (
    <>
      {selection.size > 0 && (
        <div
          role="toolbar"
          aria-label={t('selected', { count: selection.size })}
          className="flex items-center gap-2 pb-2"
        >
          <span className="tabular text-sm font-medium">{t('selected', { count: selection.size })}</span>
          <Button size="sm" icon={RotateCw} onClick={() => retry(selected())}>
            {t('retry')}
          </Button>
          <Button size="sm" icon={Trash2} onClick={() => askRemove(selected())}>
            {t('remove')}
          </Button>
          <IconButton icon={X} size="sm" label={t('clear')} onClick={() => setSelection(emptySelection)} />
        </div>
      )}
      <TableFrame>
        <DataTable
          id="failures"
          label={t('table')}
          columns={columns}
          source={failures.source}
          rowId={keyOf}
          selection={selection}
          onSelectionChange={setSelection}
          onOpen={onOpen}
          loading={failures.loading}
          {...rowCommands}
          empty={
            <EmptyState
              icon={CircleCheck}
              title={emptyTitle}
              description={t('empty.description')}
              action={emptyAction}
            />
          }
        />
      </TableFrame>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('removeConfirm.title', { count })}
        description={t('removeConfirm.description')}
        confirmLabel={t('removeConfirm.label', { count })}
        onConfirm={() => act('remove', removing)}
      />
    </>
  );
}
