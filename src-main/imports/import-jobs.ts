import { AppFailure } from '@shared/errors';
import { JobId, OrganizationId, ProfileId, type ImportId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import type { ImportsDependencies } from './dependencies';
import type { ImportRecord } from './repository';
import { isStaged } from './summary';

/** Known before the job is added, so that adding it twice makes one job. */
export const jobIdOf = (importId: ImportId): JobId => JobId.parse(`import-${importId}`);
/** Whose job it is, as far as its id says. */
export const importOfJob = (jobId: string): string | null =>
  /^import-([\da-f-]{36})$/.exec(jobId)?.[1] ?? null;

export type JobFate =
  { readonly type: 'alive' } | { readonly type: 'gone' } | { readonly type: 'ended'; readonly why: string };

export interface ImportJobs {
  /** Makes sure that a worker will take the import up: adds its job, or wakes the one there is. */
  ensure(record: ImportRecord): Promise<void>;
  /** What became of the job of an import that is not over. */
  fate(record: ImportRecord): Promise<JobFate>;
  /** Lets a waiting job notice at once that its import was cancelled. */
  wake(record: ImportRecord): Promise<void>;
}

export function createImportJobs({ queues, jobs }: Pick<ImportsDependencies, 'queues' | 'jobs'>): ImportJobs {
  const add = async (record: ImportRecord): Promise<void> => {
    const id = jobIdOf(record.id);
    await queues.addJob({
      queue: 'contact-import',
      name: jobNames['contact-import'],
      jobId: id,
      data: {
        organizationId: OrganizationId.parse(record.organizationId),
        userId: ProfileId.parse(record.userId),
        importId: record.id,
        rows: isStaged(record) ? record.read : null,
        label: record.fileName,
      },
    });
  };

  return {
    async ensure(record) {
      const id = jobIdOf(record.id);
      const job = await jobs.job(id);
      switch (job?.state) {
        case undefined:
          return add(record);
        case 'delayed':
          return unlessMoved(jobs.promote(id));
        case 'failed':
          return unlessMoved(jobs.retry(id));
        case 'completed':
          await jobs.remove(id);
          return add(record);
        case 'waiting':
        case 'active':
        case 'waiting-children':
          return;
      }
    },
    async fate(record) {
      const job = await jobs.job(jobIdOf(record.id));
      if (job === undefined) return { type: 'gone' };
      if (job.state === 'failed') return { type: 'ended', why: job.failedReason ?? 'it failed' };
      return job.state === 'completed' ? { type: 'ended', why: 'it was completed early' } : { type: 'alive' };
    },
    async wake(record) {
      const id = jobIdOf(record.id);
      if ((await jobs.job(id))?.state === 'delayed') await unlessMoved(jobs.promote(id));
    },
  };
}

/** A worker may take the job between our look at it and our step: then there is nothing to do. */
async function unlessMoved(step: Promise<void>): Promise<void> {
  try {
    await step;
  } catch (error) {
    if (!(error instanceof AppFailure) || error.error.code !== 'conflict') throw error;
  }
}
