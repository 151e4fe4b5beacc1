import type { OperationId } from '@shared/contract/operations';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import type { Engine } from '../../engine/engine';
import type { StepOutcome } from '../../engine/job-actions';
import { parseJson } from '../../engine/job-row';
import { journalEntry } from '../../engine/journal-entry';
import type { JobJournal } from '../../engine/processor';
import type { SelectedJob } from '../../engine/selection';
import type { OperationRepository } from './repository';

/** How long removed jobs can be put back. */
export const KEPT_MS = 24 * 3_600_000;
const AT_ONCE = 20;

export interface RemovalParts {
  readonly engine: Pick<Engine, 'kind' | 'selection' | 'actions' | 'queues'>;
  readonly repository: OperationRepository;
  readonly journal: Pick<JobJournal, 'queued' | 'finished'>;
  /** Told of each job that is removed before it had ended; answers whether something was planned behind it. */
  readonly onWithdrawn: (queue: QueueName, data: unknown) => Promise<boolean>;
  readonly now: () => number;
}

/** Removes jobs so that they can be put back, and accounts for what will not be done. */
export class Removal {
  constructor(
    private readonly parts: RemovalParts,
    private readonly operation: OperationId,
    private readonly keep: boolean,
  ) {}

  /** Copies first: whatever happens next, nothing is lost. */
  async before(jobs: readonly SelectedJob[]): Promise<void> {
    const [first] = jobs;
    if (!this.keep || first === undefined) return;
    const { engine, repository, now } = this.parts;
    const ids = jobs.map(({ id }) => id);
    const copies = await engine.actions.copy(first.queue, ids);
    await repository.keep(this.operation, engine.kind, first.queue, copies, new Date(now() + KEPT_MS));
  }

  async after({ refused }: StepOutcome, jobs: readonly SelectedJob[]): Promise<void> {
    const [first] = jobs;
    if (first === undefined) return;
    const { queue } = first;
    const refusedIds = new Set(refused.map(({ id }) => id));
    const removed = jobs.filter(({ id }) => !refusedIds.has(id));
    const planned = await this.account(removed.filter((job) => job.finishedAt === null));
    if (!this.keep) return;
    const { repository } = this.parts;
    await repository.dropCopies(this.operation, queue, [...refusedIds]);
    const back = removed.filter(({ id }) => !planned.has(id)).map(({ id }) => id);
    await repository.markRemoved(this.operation, queue, back, null);
    await repository.markRemoved(
      this.operation,
      queue,
      [...planned],
      'What it was to do was cancelled with it: start it again where it was planned.',
    );
  }

  /**
   * After a crash between the two: a copy whose job is still there was never needed. One that is gone was removed here
   * only if the last step says so: a worker may have ended it, and to put it back would do its work twice.
   */
  async settle(): Promise<void> {
    const { engine, repository } = this.parts;
    for (;;) {
      const copies = await repository.unsettled(this.operation, 500);
      if (copies.length === 0) return;
      const jobs = copies.map(({ queue, jobId }) => ({ queue, id: jobId }));
      const there = new Set<string>();
      await engine.selection.scan(
        { jobs },
        {
          onBatch: (batch) => {
            for (const { queue, id } of batch.jobs) there.add(`${queue}:${id}`);
            return undefined;
          },
        },
      );
      for (const queue of new Set(jobs.map((job) => job.queue))) {
        const ids = jobs.filter((job) => job.queue === queue).map(({ id }) => id);
        const taken = new Set(await engine.actions.lastTaken(this.operation, queue));
        const isRemoved = (id: string): boolean => taken.has(id) && !there.has(`${queue}:${id}`);
        await repository.markRemoved(this.operation, queue, ids.filter(isRemoved), null);
        await repository.dropCopies(
          this.operation,
          queue,
          ids.filter((id) => !isRemoved(id)),
        );
      }
    }
  }

  /** Ids of jobs behind which something was planned, which is cancelled now. */
  private async account(jobs: readonly SelectedJob[]): Promise<Set<string>> {
    const planned = new Set<string>();
    for (let at = 0; at < jobs.length; at += AT_ONCE) {
      await Promise.all(
        jobs.slice(at, at + AT_ONCE).map(async (job) => {
          const { queue } = job;
          if (!isAdsappQueue(queue)) return;
          const data = parseJson(job.data);
          const entry = journalEntry(queue, job.id, job.name, data);
          await this.parts.journal.finished(entry, { type: 'cancelled' }, false);
          if (await this.parts.onWithdrawn(queue, data)) planned.add(job.id);
        }),
      );
    }
    return planned;
  }
}
