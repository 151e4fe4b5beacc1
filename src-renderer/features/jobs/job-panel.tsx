import { type ReactNode, useState } from 'react';
import type { JobDetail } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import { type QueueName, queueTitles } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import {
  Button,
  CodeBlock,
  CopyButton,
  ErrorState,
  JsonView,
  Notice,
  SidePanel,
  SkeletonLines,
  StateBadge,
  Tabs,
} from '@renderer/ui';
import { actionIcons, actionsOf, useJobActions } from './job-actions';
import { JobAttempts, JobFacts, JobTimeline } from './job-parts';
import { useJob, useJobLogs } from './queries';
import { useJobsText } from './texts';

interface JobPanelProps {
  queue: QueueName;
  jobId: JobId;
  onClose: () => void;
}

/** Everything about one job, kept true while it runs. */
export function JobPanel({ queue, jobId, onClose }: JobPanelProps) {
  const t = useJobsText();
  const { data: job, error, refetch } = useJob(queue, jobId);
  const actions = useJobActions(() => undefined);
  return (
    <SidePanel
      id="job"
      open
      onClose={onClose}
      defaultWidth={520}
      title={job?.name ?? jobId}
      subtitle={`${queueTitles[queue]} · ${jobId}`}
      actions={
        <>
          {job && <StateBadge state={job.state} />}
          <CopyButton text={jobId} />
        </>
      }
      footer={
        job &&
        actionsOf[job.state].map((action) => (
          <Button
            key={action}
            icon={actionIcons[action]}
            variant={action === 'retry' ? 'primary' : 'secondary'}
            disabled={action === 'cancel' && job.cancelRequested}
            onClick={() => actions.start(action, [{ queue, jobId }])}
          >
            {t(`action.${action}`)}
          </Button>
        ))
      }
    >
      {error ? (
        <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />
      ) : job ? (
        <JobBody job={job} />
      ) : (
        <SkeletonLines lines={8} />
      )}
      {actions.dialog}
    </SidePanel>
  );
}

const PARTS = ['facts', 'payload', 'attempts', 'logs', 'result'] as const;
type PartName = (typeof PARTS)[number];

function JobBody({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const [part, setPart] = useState<PartName>(job.state === 'failed' ? 'attempts' : 'facts');
  const contents: Readonly<Record<PartName, ReactNode>> = {
    facts: (
      <div className="flex flex-col gap-5">
        <JobFacts job={job} />
        <JobTimeline job={job} />
      </div>
    ),
    payload: (
      <div className="flex flex-col gap-4">
        <JsonView label={t('panel.payload')} value={job.data} openDepth={3} />
        <JsonView label={t('panel.options')} value={job.options} openDepth={1} />
      </div>
    ),
    attempts: <JobAttempts job={job} />,
    logs: <JobLogs queue={job.queue} jobId={job.id} />,
    result: <JsonView label={t('panel.result')} value={job.result} openDepth={3} />,
  };
  return (
    <>
      {job.cancelRequested && (
        <div className="pb-3">
          <Notice tone="warning">{t('panel.cancelling')}</Notice>
        </div>
      )}
      <Tabs
        label={t('panel.tabs')}
        value={part}
        onValueChange={setPart}
        tabs={PARTS.map((value) => ({
          value,
          label: t(`panel.${value}`),
          content: contents[value],
          ...(value === 'attempts' && { count: job.attemptLog.length }),
        }))}
      />
    </>
  );
}

function JobLogs({ queue, jobId }: { queue: QueueName; jobId: JobId }) {
  const t = useJobsText();
  const { data, error, refetch } = useJobLogs(queue, jobId);
  if (error) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines lines={5} />;
  if (data.total === 0) return <p className="text-sm text-ink-3">{t('panel.noLogs')}</p>;
  const cut = data.lines.length < data.total;
  return (
    <CodeBlock
      label={cut ? t('panel.logsCut', { shown: data.lines.length, total: data.total }) : t('panel.logs')}
      text={data.lines.join('\n')}
      wrap
      maxHeight={560}
    />
  );
}
