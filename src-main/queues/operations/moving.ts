import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import { parseJson } from '../../engine/job-row';
import { journalEntry } from '../../engine/journal-entry';
import { parsePayload } from '../../engine/payload';
import type { JobJournal } from '../../engine/processor';
import type { SelectedJob } from '../../engine/selection';

/** Why a job's payload is none that the workers of a queue take; null where it may be, or nobody can know. */
export const moveProblem = ({ data }: Pick<SelectedJob, 'data'>, to: QueueName): string | null => {
  if (!isAdsappQueue(to)) return null;
  const payload = parsePayload(to, parseJson(data));
  return payload.ok ? null : payload.error.message;
};

/** Writes down of ADSapp's own jobs that their queue is another. What waits for them goes on waiting. */
export async function accountForMoved(
  journal: Pick<JobJournal, 'queued' | 'finished'>,
  jobs: readonly SelectedJob[],
  to: QueueName,
): Promise<void> {
  for (const { queue, id, name, data } of jobs) {
    const payload = parseJson(data);
    if (isAdsappQueue(queue)) {
      await journal.finished(journalEntry(queue, id, name, payload), { type: 'cancelled' }, false);
    }
    // One that is counted anew is written down when it begins.
    if (isAdsappQueue(to) && !/^\d+$/.test(id)) await journal.queued(journalEntry(to, id, name, payload));
  }
}
