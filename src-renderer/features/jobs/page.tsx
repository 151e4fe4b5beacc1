import { useNavigate, useSearch } from '@tanstack/react-router';
import { Pause, Play, Search } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { JobId } from '@shared/domain/ids';
import { type JobState, jobStates, queueNames, queueTitles } from '@shared/domain/queues';
import { useQueueControl } from '@renderer/app/queue-control';
import { useCommands } from '@renderer/commands';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Notice, Page as PageFrame, Segmented, Tabs } from '@renderer/ui';
import { emptySelection, type Selection } from '@renderer/ui/table';
import { FindJob } from './find-job';
import { JobPanel } from './job-panel';
import { JobTable } from './job-table';
import { countOf, listMark, type Order, useLiveOverview } from './queries';
import { useJobsText } from './texts';

const DEFAULT_STATE: JobState = 'waiting';

/** All jobs of a queue by state, with the chosen job beside them. */
export function Page(): ReactNode {
  const t = useJobsText();
  const format = useFormat();
  const navigate = useNavigate({ from: '/jobs' });
  const search = useSearch({ from: '/jobs' });
  const queue = search.queue ?? queueNames[0];
  const state = search.state ?? DEFAULT_STATE;
  const chosen = JobId.safeParse(search.job);
  const jobId = chosen.success ? chosen.data : null;
  const [order, setOrder] = useState<Order>('newest');
  const list = `${queue}|${state}|${order}`;
  const [selected, setSelected] = useState({ list, selection: emptySelection });
  // Another list has other rows: what was selected in the last one is not carried over to it.
  const selection: Selection = selected.list === list ? selected.selection : emptySelection;
  const findBox = useRef<HTMLInputElement>(null);
  const control = useQueueControl();
  const overview = useLiveOverview();
  const live = overview?.queues.find(({ name }) => name === queue);

  const show = (job: string | undefined): void => void navigate({ search: { queue, state, job } });
  useCommands([
    {
      id: 'jobs.find',
      title: t('find.command'),
      section: 'page',
      icon: Search,
      shortcut: '/',
      run: () => findBox.current?.focus(),
    },
  ]);

  return (
    <div className="relative flex h-full min-h-0 min-w-0">
      <div className="min-w-0 flex-1">
        <PageFrame
          title={t('title')}
          hint={t('hint')}
          layout="fill"
          actions={
            <FindJob
              input={findBox}
              onFound={(job) =>
                void navigate({ search: { queue: job.queue, state: job.state, job: job.id } })
              }
            />
          }
          toolbar={
            <>
              <Segmented
                label={t('queue')}
                value={queue}
                options={queueNames.map((name) => ({ value: name, label: queueTitles[name] }))}
                onValueChange={(next) => void navigate({ search: { queue: next, state } })}
              />
              {live && (
                <Button
                  size="sm"
                  icon={live.paused ? Play : Pause}
                  onClick={() => control[live.paused ? 'resume' : 'pause']([queue])}
                >
                  {t(live.paused ? 'resume' : 'pause')}
                </Button>
              )}
              <div className="flex-1" />
              <Segmented
                label={t('order.label')}
                value={order}
                options={[
                  { value: 'newest', label: t('order.newest') },
                  { value: 'oldest', label: t('order.oldest') },
                ]}
                onValueChange={setOrder}
              />
            </>
          }
        >
          {live?.paused === true && (
            <div className="pb-2">
              <Notice tone="warning" title={t('paused')}>
                {t('pausedNote')}
              </Notice>
            </div>
          )}
          <div className="flex shrink-0">
            <Tabs
              label={t('states')}
              value={state}
              tabs={jobStates.map((each) => ({
                value: each,
                label: t(`state.${each}`),
                ...(live && { count: format.number(countOf(live.counts, each)) }),
              }))}
              onValueChange={(next) => void navigate({ search: { queue, state: next } })}
            />
          </div>
          <JobTable
            key={list}
            filter={{ queue, state, order }}
            mark={listMark(live, state, overview?.at)}
            selection={selection}
            onSelection={(next) => setSelected({ list, selection: next })}
            openId={jobId}
            onOpen={show}
            onShowCompleted={() => void navigate({ search: { queue, state: 'completed' } })}
          />
        </PageFrame>
      </div>
      {jobId !== null && (
        <JobPanel
          key={`${queue}|${jobId}`}
          queue={queue}
          jobId={jobId}
          onClose={() => show(undefined)}
          selecting={selection.size > 0}
        />
      )}
    </div>
  );
}
