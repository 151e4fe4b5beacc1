import { useQueryClient } from '@tanstack/react-query';
import type { JobId } from '@shared/domain/ids';
import type { JobFilter } from '@shared/domain/job-filter';
import type { QueueName } from '@shared/domain/queues';
import { inBatches } from '@renderer/platform/bulk';
import { client } from '@renderer/platform/client';
import { showToast } from '@renderer/ui';
import { useFailuresText } from './texts';

export interface FailedJobKey {
  readonly queue: QueueName;
  readonly jobId: JobId;
}

type Done = 'retried';

/** As many as a filter names. */
const JOBS_NAMED = 1_000;

/** What can be done about failures; each says what came of it. */
export function useFailureActions() {
  const t = useFailuresText();
  const cache = useQueryClient();

  const report = async (done: Done, count: number, problem?: { failed: number; message: string }) => {
    showToast({
      title: t(`done.${done}`, { count }),
      tone: problem === undefined ? 'success' : count > 0 ? 'warning' : 'danger',
      description: problem === undefined ? undefined : t('partly', problem),
    });
    await cache.invalidateQueries({ queryKey: ['queues'] });
  };

  const retry = async (jobs: readonly FailedJobKey[]): Promise<void> => {
    const outcome = await inBatches(jobs, (part) => client.queues.retry({ jobs: part }));
    const message = outcome.error?.message ?? outcome.failed[0]?.message;
    const failed = jobs.length - outcome.done;
    await report('retried', outcome.done, message === undefined ? undefined : { failed, message });
  };

  /** An operation, so that it can be taken back. What came of it is told when it ends. */
  const remove = async (filter: JobFilter, reason: string): Promise<void> => {
    const result = await client.operations.start({ action: { type: 'remove' }, filter, reason });
    if (result.ok) return;
    const nothing = result.error.code === 'conflict';
    showToast({
      title: nothing ? t('nothing') : result.error.message,
      description: nothing ? undefined : result.error.action,
      tone: nothing ? 'info' : 'danger',
    });
  };

  const some = async (action: 'retry' | 'remove', jobs: readonly FailedJobKey[]): Promise<void> => {
    if (action === 'retry') return retry(jobs);
    for (let at = 0; at < jobs.length; at += JOBS_NAMED) {
      const named = jobs.slice(at, at + JOBS_NAMED).map(({ queue, jobId: id }) => ({ queue, id }));
      await remove({ jobs: named, states: ['failed'] }, t('removedSelected'));
    }
  };

  const clean = async (queue: QueueName, olderThanMs: number): Promise<void> => {
    const to = new Date(Date.now() - olderThanMs).toISOString();
    await remove({ queues: [queue], states: ['failed'], finishedAt: { to } }, t('cleaned'));
  };

  return { some, clean };
}
