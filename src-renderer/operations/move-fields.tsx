import type { ReactNode } from 'react';
import type { JobFilter } from '@shared/domain/job-filter';
import { isAdsappQueue, type QueueName, queueTitle } from '@shared/domain/queues';
import { useLiveQueue, useQueueNames } from '@renderer/platform/live-overview';
import { Combobox, Notice } from '@renderer/ui';
import { useOperationsText } from './operations-texts';

interface MoveFieldsProps {
  readonly filter: JobFilter;
  readonly to: QueueName | null;
  readonly onTo: (to: QueueName | null) => void;
}

/** Where jobs are to go, and what is to be known about that queue. */
export function MoveFields({ filter, to, onTo }: MoveFieldsProps): ReactNode {
  const t = useOperationsText();
  const all = useQueueNames();
  const from = filter.queues ?? all;
  const queues = all.filter((name) => from.length !== 1 || name !== from[0]);
  return (
    <div className="flex flex-col gap-3">
      <Combobox<QueueName>
        label={t('move.to')}
        hint={t('move.toHint')}
        value={to}
        options={queues.map((value) => ({ value, label: queueTitle(value) }))}
        onValueChange={onTo}
      />
      {to !== null && <Warnings from={from} to={to} />}
    </div>
  );
}

/** Workers of one queue know nothing of what those of another do with a job. */
function Warnings({ from, to }: { readonly from: readonly string[]; readonly to: QueueName }) {
  const t = useOperationsText();
  const queue = useLiveQueue(to);
  const other = from.find((name) => name !== to);
  const differs = isAdsappQueue(to) || from.some((name) => isAdsappQueue(name));
  return (
    <>
      {differs && (
        <Notice tone="warning" title={t('move.differs', { queue: queueTitle(to) })}>
          {t(isAdsappQueue(to) ? 'move.differsOurs' : 'move.differsOther', {
            from: other === undefined ? '' : queueTitle(other),
          })}
        </Notice>
      )}
      {queue?.workers === 0 && <Notice tone="warning">{t('move.nobody', { queue: queueTitle(to) })}</Notice>}
    </>
  );
}
