import { RefreshCw, SearchX, Square, X } from 'lucide-react';
import { useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { SearchFilter } from '@shared/contract/searches';
import { queueTitle } from '@shared/domain/queues';
import { useCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, EmptyState, ErrorState, IconButton, KeyHint, Progress } from '@renderer/ui';
import { DataTable, emptySelection, rowsOf, type Selection, TableFrame } from '@renderer/ui/table';
import { actionIcons, actionKeys, actionsOf, type JobAction, useJobActions } from '../job-actions';
import { useJobRowCommands } from '../job-row-commands';
import { useJobsText } from '../texts';
import { ActOnAll } from './act-on-all';
import { useResultColumns } from './result-columns';
import { useSearchText } from './texts';
import { type JobSearch, useJobSearch } from './use-search';

interface SearchResultsProps {
  filter: SearchFilter;
  open: { readonly queue: string; readonly id: string } | null;
  onOpen: (job: JobSummary) => void;
  onClear: () => void;
  onSelecting: (selecting: boolean) => void;
}

const ACTIONS = ['retry', 'promote', 'cancel', 'remove'] as const satisfies readonly JobAction[];
const keyOf = ({ queue, id }: { queue: string; id: string }): string => `${queue}|${id}`;

/** What a search finds, as it finds it, with how far it is and what can be done to what is selected. */
export function SearchResults({ filter, open, onOpen, onClear, onSelecting }: SearchResultsProps) {
  const t = useSearchText();
  const search = useJobSearch(filter);
  const columns = useResultColumns();
  const [selection, setSelection] = useState<Selection>(emptySelection);
  const actions = useJobActions(() => search.again());
  const rowCommands = useJobRowCommands({ onOpen, start: actions.start, free: () => selection.size === 0 });
  const select = (next: Selection): void => {
    setSelection(next);
    onSelecting(next.size > 0);
  };

  if (search.error && search.jobs.length === 0)
    return <ErrorState error={search.error} onRetry={search.again} size="page" />;
  return (
    <>
      <SearchStatusLine search={search} filter={filter} />
      {selection.size > 0 && (
        <SelectionBar
          jobs={search.jobs.filter((job) => selection.has(keyOf(job)))}
          onClear={() => select(emptySelection)}
          onActed={() => {
            select(emptySelection);
            search.again();
          }}
        />
      )}
      <div className="mt-2 flex min-h-0 flex-1">
        <TableFrame>
          <DataTable
            id="job-search"
            label={t('table')}
            columns={columns}
            source={rowsOf(search.jobs)}
            rowId={keyOf}
            selection={selection}
            onSelectionChange={select}
            openId={open && keyOf(open)}
            onOpen={onOpen}
            {...rowCommands}
            loading={search.status === 'running' && search.jobs.length === 0}
            empty={
              <EmptyState
                icon={SearchX}
                title={t(search.status === 'complete' ? 'none.title' : 'none.stoppedTitle')}
                description={t(search.status === 'complete' ? 'none.description' : 'none.stopped')}
                action={<Button onClick={onClear}>{t('none.clear')}</Button>}
              />
            }
          />
        </TableFrame>
      </div>
      {actions.dialog}
    </>
  );
}

/** How far it is, over which queues and states, and what was found. */
function SearchStatusLine({ search, filter }: { search: JobSearch; filter: SearchFilter }) {
  const t = useSearchText();
  const jobs = useJobsText();
  const format = useFormat();
  const { news, status } = search;
  const found = news?.found ?? 0;
  const where = {
    states: filter.states?.map((state) => jobs(`state.${state}`)).join(', ') ?? t('allStates'),
    queues: filter.queues?.map((name) => queueTitle(name)).join(', ') ?? t('allQueues'),
  };
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <p className="text-sm" role="status">
          <span className="font-medium">{t('found', { count: found, amount: format.number(found) })}</span>
          {news && (
            <span className="tabular text-ink-2">
              {' · '}
              {t('covered', { scanned: format.number(news.scanned), total: format.number(news.total) })}{' '}
              {status === 'complete' && t('took', { time: format.duration(news.ms) })}
              {status !== 'complete' && t(`status.${status}`)}
            </span>
          )}
        </p>
        <p className="truncate text-xs text-ink-3">
          {t('where', where)}
          {found > search.jobs.length &&
            status !== 'running' &&
            `. ${t('listed', { listed: format.number(search.jobs.length) })}`}
        </p>
      </div>
      {status === 'running' ? (
        <>
          <div className="w-40">
            <Progress
              label={t('status.running')}
              labelHidden
              done={news?.scanned ?? 0}
              total={Math.max(1, news?.total ?? 1)}
            />
          </div>
          <Button size="sm" icon={Square} onClick={search.stop}>
            {t('stop')}
          </Button>
        </>
      ) : (
        <>
          {found > 0 && <ActOnAll filter={filter} />}
          <Button size="sm" icon={RefreshCw} onClick={search.again}>
            {t('again')}
          </Button>
        </>
      )}
    </div>
  );
}

interface SelectionBarProps {
  jobs: readonly JobSummary[];
  onClear: () => void;
  onActed: () => void;
}

/** What can be done to the selected jobs: each action to those whose state allows it. */
function SelectionBar({ jobs, onClear, onActed }: SelectionBarProps) {
  const t = useJobsText();
  const format = useFormat();
  const actions = useJobActions(onActed);
  const chosen = { count: jobs.length, amount: format.number(jobs.length) };
  const allowed = ACTIONS.map((action) => ({
    action,
    jobs: jobs.filter(({ state }) => actionsOf[state].includes(action)),
  })).filter((each) => each.jobs.length > 0);
  const start = (action: JobAction, meant: readonly JobSummary[]): void =>
    actions.start(
      action,
      meant.map(({ queue, id }) => ({ queue, jobId: id })),
    );
  useCommands(
    allowed.map(({ action, jobs: meant }) => ({
      id: `jobs.selected.${action}`,
      title: t(`actOn.selected.${action}`),
      section: 'page' as const,
      icon: actionIcons[action],
      shortcut: actionKeys[action],
      run: () => start(action, meant),
    })),
  );
  return (
    <div role="toolbar" aria-label={t('selected', chosen)} className="flex items-center gap-2 pt-2">
      <span className="tabular text-sm font-medium">{t('selected', chosen)}</span>
      {allowed.map(({ action, jobs: meant }) => (
        <Button key={action} size="sm" icon={actionIcons[action]} onClick={() => start(action, meant)}>
          {t(`action.${action}`)}
          {meant.length < jobs.length && <span className="tabular">({format.number(meant.length)})</span>}
          <KeyHint keys={actionKeys[action]} />
        </Button>
      ))}
      <IconButton icon={X} size="sm" label={t('clear')} onClick={onClear} />
      {actions.dialog}
    </div>
  );
}
