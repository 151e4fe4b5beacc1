import { create } from 'zustand';
import { type QueueName, queueTitle } from '@shared/domain/queues';
import { showToast } from '@renderer/ui';
import { OperationDialog } from './operation-dialog';
import { useOperationsText } from './operations-texts';

const useAsked = create<{ readonly queue: QueueName | null }>(() => ({ queue: null }));

/** Asks whether a queue is to be emptied of what waits in it, wherever in the window that was chosen. */
export const askToDrain = (queue: QueueName): void => useAsked.setState({ queue });

/** The question, once in the window. */
export function DrainDialog({ onShow }: { onShow: () => void }) {
  const t = useOperationsText();
  const queue = useAsked((state) => state.queue);
  if (queue === null) return null;
  return (
    <OperationDialog
      asked={{ type: 'drain', filter: { queues: [queue] }, subject: queueTitle(queue) }}
      onClose={() => useAsked.setState({ queue: null })}
      onStarted={() =>
        showToast({
          title: t('begun'),
          tone: 'success',
          action: { label: t('show'), onAction: onShow },
        })
      }
    />
  );
}
