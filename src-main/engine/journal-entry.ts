import type { AdsappQueue } from '@shared/domain/queues';
import { parsePayload } from './payload';
import type { JournalJob } from './processor';

/** Who a job belongs to, as far as its payload says. */
export const journalEntry = (queue: AdsappQueue, jobId: string, name: string, data: unknown): JournalJob => {
  const parsed = parsePayload(queue, data);
  return {
    queue,
    jobId,
    name,
    organizationId: parsed.ok ? parsed.value.organizationId : null,
    userId: parsed.ok ? parsed.value.userId : null,
  };
};
