import type { JobId } from '@shared/domain/ids';
import type { QueueName } from '@shared/domain/queues';
import { AppFailure, notFound, toAppError } from '@shared/errors';
import type { Engine } from '../engine/engine';
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
   * Told of a job that was taken away before it had ended, with its payload: whoever planned it must
   * account for the work that will not be done.
   */
  readonly onWithdrawn: (queue: QueueName, data: unknown) => Promise<void>;
}

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
    if (job.state !== 'active' && (await this.removeWaiting(queue, jobId))) {
      const entry = journalEntry(queue, jobId, job.name, job.data);
      await this.parts.journal.finished(entry, { type: 'cancelled' }, false);
      await this.parts.onWithdrawn(queue, job.data);
      return 'removed';
    }
    await engine.requestCancel(jobId, by);
    return 'requested';
  }

  async remove({ queue, jobId }: JobRefInput): Promise<void> {
    const engine = this.parts.engine.queue(queue);
    const job = await engine.job(jobId);
    await engine.remove(jobId);
    if (job === undefined || job.state === 'completed' || job.state === 'failed') return;
    await this.parts.onWithdrawn(queue, job.data);
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
