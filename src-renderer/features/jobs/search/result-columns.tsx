import { useMemo } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { queueTitle } from '@shared/domain/queues';
import { RelativeTime, StateBadge } from '@renderer/ui';
import type { Column } from '@renderer/ui/table';
import { useJobsText } from '../texts';
import { useSearchText } from './texts';

/** Columns that say something about jobs of any queue and state. */
export function useResultColumns(): readonly Column<JobSummary>[] {
  const t = useSearchText();
  const jobs = useJobsText();
  return useMemo(
    () => [
      { id: 'state', header: t('state'), width: 120, cell: (job) => <StateBadge state={job.state} /> },
      {
        id: 'id',
        header: jobs('column.id'),
        width: 130,
        cell: (job) => <span className="font-mono text-xs">{job.id}</span>,
      },
      { id: 'queue', header: t('queue'), width: 140, cell: (job) => queueTitle(job.queue) },
      { id: 'name', header: jobs('column.name'), width: 150, cell: (job) => job.name },
      { id: 'about', header: t('about'), width: 220, grow: true, cell: (job) => <About job={job} /> },
      {
        id: 'attempts',
        header: jobs('column.attempts'),
        width: 86,
        align: 'end',
        cell: (job) => `${job.attemptsMade}/${job.attempts}`,
      },
      {
        id: 'at',
        header: t('at'),
        width: 120,
        align: 'end',
        cell: (job) => <RelativeTime at={Date.parse(job.finishedAt ?? job.startedAt ?? job.createdAt)} />,
      },
    ],
    [t, jobs],
  );
}

function About({ job }: { job: JobSummary }) {
  if (job.state !== 'failed') return <span className="text-ink-2">{job.subject}</span>;
  return (
    <span className="text-danger-text" title={job.failedReason ?? undefined}>
      {job.failedReason}
    </span>
  );
}
