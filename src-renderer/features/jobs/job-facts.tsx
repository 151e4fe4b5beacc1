import type { JobDetail } from '@shared/contract/queues';
import { JobPrioritySchema, priorityLabels } from '@shared/domain/queues';
import { CodeBlock, Progress, type Property, PropertyList, RelativeTime } from '@renderer/ui';
import { between, moment } from './job-times';
import { useJobsText } from './texts';

/** What the job is and when things happened to it. */
export function JobFacts({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const priority = JobPrioritySchema.safeParse(job.priority);
  const given = (label: string, value: Property['value'], shown: boolean): Property[] =>
    shown ? [{ label, value }] : [];
  const properties: readonly Property[] = [
    ...given(t('column.subject'), job.subject, job.subject !== null),
    { label: t('panel.priority'), value: priority.success ? priorityLabels[priority.data] : job.priority },
    {
      label: t('panel.attemptsMade'),
      value: t('panel.attemptsOf', { made: job.attemptsMade, most: job.attempts }),
    },
    { label: t('panel.added'), value: moment(job.createdAt) },
    ...given(t('panel.due'), <Due at={job.runsAt} />, job.runsAt !== null),
    ...given(t('panel.started'), moment(job.startedAt), job.startedAt !== null),
    ...given(t('panel.finished'), moment(job.finishedAt), job.finishedAt !== null),
    ...given(t('panel.waited'), between(job.createdAt, job.startedAt), job.startedAt !== null),
    ...given(t('panel.took'), between(job.startedAt, job.finishedAt), job.finishedAt !== null),
    ...given(t('panel.worker'), job.processedBy, job.processedBy !== null),
  ];
  return (
    <div className="flex flex-col gap-4">
      {job.failedReason !== null && <CodeBlock label={t('panel.error')} text={job.failedReason} wrap />}
      {job.state === 'active' && <Progress label={t('panel.progress')} done={job.progress} total={100} />}
      <PropertyList properties={properties} />
    </div>
  );
}

function Due({ at }: { at: string | null }) {
  if (at === null) return null;
  return (
    <>
      {moment(at)}{' '}
      <span className="text-ink-3">
        (<RelativeTime at={Date.parse(at)} />)
      </span>
    </>
  );
}
