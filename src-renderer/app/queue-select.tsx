import type { ReactNode } from 'react';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { useQueueNames } from '@renderer/platform/live-overview';
import { Select } from '@renderer/ui';

const ALL = '*';

interface QueueSelectProps {
  readonly label: string;
  /** What "all queues" is called. */
  readonly all: string;
  /** Undefined: all of them. */
  readonly value: QueueName | undefined;
  readonly onQueue: (queue: QueueName | undefined) => void;
}

/** One queue or all, where there is room for one line only. */
export function QueueSelect({ label, all, value, onQueue }: QueueSelectProps): ReactNode {
  const queues = useQueueNames();
  return (
    <Select<QueueName | typeof ALL>
      label={label}
      labelHidden
      value={value ?? ALL}
      options={[
        { value: ALL, label: all },
        ...queues.map((queue) => ({ value: queue, label: queueTitle(queue) })),
      ]}
      onValueChange={(next) => onQueue(next === ALL ? undefined : next)}
    />
  );
}
