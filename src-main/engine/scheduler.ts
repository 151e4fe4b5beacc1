import { DelayedError, WaitingChildrenError, type Job, type RepeatStrategy } from 'bullmq';
import { z } from 'zod';
import { nextRun } from '@shared/domain/next-run';
import type { BullQueue, BullWorker } from './bull-types';
import type { JobParent, Scheduler, WakeUp } from './engine';
import type { EngineLink } from './engine-link';
import type { WorkerLogger } from './job-console';

/**
 * The queue that wakes schedules up and walks through the steps of their runs. It is the console's own: no
 * screen and no count shows it, because nothing is in it that the database does not know.
 */
export const CARRIER_QUEUE = 'adsapp-schedules';
const DUE = 'due';
const RUN = 'run';
/** A single run is kept as a pattern of its own: BullMQ's schedulers know only what comes again. */
const ONCE = '@';
/** Ms until it is tried again where something was away, or where a step's job does not report by itself. */
const AGAIN_MS = 15_000;

const DueJob = z.object({ scheduleId: z.string() });
const RunJob = z.object({ runId: z.string() });

/** Our own reading of cron and of the clocks: the console shows what BullMQ then does. */
const repeatStrategy: RepeatStrategy = (after, { pattern = '', tz = 'UTC' }) => {
  if (!pattern.startsWith(ONCE)) return nextRun(pattern, tz, after) ?? undefined;
  const at = Date.parse(pattern.slice(ONCE.length));
  return at > after ? at : undefined;
};
export const CARRIER_SETTINGS = { repeatStrategy };

/** What a schedule's pattern is where it runs once, at an instant of ISO 8601. */
export const oncePattern = (at: string): string => `${ONCE}${at}`;

/** BullMQ's Job Schedulers. They carry ids only: what is to be done is read when it is to be done. */
export class BullScheduler implements Scheduler {
  constructor(
    private readonly link: EngineLink,
    private readonly queue: () => BullQueue,
  ) {}

  put({ id, pattern, timeZone }: WakeUp): Promise<void> {
    return this.link.run(async () => {
      await this.queue().upsertJobScheduler(
        id,
        { pattern, tz: timeZone },
        { name: DUE, data: { scheduleId: id }, opts: GONE_AT_THE_END },
      );
    });
  }

  remove(id: string): Promise<void> {
    return this.link.run(async () => {
      await this.queue().removeJobScheduler(id);
    });
  }

  list(): Promise<(WakeUp & { readonly next: number | null })[]> {
    return this.link.run(async () => {
      const found = await this.queue().getJobSchedulers();
      return found.map(({ key, pattern = '', tz = 'UTC', next }) => ({
        id: key,
        pattern,
        timeZone: tz,
        next: next ?? null,
      }));
    });
  }

  enqueueRun(runId: string): Promise<void> {
    return this.link.run(async () => {
      await this.queue().add(RUN, { runId }, { ...GONE_AT_THE_END, jobId: `run-${runId}` });
    });
  }
}

/** The database remembers; and an id that is free again may be added again. */
const GONE_AT_THE_END = { removeOnComplete: true, removeOnFail: true } as const;

/** How a step's job ended. */
export type StepJobOutcome =
  | { readonly type: 'completed'; readonly result: unknown }
  | { readonly type: 'failed'; readonly reason: string };

/** The jobs of a run's steps, as the run sees them. */
export interface StepJobs {
  /** A job with this parent tells the run of its end. */
  readonly parent: JobParent;
  /** Undefined while it has not ended, and for one that was taken away. */
  outcome(jobId: string): Promise<StepJobOutcome | undefined>;
}

/** What schedules do when they are woken up. May be called twice for the same, also at the same time. */
export interface CarrierWork {
  due(scheduleId: string): Promise<void>;
  /** Goes on as far as it can: `waits` for the job of a step, or has `ended`. */
  run(runId: string, jobs: StepJobs): Promise<'waits' | 'ended'>;
}

/** BullMQ's processor of the carrier queue. Nothing fails here for good: what is away is waited for. */
export const carrierProcessor =
  (work: CarrierWork, queue: () => BullQueue, logger: WorkerLogger) =>
  async (job: Job, token?: string): Promise<void> => {
    try {
      if (job.name === DUE) {
        await work.due(DueJob.parse(job.data).scheduleId);
        return;
      }
      const { runId } = RunJob.parse(job.data);
      const jobs = stepJobs(job, queue());
      if ((await work.run(runId, jobs)) === 'ended') return;
      if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError();
      // Its job may have ended just now.
      if ((await work.run(runId, jobs)) === 'ended') return;
      if (await job.moveToWaitingChildren(token ?? '')) throw new WaitingChildrenError();
    } catch (error) {
      if (error instanceof WaitingChildrenError) throw error;
      const message = error instanceof Error ? error.message : String(error);
      logger.warn(`A schedule is tried again in ${AGAIN_MS / 1_000} s: ${message}`);
    }
    await job.moveToDelayed(Date.now() + AGAIN_MS, token);
    throw new DelayedError();
  };

const stepJobs = (job: Job, queue: BullQueue): StepJobs => ({
  parent: { queue: queue.qualifiedName, id: job.id ?? '' },
  async outcome(jobId) {
    const { processed = {}, ignored = {} } = await job.getDependencies();
    const is = (key: string): boolean => queue.getBackend().parseNodeKey(key).id === jobId;
    const done = Object.entries(processed).find(([key]) => is(key));
    if (done !== undefined) return { type: 'completed', result: done[1] };
    const failed = Object.entries(ignored).find(([key]) => is(key));
    return failed === undefined ? undefined : { type: 'failed', reason: String(failed[1]) };
  },
});

/** Follows the carrier queue on a worker host. */
export const watchCarrier = (worker: BullWorker, logger: WorkerLogger): BullWorker => {
  worker.on('error', (error: Error) => {
    logger.warn(`[schedules] Worker: ${error.message}`);
  });
  return worker;
};
