import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { JobId } from '@shared/domain/ids';
import { type JobState, jobStates, queueNames, queueTitles } from '@shared/domain/queues';
import { client } from '@renderer/platform/client';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Notice, Page as PageFrame, Segmented, showToast, Tabs } from '@renderer/ui';
import { FindJob } from './find-job';
import { JobPanel } from './job-panel';
import { JobTable } from './job-table';
import { countOf, type Order, useLiveQueues, useRefreshOnCounts } from './queries';
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
  const queues = useLiveQueues();
  const live = queues?.find(({ name }) => name === queue);
  useRefreshOnCounts(live);

  const show = (job: string | undefined): void => void navigate({ search: { queue, state, job } });

  return (
    <div className="flex h-full min-h-0 min-w-0">
      <div className="min-w-0 flex-1">
        <PageFrame
          title={t('title')}
          hint={t('hint')}
          layout="fill"
          actions={
            <FindJob
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
              <Notice
                tone="warning"
                title={t('paused')}
                actions={
                  <Button size="sm" onClick={() => void resume(queue)}>
                    {t('resume')}
                  </Button>
                }
              >
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
            key={`${queue}|${state}|${order}`}
            filter={{ queue, state, order }}
            openId={jobId}
            onOpen={show}
            onShowCompleted={() => void navigate({ search: { queue, state: 'completed' } })}
          />
        </PageFrame>
      </div>
      {jobId !== null && (
        <JobPanel key={`${queue}|${jobId}`} queue={queue} jobId={jobId} onClose={() => show(undefined)} />
      )}
    </div>
  );
}

async function resume(queue: (typeof queueNames)[number]): Promise<void> {
  const result = await client.queues.resume({ queue });
  if (!result.ok)
    showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
}
