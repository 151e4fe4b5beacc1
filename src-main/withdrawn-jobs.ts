import { jobPayloads } from '@shared/domain/jobs';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import type { Campaigns } from './campaigns';
import type { createImports } from './imports';
import type { Templates } from './templates';

interface Planned {
  readonly campaigns: Pick<Campaigns, 'service'>;
  readonly imports: Pick<ReturnType<typeof createImports>, 'service'>;
  readonly templates: Pick<Templates, 'runs'>;
}

/**
 * What was planned behind a job that was taken out of its queue is cancelled, not forgotten. Answers whether there
 * was something.
 */
export const accountForWithdrawn = async (
  { campaigns, imports, templates }: Planned,
  queue: QueueName,
  data: unknown,
): Promise<boolean> => {
  if (!isAdsappQueue(queue)) return false;
  if (queue === 'contact-import') {
    const job = jobPayloads[queue].safeParse(data);
    if (job.success) await imports.service.jobWithdrawn(job.data.importId);
    return job.success;
  }
  if (queue === 'template-processing') {
    const job = jobPayloads[queue].safeParse(data);
    if (!job.success || job.data.run === undefined) return false;
    await templates.runs.service.jobWithdrawn(job.data.organizationId, job.data.run.runId);
    return true;
  }
  const batch = jobPayloads[queue].safeParse(data);
  if (batch.success) await campaigns.service.jobWithdrawn(batch.data.campaignId, batch.data.batchNo);
  return batch.success;
};
