import { useQueryClient } from '@tanstack/react-query';
import type { JobId } from '@shared/domain/ids';
import type { QueueName } from '@shared/domain/queues';
import { inBatches } from '@renderer/platform/bulk';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { useFailuresText } from './texts';

export interface FailedJobKey {
  readonly queue: QueueName;
  readonly jobId: JobId;
}

type Done = 'retried' | 'removed';

/** What can be done about failures; each says what came of it. */
export function useFailureActions() {
  const t = useFailuresText();
  const cache = useQueryClient();

  const report = async (
    done: Done,
    count: number,
    problem?: { failed: number; message: string },
    remark?: string,
  ) => {
    showToast({
      title: t(`done.${done}`, { count }),
      tone: problem === undefined ? 'success' : count > 0 ? 'warning' : 'danger',
      description: problem === undefined ? remark : t('partly', problem),
    });
    await cache.invalidateQueries({ queryKey: ['queues'] });
  };

  const some = async (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]): Promise<void> => {
    const outcome = await inBatches(jobs, (part) => client.queues[action]({ jobs: part }));
    const message = outcome.error?.message ?? outcome.failed[0]?.message;
    const failed = jobs.length - outcome.done;
    await report(
      action === 'retry' ? 'retried' : 'removed',
      outcome.done,
      message === undefined ? undefined : { failed, message },
    );
  };

  const retryAll = async (queue: QueueName | undefined): Promise<void> => {
    const result = await client.queues.retryAllFailed({ ...(queue && { queue }) });
    if (!result.ok)
      showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
    else {
      const { retried, cancelled } = result.value;
      const left = cancelled === 0 ? undefined : t('leftCancelled', { count: cancelled });
      await report('retried', retried, undefined, left);
    }
  };

  const clean = async (queue: QueueName, olderThanMs: number): Promise<void> => {
    const result = await client.queues.cleanFailed({ queue, olderThanMs });
    if (!result.ok)
      showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
    else await report('removed', result.value.removed);
  };

  return { some, retryAll, clean };
}
