import { CampaignId, JobId, OrganizationId, ProfileId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import { JobPrioritySchema } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import type { AnyNewJob, Engine, JobParent } from '../engine/engine';
import { journalEntry } from '../engine/journal-entry';
import type { JobJournal } from '../engine/processor';
import type { CampaignRow } from './repository';

/** Where jobs are added: the queue manager, which also writes them into `job_logs`. */
export interface JobAdder {
  addJob(job: AnyNewJob): Promise<JobId>;
  /** A parent that runs after its children; answers the parent's id. */
  addFlow(parent: AnyNewJob, children: readonly AnyNewJob[]): Promise<JobId>;
}

export interface Batch {
  readonly batchNo: number;
  readonly recipients: number;
}

/** Recipients of one job: the seed guide's 1,000 messages, Resend's 100 emails. */
export const BATCH_SIZE = { whatsapp: 1_000, email: 100 } as const;
export const CAMPAIGN_QUEUE = { whatsapp: 'bulk-messages', email: 'email-notification' } as const;

/** The same id for the same batch, always: adding it twice adds one job. */
export const batchJobId = (campaignId: string, batchNo: number): JobId =>
  JobId.parse(`campaign-${campaignId}-${batchNo}`);
/** Whose job it is, as far as its id says. */
export const campaignOfJob = (jobId: string): string | null =>
  /^campaign-([\da-f-]{36})-/.exec(jobId)?.[1] ?? null;
/** `firstBatchNo` keeps the parent of a later retry apart from the first. */
const parentJobId = (campaignId: string, firstBatchNo: number): JobId =>
  JobId.parse(`campaign-${campaignId}-all-${firstBatchNo}`);

/** What becomes of a campaign's jobs in the queue. */
export interface CampaignJobs {
  /**
   * One batch is one job; more are a flow whose parent closes the campaign. `parent` is who waits for all of
   * it. Safe to repeat.
   */
  enqueue(
    campaign: CampaignRow,
    batches: readonly Batch[],
    delayMs: number,
    parent?: JobParent,
  ): Promise<JobId>;
  /**
   * Makes sure that every open batch has a job that will run: adds what is missing and fetches what waits
   * for a time although something is due. Answers the ids of jobs that gave up.
   */
  repair(
    campaign: CampaignRow,
    open: readonly (Batch & { readonly due: boolean })[],
    delayMs: number,
  ): Promise<JobId[]>;
  /** Puts jobs that gave up back. */
  retry(campaign: CampaignRow, ids: readonly JobId[]): Promise<void>;
  /** Takes what has not begun out of the queue; what runs sees the cancelled campaign by itself. */
  withdraw(campaign: CampaignRow, batches: readonly number[]): Promise<void>;
}

export function createCampaignJobs(
  engine: Pick<Engine, 'queue'>,
  adder: JobAdder,
  journal: Pick<JobJournal, 'finished'>,
): CampaignJobs {
  const queueOf = (campaign: CampaignRow) => engine.queue(CAMPAIGN_QUEUE[campaign.channel]);

  return {
    async enqueue(campaign, batches, delayMs, parent) {
      const waited = parent === undefined ? {} : { parent };
      const children = batches.map((batch) => batchJob(campaign, batch, delayMs));
      const [first] = children;
      if (first === undefined) throw new Error('a campaign without batches has no jobs');
      if (children.length === 1) return adder.addJob({ ...first, ...waited });
      return adder.addFlow({ ...parentJob(campaign, batches), ...waited }, children);
    },

    async repair(campaign, open, delayMs) {
      const gaveUp: JobId[] = [];
      for (const batch of open) {
        const id = batchJobId(campaign.id, batch.batchNo);
        const job = await queueOf(campaign).job(id);
        switch (job?.state) {
          case undefined:
            await adder.addJob(batchJob(campaign, batch, delayMs));
            break;
          case 'failed':
            gaveUp.push(id);
            break;
          case 'completed':
            // Ended while recipients were open: the id is taken, so it has to go first.
            await queueOf(campaign).remove(id);
            await adder.addJob(batchJob(campaign, batch, delayMs));
            break;
          case 'delayed':
            if (batch.due && delayMs === 0) await unlessGone(queueOf(campaign).promote(id));
            break;
          case 'waiting':
          case 'active':
          case 'waiting-children':
            break;
        }
      }
      return gaveUp;
    },

    async retry(campaign, ids) {
      for (const id of ids) await unlessGone(queueOf(campaign).retry(id));
    },

    async withdraw(campaign, batches) {
      const parent = campaign.jobId === null ? [] : [JobId.parse(campaign.jobId)];
      for (const id of [...batches.map((batchNo) => batchJobId(campaign.id, batchNo)), ...parent]) {
        const job = await queueOf(campaign).job(id);
        if (job?.state === 'waiting' || job?.state === 'delayed' || job?.state === 'waiting-children') {
          if (await unlessGone(queueOf(campaign).remove(id))) {
            const entry = journalEntry(CAMPAIGN_QUEUE[campaign.channel], id, job.name, job.data);
            await journal.finished(entry, { type: 'cancelled' }, false);
          }
        }
      }
    },
  };
}

/**
 * A job that moved on between the look and the act needs nothing more; every other failure counts. Answers
 * whether the act was done.
 */
async function unlessGone(act: Promise<void>): Promise<boolean> {
  try {
    await act;
    return true;
  } catch (error) {
    const { code } = toAppError(error);
    if (code !== 'not_found' && code !== 'conflict') throw error;
    return false;
  }
}

function batchJob(campaign: CampaignRow, batch: Batch, delayMs: number): AnyNewJob {
  return newJob(campaign, { ...batch, jobId: batchJobId(campaign.id, batch.batchNo), delayMs });
}

function parentJob(campaign: CampaignRow, batches: readonly Batch[]): AnyNewJob {
  return newJob(campaign, {
    batchNo: null,
    recipients: batches.reduce((sum, { recipients }) => sum + recipients, 0),
    jobId: parentJobId(campaign.id, batches[0]?.batchNo ?? 0),
    delayMs: 0,
  });
}

function newJob(
  campaign: CampaignRow,
  {
    jobId,
    delayMs,
    batchNo,
    recipients,
  }: { batchNo: number | null; recipients: number; jobId: JobId; delayMs: number },
): AnyNewJob {
  const data = {
    organizationId: OrganizationId.parse(campaign.organizationId),
    userId: ProfileId.parse(campaign.createdBy),
    campaignId: CampaignId.parse(campaign.id),
    batchNo,
    recipients,
    label: campaign.name,
  };
  const common = { priority: JobPrioritySchema.parse(campaign.priority), delayMs, jobId };
  return campaign.message.channel === 'whatsapp'
    ? { queue: 'bulk-messages', name: jobNames['bulk-messages'], data, ...common }
    : {
        queue: 'email-notification',
        name: jobNames['email-notification'],
        data: { ...data, type: campaign.message.emailType },
        ...common,
      };
}
