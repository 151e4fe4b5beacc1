import type { ReactNode } from 'react';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { useQueueNames } from '@renderer/platform/live-overview';
import { useSteady } from '@renderer/platform/use-steady';
import { Combobox, Segmented } from '@renderer/ui';
import { useQueueText } from './queue-texts';

/** More queues than this are chosen from a list that one types into. */
const MOST_SIDE_BY_SIDE = 6;
const ALL = '';

interface QueuePickerProps {
  readonly label: string;
  /** Undefined: all of them, which `all` then has to name. */
  readonly value: QueueName | undefined;
  readonly onQueue: (queue: QueueName | undefined) => void;
  /** What "all queues" is called; left out where one has to be chosen. */
  readonly all?: string | undefined;
  /** Said beside a queue's title, such as how much is in it. */
  readonly note?: ((queue: QueueName | undefined) => string) | undefined;
}

/** One queue of all, or all: side by side while they are few. */
export function QueuePicker({ label, value, onQueue, all, note }: QueuePickerProps): ReactNode {
  const t = useQueueText();
  const queues = useQueueNames();
  const choices: readonly (QueueName | undefined)[] = all === undefined ? queues : [undefined, ...queues];
  const titleOf = (queue: QueueName | undefined): string =>
    queue === undefined ? (all ?? '') : queueTitle(queue);
  const choose = (key: string): void => onQueue(choices.find((queue) => (queue ?? ALL) === key));
  // A list that is open begins anew with other options, and counts move all the time.
  const options = useSteady(
    choices.map((queue) => ({
      value: queue ?? ALL,
      label: titleOf(queue),
      ...(note && { hint: note(queue) }),
    })),
  );
  if (choices.length <= MOST_SIDE_BY_SIDE) {
    return (
      <Segmented<string>
        label={label}
        value={value ?? ALL}
        options={options.map((option) => ({
          value: option.value,
          label: (
            <>
              {option.label}
              {option.hint !== undefined && <span className="tabular text-ink-3"> {option.hint}</span>}
            </>
          ),
        }))}
        onValueChange={choose}
      />
    );
  }
  return (
    <div className="w-72">
      <Combobox<string>
        label={label}
        labelHidden
        placeholder={t('pick')}
        value={value ?? ALL}
        options={options}
        onValueChange={(key) => {
          if (key !== null) choose(key);
        }}
      />
    </div>
  );
}
