import { useState } from 'react';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { useQueueNames } from '@renderer/platform/live-overview';
import { ConfirmDialog, Select } from '@renderer/ui';
import { useFailuresText } from './texts';

const HOUR = 3_600_000;
const AGES = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR, any: 0 } as const;
type Age = keyof typeof AGES;
const ageNames: readonly Age[] = ['hour', 'day', 'week', 'month', 'any'];

interface CleanDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  startQueue: QueueName;
  failed: (queue: QueueName) => number;
  onClean: (queue: QueueName, olderThanMs: number) => Promise<void>;
}

/** Removes old failed jobs of one queue. */
export function CleanDialog({ open, onOpenChange, startQueue, failed, onClean }: CleanDialogProps) {
  const t = useFailuresText();
  const queues = useQueueNames();
  const [queue, setQueue] = useState(startQueue);
  const [age, setAge] = useState<Age>('week');
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      danger
      title={t('cleaning.title')}
      description={t('cleaning.description')}
      confirmLabel={t('cleaning.label')}
      onConfirm={() => onClean(queue, AGES[age])}
    >
      <div className="flex flex-col gap-3">
        <Select
          label={t('cleaning.queue')}
          value={queue}
          options={queues.map((value) => ({ value, label: queueTitle(value) }))}
          onValueChange={setQueue}
          hint={t('cleaning.count', { queue: queueTitle(queue), count: failed(queue) })}
        />
        <Select
          label={t('cleaning.age')}
          value={age}
          options={ageNames.map((value) => ({ value, label: t(`cleaning.ages.${value}`) }))}
          onValueChange={setAge}
        />
      </div>
    </ConfirmDialog>
  );
}
