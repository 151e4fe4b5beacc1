import { useMemo } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobPrioritySchema, type JobState, priorityLabels } from '@shared/domain/queues';
import { DateTime, Duration, NumberText, RelativeTime, useNow } from '@renderer/ui';
import type { Column } from '@renderer/ui/table';
import { useJobsText } from './texts';

type JobColumn = Column<JobSummary>;
type Text = ReturnType<typeof useJobsText>;

/** The columns that say something about jobs in this state. */
export function useJobColumns(state: JobState): readonly JobColumn[] {
  const t = useJobsText();
  return useMemo(() => {
    const { subject, error, ...fixed } = columns(t);
    const wide = state === 'failed' ? [{ ...error, grow: true }, subject] : [{ ...subject, grow: true }];
    return [fixed.id, fixed.name, ...wide, ...columnsOf[state].map((id) => fixed[id])];
  }, [state, t]);
}

const columnsOf = {
  waiting: ['priority', 'attempts', 'added'],
  active: ['progress', 'attempts', 'running', 'started'],
  delayed: ['attempts', 'added', 'due'],
  'waiting-children': ['priority', 'added'],
  completed: ['attempts', 'took', 'finished'],
  failed: ['attempts', 'took', 'finished'],
} as const satisfies Readonly<Record<JobState, readonly string[]>>;

const columns = (t: Text) => {
  const end = (id: string, header: string, width: number, cell: JobColumn['cell']): JobColumn => ({
    id,
    header,
    width,
    align: 'end',
    cell,
  });
  return {
    id: {
      id: 'id',
      header: t('column.id'),
      width: 130,
      cell: (job: JobSummary) => <span className="font-mono text-xs">{job.id}</span>,
    },
    name: { id: 'name', header: t('column.name'), width: 160, cell: (job: JobSummary) => nameOf(job, t) },
    subject: {
      id: 'subject',
      header: t('column.subject'),
      width: 190,
      cell: (job: JobSummary) => <span className="text-ink-2">{job.subject}</span>,
    },
    error: {
      id: 'error',
      header: t('column.error'),
      width: 220,
      cell: (job: JobSummary) => (
        <span className="text-danger-text" title={job.failedReason ?? undefined}>
          {job.failedReason}
        </span>
      ),
    },
    priority: { id: 'priority', header: t('column.priority'), width: 90, cell: priorityOf },
    attempts: end('attempts', t('column.attempts'), 86, (job) => `${job.attemptsMade}/${job.attempts}`),
    progress: {
      id: 'progress',
      header: t('column.progress'),
      width: 150,
      cell: (job: JobSummary) => <ProgressCell percent={job.progress} />,
    },
    added: end('added', t('column.created'), 120, (job) => ago(job.createdAt)),
    started: end('started', t('column.started'), 120, (job) => ago(job.startedAt)),
    finished: end('finished', t('column.finished'), 120, (job) => ago(job.finishedAt)),
    due: end('due', t('column.runsAt'), 180, (job) =>
      job.runsAt === null ? null : <DateTime at={Date.parse(job.runsAt)} />,
    ),
    running: end('running', t('column.running'), 96, (job) =>
      job.startedAt === null ? null : <Running since={Date.parse(job.startedAt)} />,
    ),
    took: end('took', t('column.took'), 96, (job) =>
      job.startedAt === null || job.finishedAt === null ? null : (
        <Duration ms={Date.parse(job.finishedAt) - Date.parse(job.startedAt)} />
      ),
    ),
  };
};

/** When a job was added is not known where another program wrote it down in its own way. */
const isKnown = (instant: string): boolean => Date.parse(instant) > 0;

const ago = (instant: string | null) =>
  instant === null || !isKnown(instant) ? null : <RelativeTime at={Date.parse(instant)} />;

/** Of a job whose data the engine evicted nothing is left but its id. */
const nameOf = ({ name, createdAt }: JobSummary, t: Text) =>
  name === '' && !isKnown(createdAt) ? <span className="text-ink-3">{t('column.evicted')}</span> : name;

/** The word for a priority of ADSapp, the number of any other. */
const priorityOf = ({ priority }: JobSummary) => {
  const known = JobPrioritySchema.safeParse(priority);
  return known.success ? priorityLabels[known.data] : priority;
};

function Running({ since }: { since: number }) {
  return <Duration ms={Math.max(0, useNow() - since)} />;
}

/** The number says it; the bar is for the eye. */
function ProgressCell({ percent }: { percent: number }) {
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="h-1.5 w-20 overflow-hidden rounded-full bg-sunken">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${percent}%` }} />
      </span>
      <NumberText value={percent / 100} as="percent" digits={0} />
    </span>
  );
}
