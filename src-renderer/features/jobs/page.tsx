import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Search } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { parseJobQuery } from '@shared/domain/job-query';
import { adsappQueues } from '@shared/domain/queues';
import { useCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { useQueueNames } from '@renderer/platform/live-overview';
import { Button, Page as PageFrame, SkeletonLines } from '@renderer/ui';
import { AddJobDialog } from './edit/add-job-dialog';
import { JobPanel } from './job-panel';
import { useListOfJob } from './queries';
import { QueueJobs, QueueJobsToolbar, type JobList } from './queue-jobs';
import { SavedSearches } from './search/saved-searches';
import { SearchBox } from './search/search-box';
import { SearchChips, SearchFilters } from './search/search-filters';
import { SearchResults } from './search/search-results';
import { useSearchText } from './search/texts';
import { useJobsText } from './texts';

/** All jobs of a queue by state, or those of all queues that match a search, with the chosen job beside them. */
export function Page(): ReactNode {
  const t = useJobsText();
  const words = useSearchText();
  const format = useFormat();
  const navigate = useNavigate({ from: '/jobs' });
  const { queue = adsappQueues[0], state: shown, job, q: query = '' } = useSearch({ from: '/jobs' });
  const chosen = JobId.safeParse(job);
  const jobId = chosen.success ? chosen.data : null;
  const isSought = shown === undefined && jobId !== null && query === '';
  const found = useListOfJob(queue, isSought ? jobId : null);
  const state = shown ?? found ?? 'waiting';
  const [order, setOrder] = useState<JobList['order']>('newest');
  const [selected, setSelected] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [now] = useState(() => Date.now());
  const queues = useQueueNames();
  const findBox = useRef<HTMLInputElement>(null);
  const parsed = parseJobQuery(query, { timeZone: format.timeZone, now, queues });
  const list: JobList = { queue, state, order };

  // What was selected in another list is not selected any more.
  const listKey = query === '' ? `${queue}|${state}|${order}` : query;
  const onSelecting = (selecting: boolean): void => setSelected(selecting ? listKey : undefined);

  const search = (q: string): void =>
    void navigate({ search: q === '' ? { queue, state } : { queue, state, q } });
  const open = (found: JobSummary | undefined): void =>
    void navigate({
      search: found
        ? { queue: found.queue, state: found.state, job: found.id, q: query || undefined }
        : { queue, state, q: query || undefined },
    });
  useCommands([
    {
      id: 'jobs.find',
      title: words('command'),
      section: 'page',
      icon: Search,
      shortcut: '/',
      run: () => findBox.current?.focus(),
    },
    { id: 'jobs.add', title: t('add.title'), section: 'page', icon: Plus, run: () => setAdding(true) },
  ]);

  return (
    <div className="relative flex h-full min-h-0 min-w-0">
      <div className="min-w-0 flex-1">
        <PageFrame
          title={t('title')}
          hint={t('hint')}
          layout="fill"
          actions={
            <Button icon={Plus} onClick={() => setAdding(true)}>
              {t('add.open')}
            </Button>
          }
          toolbar={
            <>
              <div className="flex w-full min-w-0 items-start gap-2">
                <SearchBox
                  input={findBox}
                  query={query}
                  problem={parsed.ok ? undefined : parsed.problem}
                  onQuery={search}
                  onFound={(found) =>
                    void navigate({ search: { queue: found.queue, state: found.state, job: found.id } })
                  }
                />
                <SearchFilters filter={parsed.ok ? parsed.filter : {}} onQuery={search} />
                <SavedSearches query={parsed.ok ? query : ''} onQuery={search} />
              </div>
              {query === '' ? (
                <QueueJobsToolbar
                  list={list}
                  onQueue={(next) => void navigate({ search: { queue: next, state } })}
                  onOrder={setOrder}
                />
              ) : (
                <SearchChips query={query} onQuery={search} />
              )}
            </>
          }
        >
          {isSought && found === undefined ? (
            <SkeletonLines lines={8} />
          ) : query === '' || !parsed.ok ? (
            <QueueJobs
              list={list}
              openId={jobId}
              onOpen={open}
              onState={(next) => void navigate({ search: { queue, state: next } })}
              onSelecting={onSelecting}
            />
          ) : (
            <SearchResults
              key={query}
              filter={parsed.filter}
              open={jobId && { queue, id: jobId }}
              onOpen={open}
              onClear={() => search('')}
              onSelecting={onSelecting}
            />
          )}
        </PageFrame>
      </div>
      {jobId !== null && (
        <JobPanel
          key={`${queue}|${jobId}`}
          queue={queue}
          jobId={jobId}
          onClose={() => open(undefined)}
          selecting={selected === listKey}
        />
      )}
      <AddJobDialog open={adding} onOpenChange={setAdding} startQueue={queue} />
    </div>
  );
}
