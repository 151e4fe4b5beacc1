import { useNavigate, useSearch } from '@tanstack/react-router';
import { Eraser, RotateCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type QueueName, queueNames, queueTitles } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ButtonLink, ConfirmDialog, ErrorState, Page as PageFrame, Segmented } from '@renderer/ui';
import { useFailureActions } from './actions';
import { CleanDialog } from './clean-dialog';
import { FailureTable } from './failure-table';
import { useFailedCounts, useFailures, useRefreshOnFailures } from './queries';
import { useFailuresText } from './texts';

const ALL = 'all';

/** Failed jobs over all queues and what to do about them. */
export function Page(): ReactNode {
  const t = useFailuresText();
  const format = useFormat();
  const navigate = useNavigate({ from: '/failures' });
  const { queue } = useSearch({ from: '/failures' });
  const failures = useFailures(queue);
  const counts = useFailedCounts().data;
  const actions = useFailureActions();
  const [asking, setAsking] = useState(false);
  const [cleaning, setCleaning] = useState(false);
  useRefreshOnFailures();

  const failedIn = (name: QueueName): number => counts?.find((each) => each.queue === name)?.failed ?? 0;
  const everywhere = counts?.reduce((sum, { failed }) => sum + failed, 0) ?? 0;
  const inScope = queue === undefined ? everywhere : failedIn(queue);
  const scopeName = queue === undefined ? t('all').toLowerCase() : queueTitles[queue];
  const filter = (next: QueueName | undefined): void => void navigate({ search: { queue: next } });
  const counted = (label: string, count: number): ReactNode => (
    <>
      {label} <span className="tabular text-ink-3">{format.number(count)}</span>
    </>
  );

  return (
    <PageFrame
      title={t('title')}
      hint={t('hint')}
      layout="fill"
      actions={
        <>
          <Button icon={Eraser} disabled={everywhere === 0} onClick={() => setCleaning(true)}>
            {t('clean')}
          </Button>
          <Button icon={RotateCw} variant="primary" disabled={inScope === 0} onClick={() => setAsking(true)}>
            {t('retryAll')}
          </Button>
        </>
      }
      toolbar={
        <Segmented<QueueName | typeof ALL>
          label={t('filter')}
          value={queue ?? ALL}
          options={[
            { value: ALL, label: counted(t('all'), everywhere) },
            ...queueNames.map((name) => ({
              value: name,
              label: counted(queueTitles[name], failedIn(name)),
            })),
          ]}
          onValueChange={(next) => filter(next === ALL ? undefined : next)}
        />
      }
    >
      {failures.error ? (
        <ErrorState error={failures.error} onRetry={failures.retry} size="page" />
      ) : (
        <FailureTable
          key={queue ?? ALL}
          failures={failures}
          onSome={actions.some}
          onOpen={(job) =>
            void navigate({ to: '/jobs', search: { queue: job.queue, state: job.state, job: job.id } })
          }
          emptyTitle={
            queue === undefined ? t('empty.title') : t('empty.filtered', { queue: queueTitles[queue] })
          }
          emptyAction={
            queue === undefined ? (
              <ButtonLink to="/">{t('empty.overview')}</ButtonLink>
            ) : (
              <Button onClick={() => filter(undefined)}>{t('empty.showAll')}</Button>
            )
          }
        />
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t('retryConfirm.title', { count: inScope })}
        description={t('retryConfirm.description', { queue: scopeName })}
        confirmLabel={t('retryConfirm.label', { count: inScope })}
        onConfirm={() => actions.retryAll(queue)}
      />
      <CleanDialog
        key={queue ?? ALL}
        open={cleaning}
        onOpenChange={setCleaning}
        startQueue={queue ?? queueNames[0]}
        failed={failedIn}
        onClean={actions.clean}
      />
    </PageFrame>
  );
}
