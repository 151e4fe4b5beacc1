import type { JobId } from '@shared/domain/ids';
import type { JobDetail } from '@shared/contract/queues';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import { AppFailure, notFound, toAppError } from '@shared/errors';
import type { Engine, OpenJob } from '../engine/engine';
import { journalEntry } from '../engine/journal-entry';
import type { JobJournal } from '../engine/processor';

export interface JobRefInput {
  readonly queue: QueueName;
  readonly jobId: JobId;
}

export interface WithdrawalParts {
  readonly engine: Pick<Engine, 'queue' | 'findJob'>;
  readonly journal: JobJournal;
  /**
   * Told of each job, also below a flow's parent, that was taken away before it had ended, with its payload: whoever planned it must
   * account for the work that will not be done.
   */
  readonly onWithdrawn: (queue: QueueName, data: unknown) => Promise<void>;
}

type Withdrawn = Pick<OpenJob, 'queue' | 'id' | 'name' | 'data'>;

/** Takes jobs away before their end, and accounts for what will not be done. */
export class Withdrawal {
  constructor(private readonly parts: WithdrawalParts) {}

  /** A waiting job goes at once; an active one is told to its worker, wherever that runs. */
  async cancel({ queue, jobId }: JobRefInput, by: string): Promise<'removed' | 'requested'> {
    const engine = this.parts.engine.queue(queue);
    const job = await engine.job(jobId);
    if (job === undefined) throw new AppFailure(notFound('job', jobId));
    if (job.state === 'completed' || job.state === 'failed') {
      throw new AppFailure({ code: 'conflict', message: `The job has ended already: it is ${job.state}.` });
    }
    if (job.state !== 'active') {
      const below = await this.below(job);
      if (await this.removeWaiting(queue, jobId)) {
        await this.account([...below, job]);
        return 'removed';
      }
    }
    await engine.requestCancel(jobId, by);
    return 'requested';
  }

  /** Also the jobs below a flow's parent go; all that had not ended count as cancelled. */
  async remove({ queue, jobId }: JobRefInput): Promise<void> {
    const engine = this.parts.engine.queue(queue);
    const job = await engine.job(jobId);
    const below = job === undefined ? [] : await this.below(job);
    await engine.remove(jobId);
    if (job === undefined) return;
    const ended = job.state === 'completed' || job.state === 'failed';
    await this.account(ended ? below : [...below, job]);
  }

  /** Jobs below a flow's parent, at any depth, that have not ended: they are removed with it. */
  private async below(parent: Pick<JobDetail, 'queue' | 'id' | 'children'>): Promise<OpenJob[]> {
    if (parent.children.length === 0) return [];
    const found: OpenJob[] = [];
    const parents: Pick<OpenJob, 'queue' | 'id'>[] = [parent];
    for (let next = parents.pop(); next !== undefined; next = parents.pop()) {
      const children = await this.parts.engine.queue(next.queue).openChildren(next.id);
      found.push(...children);
      parents.push(...children.filter(({ state }) => state === 'waiting-children'));
    }
    return found;
  }

  /** Every job is accounted for, also where one cannot be. @throws what the first of those met. */
  private async account(jobs: readonly Withdrawn[]): Promise<void> {
    const problems: unknown[] = [];
    for (const { queue, id, name, data } of jobs) {
      try {
        if (!isAdsappQueue(queue)) continue;
        await this.parts.journal.finished(journalEntry(queue, id, name, data), { type: 'cancelled' }, false);
        await this.parts.onWithdrawn(queue, data);
      } catch (error) {
        problems.push(error);
      }
    }
    if (problems.length > 0) throw problems[0];
  }

  /** False where a worker took the job in the same moment. */
  private async removeWaiting(queue: QueueName, jobId: JobId): Promise<boolean> {
    try {
      await this.parts.engine.queue(queue).remove(jobId);
      return true;
    } catch (error) {
      if (toAppError(error).code !== 'conflict') throw error;
      const [job] = (await this.parts.engine.findJob(jobId)).filter((each) => each.queue === queue);
      if (job?.state !== 'active') throw error;
      return false;
    }
  }
}
