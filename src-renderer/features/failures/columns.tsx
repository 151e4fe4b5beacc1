import { useMemo } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { queueTitle } from '@shared/domain/queues';
import { RelativeTime } from '@renderer/ui';
import type { Column } from '@renderer/ui/table';
import { useFailuresText } from './texts';

/** What a failed job was, what went wrong and when. */
export function useFailureColumns(): readonly Column<JobSummary>[] {
  const t = useFailuresText();
  return useMemo(
    () => [
      { id: 'queue', header: t('column.queue'), width: 150, cell: (job) => queueTitle(job.queue) },
      { id: 'name', header: t('column.name'), width: 160, cell: (job) => job.name },
      {
        id: 'reason',
        header: t('column.reason'),
        width: 220,
        grow: true,
        cell: (job) => (
          <span title={job.failedReason ?? undefined}>
            <span className="text-danger-text">{job.failedReason}</span>
            {job.subject !== null && <span className="text-ink-3"> · {job.subject}</span>}
          </span>
        ),
      },
      {
        id: 'attempts',
        header: t('column.attempts'),
        width: 90,
        align: 'end',
        cell: (job) => `${job.attemptsMade}/${job.attempts}`,
      },
      {
        id: 'id',
        header: t('column.id'),
        width: 110,
        cell: (job) => <span className="font-mono text-xs">{job.id}</span>,
      },
      {
        id: 'failed',
        header: t('column.failed'),
        width: 120,
        align: 'end',
        cell: (job) => (job.finishedAt === null ? null : <RelativeTime at={Date.parse(job.finishedAt)} />),
      },
    ],
    [t],
  );
}
