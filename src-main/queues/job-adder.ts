import type { JobAdder } from '../campaigns/jobs';
import type { Engine } from '../engine/engine';
import { journalEntry } from '../engine/journal-entry';
import type { JobJournal } from '../engine/processor';

/** Adds jobs and writes them into `job_logs`: what a worker host has of the queue manager. */
export const createJobAdder = (
  engine: Pick<Engine, 'queue' | 'addFlow'>,
  journal: Pick<JobJournal, 'queued'>,
): JobAdder => ({
  async addJob({ queue, ...job }) {
    const id = await engine.queue(queue).add(job);
    await journal.queued(journalEntry(queue, id, job.name, job.data));
    return id;
  },
  async addFlow(parent, children) {
    const id = await engine.addFlow(parent, children);
    for (const { queue, jobId, name, data } of [{ ...parent, jobId: id }, ...children]) {
      if (jobId !== undefined) await journal.queued(journalEntry(queue, jobId, name, data));
    }
    return id;
  },
});
