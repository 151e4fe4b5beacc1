import type { JobSchedulerJson } from 'bullmq';
import {
  JobScheduler as Shape,
  SchedulerWhen,
  type JobScheduler,
  type SchedulerDefinition,
} from '@shared/contract/job-schedulers';
import { AppFailure, notFound, type AppError } from '@shared/errors';
import type { BullQueue } from './bull-types';
import { isUnreachable } from './engine-errors';

const MOST = 500;

/** BullMQ's Job Schedulers of one queue. Throws AppFailure for what is asked wrongly. */
export interface JobSchedulers {
  list(): Promise<{ readonly schedulers: JobScheduler[]; readonly total: number }>;
  /** `conflict` where one is to be created under an id that is taken. */
  save(definition: Omit<SchedulerDefinition, 'queue'>, mode: 'create' | 'change'): Promise<void>;
  /** Adds one job as the scheduler would, and answers its id. */
  run(id: string): Promise<string>;
  remove(id: string): Promise<void>;
}

export class BullJobSchedulers implements JobSchedulers {
  constructor(private readonly withQueue: <T>(work: (queue: BullQueue) => Promise<T>) => Promise<T>) {}

  list(): ReturnType<JobSchedulers['list']> {
    return this.withQueue(async (queue) => {
      const [found, total] = await Promise.all([
        queue.getJobSchedulers(0, MOST - 1, true),
        queue.getJobSchedulersCount(),
      ]);
      return { schedulers: found.map(shown), total };
    });
  }

  save(
    { id, when, name, data }: Omit<SchedulerDefinition, 'queue'>,
    mode: 'create' | 'change',
  ): Promise<void> {
    return this.withQueue(async (queue) => {
      const known = await queue.getJobScheduler(id);
      if (mode === 'create' && known !== undefined) throw new AppFailure(taken(id));
      if (mode === 'change' && known === undefined) throw new AppFailure(notFound('scheduler', id));
      const { limit, startDate, endDate } = known ?? {};
      const repeat = {
        ...(when.kind === 'every'
          ? { every: when.everyMs }
          : { pattern: when.pattern, ...(when.timeZone !== null && { tz: when.timeZone }) }),
        ...(limit !== undefined && { limit }),
        ...(startDate !== undefined && { startDate }),
        ...(endDate !== undefined && { endDate }),
      };
      const opts = known?.template?.opts;
      try {
        await queue.upsertJobScheduler(id, repeat, { name, data, ...(opts !== undefined && { opts }) });
      } catch (error) {
        throw when.kind === 'pattern' && isAboutPattern(error) ? new AppFailure(notCron(error)) : error;
      }
    });
  }

  run(id: string): Promise<string> {
    return this.withQueue(async (queue) => {
      const known = await queue.getJobScheduler(id);
      if (known === undefined) throw new AppFailure(notFound('scheduler', id));
      const { template } = known;
      const data: unknown = template?.data ?? {};
      const job = await queue.add(known.name, data, template?.opts ?? {});
      return String(job.id);
    });
  }

  remove(id: string): Promise<void> {
    return this.withQueue(async (queue) => {
      if (!(await queue.removeJobScheduler(id))) throw new AppFailure(notFound('scheduler', id));
    });
  }
}

/** Never fails: what another program wrote shows as far as it can be read. */
const shown = (found: JobSchedulerJson): JobScheduler => {
  const { key, name, pattern, tz, every, next, iterationCount, template } = found;
  const when = SchedulerWhen.safeParse(
    pattern === undefined
      ? { kind: 'every', everyMs: every }
      : { kind: 'pattern', pattern, timeZone: tz ?? null },
  );
  const made = Shape.shape.made.safeParse(iterationCount ?? null);
  return {
    id: key,
    when: when.success ? when.data : null,
    name,
    data: template?.data ?? {},
    next: next === undefined ? null : new Date(next).toISOString(),
    made: made.success ? made.data : null,
  };
};

/** What reads the pattern throws plain errors; those of the engine have a code. */
const isAboutPattern = (error: unknown): error is Error =>
  error instanceof Error && !('code' in error) && !isUnreachable(error);

const notCron = ({ message }: Error): AppError => ({
  code: 'invalid_input',
  message: 'This pattern or time zone cannot be read.',
  issues: [{ path: 'when.pattern', message }],
});

const taken = (id: string): AppError => ({
  code: 'conflict',
  message: `There is a scheduler with the id ${id} already.`,
  action: 'Give another id, or edit that one.',
});
