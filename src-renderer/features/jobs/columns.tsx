import { useMemo } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { JobState } from '@shared/domain/queues';
import { DateTime, Duration, NumberText, RelativeTime, StateBadge } from '@renderer/ui';
import type { Column } from '@renderer/ui/table';
import { useJobsText } from './texts';

const at = (instant: string | null) => (instant === null ? null : <RelativeTime at={Date.parse(instant)} />);

/** The columns that say something about jobs in this state. */
export function useJobColumns(state: JobState): readonly Column<JobSummary>[] {
  const t = useJobsText();
  return useMemo(() => {
    const common: readonly Column<JobSummary>[] = [
      {
        id: 'state',
        header: t('column.state'),
        width: 130,
        cell: (job) => <StateBadge state={job.state} look="plain" />,
      },
      {
        id: 'id',
        header: t('column.id'),
        width: 120,
        cell: (job) => <span className="block truncate font-mono text-xs">{job.id}</span>,
      },
      { id: 'name', header: t('column.name'), width: 170, cell: (job) => job.name },
      {
        id: 'subject',
        header: t('column.subject'),
        width: 180,
        grow: true,
        cell: (job) => <Subject job={job} />,
      },
      {
        id: 'attempts',
        header: t('column.attempts'),
        width: 90,
        align: 'end',
        cell: (job) => `${job.attemptsMade}/${job.attempts}`,
      },
    ];
    return [...common, ...columnsOf(state, t)];
  }, [state, t]);
}

type Text = ReturnType<typeof useJobsText>;

const columnsOf = (state: JobState, t: Text): readonly Column<JobSummary>[] => {
  const created: Column<JobSummary> = {
    id: 'created',
    header: t('column.created'),
    width: 110,
    align: 'end',
    cell: (job) => at(job.createdAt),
  };
  const progress: Column<JobSummary> = {
    id: 'progress',
    header: t('column.progress'),
    width: 90,
    align: 'end',
    cell: (job) => <NumberText value={job.progress / 100} as="percent" digits={0} />,
  };
  const finished: Column<JobSummary> = {
    id: 'finished',
    header: t('column.finished'),
    width: 110,
    align: 'end',
    cell: (job) => at(job.finishedAt),
  };
  const runsAt: Column<JobSummary> = {
    id: 'runsAt',
    header: t('column.runsAt'),
    width: 170,
    align: 'end',
    cell: (job) => (job.runsAt === null ? null : <DateTime at={Date.parse(job.runsAt)} />),
  };
  const took: Column<JobSummary> = {
    id: 'took',
    header: t('column.took'),
    width: 100,
    align: 'end',
    cell: (job) =>
      job.startedAt === null || job.finishedAt === null ? null : (
        <Duration ms={Date.parse(job.finishedAt) - Date.parse(job.startedAt)} />
      ),
  };
  switch (state) {
    case 'active':
      return [progress, created];
    case 'delayed':
      return [runsAt, created];
    case 'completed':
    case 'failed':
      return [took, finished];
    case 'waiting':
    case 'waiting-children':
      return [created];
  }
};

function Subject({ job }: { job: JobSummary }) {
  if (job.failedReason === null) return <span className="text-ink-2">{job.subject}</span>;
  return (
    <span title={job.failedReason}>
      {job.subject !== null && <span className="text-ink-2">{job.subject} · </span>}
      <span className="text-danger-text">{job.failedReason}</span>
    </span>
  );
}
