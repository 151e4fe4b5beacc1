import { useNavigate, useSearch } from '@tanstack/react-router';
import { Eraser, RotateCw } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { type QueueName, adsappQueues, queueTitle } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Page as PageFrame, Segmented } from '@renderer/ui';
import { QueuePicker } from '@renderer/app/queue-picker';
import { useFailureActions } from './actions';
import { CleanDialog } from './clean-dialog';
import { EveryJob } from './every-job';
import { GroupScreen } from './group-screen';
import { GroupsTable } from './groups-table';
import { OperationCards } from './operation-cards';
import { type OperationAsked, OperationDialog } from '@renderer/operations/operation-dialog';
import { useLiveOperations } from '@renderer/operations/operation-queries';
import { OperationsTable } from './operations-table';
import { useFailedCounts, useMarkFailuresSeen, useRefreshOnFailures } from './queries';
import { useFailuresText } from './texts';

const ALL = 'all';
/** A retry cannot be taken back once workers have the jobs: until then it can be called off. */
const RETRY_HOLD_SECONDS = 5;
const VIEWS = ['causes', 'jobs', 'operations'] as const;
type View = (typeof VIEWS)[number];

/** Failed jobs over all queues and what to do about them. */
export function Page(): ReactNode {
  const t = useFailuresText();
  const format = useFormat();
  const navigate = useNavigate({ from: '/failures' });
  const { queue, view = 'causes', cause } = useSearch({ from: '/failures' });
  const counts = useFailedCounts().data;
  const actions = useFailureActions();
  const [cleaning, setCleaning] = useState(false);
  const [asked, setAsked] = useState<OperationAsked | null>(null);
  const operations = useLiveOperations();
  useRefreshOnFailures();
  // A single cause shows some of the failures, and the operations none.
  useMarkFailuresSeen(queue, view !== 'operations' && cause === undefined && counts !== undefined);

  const failedIn = (name: QueueName): number => counts?.find((each) => each.queue === name)?.failed ?? 0;
  const everywhere = counts?.reduce((sum, { failed }) => sum + failed, 0) ?? 0;
  const inScope = queue === undefined ? everywhere : failedIn(queue);
  const scopeName = queue === undefined ? t('all').toLowerCase() : queueTitle(queue);
  const filter = (next: QueueName | undefined): void =>
    void navigate({ search: (now) => ({ ...now, queue: next, cause: undefined }) });
  const retryAll = (): void =>
    setAsked({
      type: 'retry',
      filter: { states: ['failed'], ...(queue && { queues: [queue] }) },
      subject: t('retryEvery', { queue: scopeName }),
      hold: RETRY_HOLD_SECONDS,
    });
  const show = (next: View): void => void navigate({ search: { queue, view: next } });

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
          <Button icon={RotateCw} variant="primary" disabled={inScope === 0} onClick={retryAll}>
            {t('retryAll')}
          </Button>
        </>
      }
      toolbar={
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Segmented<View>
            label={t('view')}
            value={view}
            options={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))}
            onValueChange={show}
          />
          {view !== 'operations' && (
            <QueuePicker
              label={t('filter')}
              all={t('all')}
              value={queue}
              note={(name) => format.number(name === undefined ? everywhere : failedIn(name))}
              onQueue={filter}
            />
          )}
        </div>
      }
    >
      <OperationCards operations={operations} />
      {view === 'operations' ? (
        <OperationsTable />
      ) : view === 'jobs' ? (
        <EveryJob queue={queue} onSome={actions.some} onShowAll={() => filter(undefined)} />
      ) : cause === undefined ? (
        <GroupsTable
          queue={queue}
          onOpen={(group) =>
            void navigate({ search: (now) => ({ ...now, view: 'causes', cause: group.cause }) })
          }
          onAsk={setAsked}
          onShowAll={() => filter(undefined)}
        />
      ) : (
        <GroupScreen
          key={cause}
          cause={cause}
          queue={queue}
          onBack={() => void navigate({ search: (now) => ({ ...now, cause: undefined }) })}
          onAsk={setAsked}
          onSome={actions.some}
        />
      )}
      {asked !== null && (
        <OperationDialog asked={asked} onClose={() => setAsked(null)} onStarted={() => undefined} />
      )}
      <CleanDialog
        key={queue ?? ALL}
        open={cleaning}
        onOpenChange={setCleaning}
        startQueue={queue ?? adsappQueues[0]}
        failed={failedIn}
        onClean={actions.clean}
      />
    </PageFrame>
  );
}
