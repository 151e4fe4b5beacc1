import { CopyPlus, FilePen, SearchX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JobDetail } from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { CopyLink, useCommands } from '@renderer/commands';
import { wordsOf } from '@renderer/platform/failure';
import {
  Button,
  CopyButton,
  EmptyState,
  ErrorState,
  Notice,
  SidePanel,
  SkeletonLines,
  StateBadge,
  Tabs,
} from '@renderer/ui';
import { actionIcons, actionKeys, actionsOf, useJobActions } from './job-actions';
import { JobAttempts } from './job-attempts';
import { EditJobDialog } from './edit/edit-job-dialog';
import { JobEvents } from './job-events';
import { JobFacts } from './job-facts';
import { JobFlow } from './job-flow';
import { JobLifeBars } from './job-life';
import { JobTree } from './job-text';
import { LogTail } from './log-tail';
import { useJob } from './queries';
import { useJobsText } from './texts';

interface JobPanelProps {
  queue: QueueName;
  jobId: JobId;
  onClose: () => void;
  /** Several rows are selected: the keys act on those, not on this job. */
  selecting: boolean;
}

/** Everything about one job, kept true while it runs. */
export function JobPanel({ queue, jobId, onClose, selecting }: JobPanelProps) {
  const t = useJobsText();
  const { data: job, error, refetch } = useJob(queue, jobId);
  const actions = useJobActions((action, done) => {
    if (action === 'remove' && done > 0) onClose();
  });
  const [editing, setEditing] = useState<'edit' | 'duplicate' | null>(null);
  const words = error ? wordsOf(error) : undefined;
  // What was removed, here or elsewhere, must not go on looking as if it were there.
  const gone = words?.code === 'not_found';
  const allowed = job === undefined || gone ? [] : actionsOf[job.state];
  const usable = allowed.filter((action) => action !== 'cancel' || job?.cancelRequested !== true);

  useCommands(
    usable.map((action) => ({
      id: `jobs.open.${action}`,
      title: t(`actOn.open.${action}`),
      section: 'page' as const,
      icon: actionIcons[action],
      shortcut: actionKeys[action],
      when: () => !selecting,
      run: () => actions.start(action, [{ queue, jobId }]),
    })),
  );

  return (
    <SidePanel
      id="job"
      open
      onClose={onClose}
      defaultWidth={520}
      minWidth={400}
      title={job?.name ?? jobId}
      subtitle={
        <>
          {queueTitle(queue)} · <span className="font-mono">{jobId}</span>
        </>
      }
      actions={
        <>
          {job && !gone && <StateBadge state={job.state} />}
          <CopyButton text={jobId} label={t('copyId')} />
          <CopyLink target={{ kind: 'job', queue, id: jobId }} />
        </>
      }
      footer={
        job === undefined || gone ? undefined : (
          <>
            {allowed.map((action) => (
              <Button
                key={action}
                icon={actionIcons[action]}
                variant={action === 'retry' || action === 'promote' ? 'primary' : 'secondary'}
                disabled={!usable.includes(action)}
                onClick={() => actions.start(action, [{ queue, jobId }])}
              >
                {t(`action.${action}`)}
              </Button>
            ))}
            <div className="flex-1" />
            {job.state === 'failed' && (
              <Button icon={FilePen} onClick={() => setEditing('edit')}>
                {t('edit.open')}
              </Button>
            )}
            <Button icon={CopyPlus} onClick={() => setEditing('duplicate')}>
              {t('edit.duplicate')}
            </Button>
          </>
        )
      }
    >
      {gone ? (
        <EmptyState
          icon={SearchX}
          title={t('panel.gone')}
          description={t('panel.goneHint')}
          action={<Button onClick={onClose}>{t('panel.close')}</Button>}
        />
      ) : job ? (
        <JobBody job={job} />
      ) : words ? (
        <ErrorState error={words} onRetry={() => void refetch()} />
      ) : (
        <SkeletonLines lines={8} />
      )}
      {actions.dialog}
      {job && editing !== null && <EditJobDialog job={job} how={editing} onClose={() => setEditing(null)} />}
    </SidePanel>
  );
}

const PARTS = ['facts', 'payload', 'attempts', 'logs', 'result', 'flow'] as const;
type PartName = (typeof PARTS)[number];

function JobBody({ job }: { job: JobDetail }) {
  const t = useJobsText();
  // What somebody has chosen stays open when the job fails meanwhile.
  const [chosen, setChosen] = useState<PartName | null>(null);
  const part = chosen ?? (job.state === 'failed' ? 'attempts' : 'facts');
  const counts: Partial<Record<PartName, number>> = {
    attempts: job.attemptLog.length,
    flow: job.children.length + (job.parent === null ? 0 : 1),
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
        onValueChange={setChosen}
        tabs={PARTS.map((value) => ({
          value,
          label: t(`panel.${value}`),
          content: <Part name={value} job={job} />,
          ...(counts[value] && { count: counts[value] }),
        }))}
      />
    </>
  );
}

function Part({ name, job }: { name: PartName; job: JobDetail }): ReactNode {
  const t = useJobsText();
  // A payload changes when somebody edits it, which takes the job out of its state.
  const version = `${job.state}|${job.finishedAt ?? ''}|${job.startedAt ?? ''}`;
  const source = { queue: job.queue, jobId: job.id, version };
  switch (name) {
    case 'facts':
      return (
        <div className="flex flex-col gap-5">
          <JobFacts job={job} />
          <JobLifeBars job={job} />
          <JobEvents job={job} />
        </div>
      );
    case 'payload':
      return (
        <div className="flex flex-col gap-4">
          <JobTree {...source} part="data" label={t('panel.data')} />
          <JobTree {...source} part="options" label={t('panel.options')} openDepth={1} />
        </div>
      );
    case 'attempts':
      return <JobAttempts job={job} />;
    case 'logs':
      return <LogTail queue={job.queue} jobId={job.id} />;
    case 'result':
      return <JobTree {...source} part="result" label={t('panel.result')} none={t('panel.noResult')} />;
    case 'flow':
      return <JobFlow job={job} />;
  }
}
