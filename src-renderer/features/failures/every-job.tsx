import { useNavigate } from '@tanstack/react-router';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { Button, ButtonLink, ErrorState } from '@renderer/ui';
import type { FailedJobKey } from './actions';
import { FailureTable } from './failure-table';
import { useFailures } from './queries';
import { useFailuresText } from './texts';

interface EveryJobProps {
  queue: QueueName | undefined;
  onSome: (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]) => Promise<void>;
  onShowAll: () => void;
}

/** Failed jobs one by one, the latest first. */
export function EveryJob({ queue, onSome, onShowAll }: EveryJobProps) {
  const t = useFailuresText();
  const navigate = useNavigate();
  const failures = useFailures(queue);
  if (failures.error) return <ErrorState error={failures.error} onRetry={failures.retry} size="page" />;
  return (
    <FailureTable
      key={queue ?? 'all'}
      failures={failures}
      onSome={onSome}
      onOpen={(job) =>
        void navigate({ to: '/jobs', search: { queue: job.queue, state: job.state, job: job.id } })
      }
      emptyTitle={queue === undefined ? t('empty.title') : t('empty.filtered', { queue: queueTitle(queue) })}
      emptyAction={
        queue === undefined ? (
          <ButtonLink to="/">{t('empty.overview')}</ButtonLink>
        ) : (
          <Button onClick={onShowAll}>{t('empty.showAll')}</Button>
        )
      }
    />
  );
}
