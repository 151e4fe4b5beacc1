import { Inbox, X } from 'lucide-react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { queueTitle } from '@shared/domain/queues';
import { useCommands } from '@renderer/commands';
import { useJobRowCommands } from './job-row-commands';
import { Button, EmptyState, ErrorState, IconButton, KeyHint, Notice } from '@renderer/ui';
import { DataTable, emptySelection, type Selection, TableFrame } from '@renderer/ui/table';
import { useFormat } from '@renderer/i18n/use-format';
import { useJobColumns } from './columns';
import { actionIcons, actionKeys, actionsOf, type JobAction, useJobActions } from './job-actions';
import { type JobFilter, useJobRows, useListRefresh } from './queries';
import { useJobsText } from './texts';

interface JobTableProps {
  filter: JobFilter;
  /** Changes when the list may look different; `listed` is how many jobs it has, where that is known. */
  mark: (listed: number | undefined) => string;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  openId: string | null;
  onOpen: (job: JobSummary) => void;
  onShowCompleted: () => void;
}

/** The jobs of one queue in one state, with what can be done to several of them. */
export function JobTable(props: JobTableProps) {
  const { filter, mark, selection, onSelection, openId, onOpen, onShowCompleted } = props;
  const t = useJobsText();
  const format = useFormat();
  const { queue, state } = filter;
  const { source, loading, error, retry, scrolled } = useJobRows(filter);
  const columns = useJobColumns(state);
  const actions = useJobActions(() => onSelection(emptySelection));
  const list = useListRefresh(mark(loading ? undefined : source.count), scrolled || selection.size > 0);
  const words = { queue: queueTitle(queue), state: t(`state.${state}`).toLowerCase() };
  const chosen = { count: selection.size, amount: format.number(selection.size) };

  const actOnSelected = (action: JobAction): void =>
    actions.start(
      action,
      [...selection].map((id) => ({ queue, jobId: JobId.parse(id) })),
    );
  useCommands([
    ...actionsOf[state].map((action) => ({
      id: `jobs.selected.${action}`,
      title: t(`actOn.selected.${action}`),
      section: 'page' as const,
      icon: actionIcons[action],
      shortcut: actionKeys[action],
      when: () => selection.size > 0,
      run: () => actOnSelected(action),
    })),
  ]);

  const rowCommands = useJobRowCommands({ onOpen, start: actions.start, free: () => selection.size === 0 });

  if (error) return <ErrorState error={error} onRetry={retry} size="page" />;
  return (
    <>
      {selection.size > 0 && (
        <div role="toolbar" aria-label={t('selected', chosen)} className="flex items-center gap-2 pt-2">
          <span className="tabular text-sm font-medium">{t('selected', chosen)}</span>
          {actionsOf[state].map((action) => (
            <Button key={action} size="sm" icon={actionIcons[action]} onClick={() => actOnSelected(action)}>
              {t(`action.${action}`)}
              <KeyHint keys={actionKeys[action]} />
            </Button>
          ))}
          <IconButton icon={X} size="sm" label={t('clear')} onClick={() => onSelection(emptySelection)} />
        </div>
      )}
      {list.behind && (
        <div className="pt-2">
          <Notice
            actions={
              <Button size="sm" onClick={list.refresh}>
                {t('held.refresh')}
              </Button>
            }
          >
            {t('held.text')}
          </Notice>
        </div>
      )}
      <div className="mt-2 flex min-h-0 flex-1">
        <TableFrame>
          <DataTable
            id={`jobs-${state}`}
            label={t('table', words)}
            columns={columns}
            source={source}
            rowId={(job) => job.id}
            selection={selection}
            onSelectionChange={onSelection}
            openId={openId}
            onOpen={onOpen}
            {...rowCommands}
            loading={loading}
            empty={
              <EmptyState
                icon={Inbox}
                title={t('empty.title', words)}
                description={t('empty.description')}
                action={
                  state !== 'completed' && <Button onClick={onShowCompleted}>{t('empty.other')}</Button>
                }
              />
            }
          />
        </TableFrame>
      </div>
      {actions.dialog}
    </>
  );
}
