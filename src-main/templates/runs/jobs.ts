import { JobId, OrganizationId, ProfileId, TemplateId, TemplateRunId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import { toAppError } from '@shared/errors';
import type { AnyNewJob, QueueEngine } from '../../engine/engine';
import { journalEntry } from '../../engine/journal-entry';
import type { JobJournal } from '../../engine/processor';
import type { RunBatch, RunRow } from './repository';

/** What becomes of a run's jobs in the queue. Everything is safe to repeat. */
export interface RunJobs {
  /**
   * Makes sure that every open batch has a job that will run. Answers why a job gave up for good, where one
   * has; with `retry` those are put back instead.
   */
  ensure(
    run: RunRow,
    open: readonly RunBatch[],
    options: { readonly retry: boolean },
  ): Promise<string | null>;
  /** Takes what has not begun out of the queue; what runs sees the cancelled run by itself. */
  withdraw(run: RunRow, open: readonly RunBatch[]): Promise<void>;
}

const QUEUE = 'template-processing';

export const runJobId = (runId: string, batchNo: number): JobId =>
  JobId.parse(`template-run-${runId}-${batchNo}`);

export function createRunJobs(deps: {
  readonly queue: Pick<QueueEngine, 'job' | 'remove' | 'retry'>;
  readonly adder: { addJob(job: AnyNewJob): Promise<JobId> };
  readonly journal: Pick<JobJournal, 'finished'>;
}): RunJobs {
  const { queue, adder, journal } = deps;
  return {
    async ensure(run, open, { retry }) {
      let problem: string | null = null;
      for (const batch of open) {
        const id = runJobId(run.id, batch.batchNo);
        const job = await queue.job(id);
        if (job?.state === 'failed' && !retry) problem ??= job.failedReason ?? 'A batch gave up.';
        else if (job?.state === 'failed') await unlessGone(queue.retry(id));
        else if (job === undefined || job.state === 'completed') {
          // One that ended while contacts were open holds the id.
          if (job !== undefined) await unlessGone(queue.remove(id));
          await adder.addJob(jobOf(run, batch));
        }
      }
      return problem;
    },

    async withdraw(run, open) {
      for (const { batchNo } of open) {
        const id = runJobId(run.id, batchNo);
        const job = await queue.job(id);
        if (job?.state !== 'waiting' && job?.state !== 'delayed') continue;
        if (!(await unlessGone(queue.remove(id)))) continue;
        await journal.finished(journalEntry(QUEUE, id, job.name, job.data), { type: 'cancelled' }, false);
      }
    },
  };
}

const jobOf = (run: RunRow, { batchNo, contacts }: RunBatch): AnyNewJob => ({
  queue: QUEUE,
  name: jobNames[QUEUE],
  jobId: runJobId(run.id, batchNo),
  data: {
    organizationId: OrganizationId.parse(run.organizationId),
    userId: ProfileId.parse(run.createdBy),
    templateId: TemplateId.parse(run.templateId),
    version: run.version,
    contactIds: [],
    run: { runId: TemplateRunId.parse(run.id), batchNo, contacts },
    label: run.templateName,
  },
});

/** A job that moved on between the look and the act needs nothing more. Answers whether the act was done. */
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
