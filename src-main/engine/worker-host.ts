import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { WorkerSettings } from '@shared/contract/workers';
import { type AdsappQueue, adsappQueues, queueDefaults } from '@shared/domain/queues';
import type { BullWorker } from './bull-types';
import type { BullEngine } from './bullmq-engine';
import type { Heartbeat } from './coordination';
import type { WorkerLogger } from './job-console';
import { retention } from './job-options';
import { JobRunner, type ActiveJob } from './job-runner';
import type { JobJournal, Processors } from './processor';

const HEARTBEAT_MS = 5_000;
/** A host that was silent for three heartbeats is gone. */
const HEARTBEAT_TTL_MS = 15_000;
const CANCEL_POLL_MS = 750;
const SWEEP_MS = 30_000;
/** The same on every worker of an engine (BullMQ's rule): a day of minutes; an hour where each is a row's update. */
const METRICS_MINUTES = { redis: 24 * 60, pglite: 60 } as const;
/** The same complaint of a worker is logged once in this time, in ms. */
const REPEAT_LOG_MS = 10_000;

export interface WorkerHostOptions {
  readonly engine: BullEngine;
  readonly processors: Processors;
  readonly journal: JobJournal;
  readonly logger: WorkerLogger;
  readonly kind: Heartbeat['kind'];
  readonly version: string;
  /** What is on and how many at once; queues that are not named are on with the guide's concurrency. */
  readonly settings?: readonly WorkerSettings[];
  readonly timing?: Partial<WorkerTiming>;
  /** Longest run of one attempt in ms as it is set now; null, or left out: the queue's default. */
  readonly timeLimit?: () => number | null;
}

/** In ms. */
export interface WorkerTiming {
  /** Longest run of one attempt; default 5 minutes, the guide's figure. */
  readonly timeoutMs: number;
  /** A job whose worker is silent for this long is taken from it. */
  readonly lockMs: number;
  /** How often stalled jobs are looked for. */
  readonly stalledCheckMs: number;
  /** How often finished jobs are brought down to their count, where retention goes by age. */
  readonly sweepMs: number;
}

/** Works on the queues inside this process, and tells every console about it. */
export interface WorkerHost {
  readonly id: string;
  /** Resolves when the workers run; waits for the engine. */
  start(): Promise<void>;
  settings(): WorkerSettings[];
  /** In force at once; jobs that run are not touched. */
  configure(settings: WorkerSettings): Promise<WorkerSettings[]>;
  heartbeat(): Heartbeat;
  /** Takes no more jobs, lets the running ones end for `drainMs`, then stops them so that they go on elsewhere. */
  shutdown(drainMs?: number): Promise<void>;
}

export const createWorkerHost = (options: WorkerHostOptions): WorkerHost => new BullWorkerHost(options);

/** Jobs that lose nothing when they are stopped between two of their batches: no shutdown waits for them to end. */
const STOPS_ANYWHERE: ReadonlySet<AdsappQueue> = new Set(['contact-import']);

class BullWorkerHost implements WorkerHost {
  readonly id = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  private readonly startedAt = new Date();
  private readonly active = new Set<ActiveJob>();
  private readonly workers = new Map<AdsappQueue, BullWorker>();
  private readonly wanted = new Map<AdsappQueue, WorkerSettings>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly lastLogged = new Map<string, number>();
  private readonly runner: JobRunner;
  private draining = false;
  private announced: Promise<void> = Promise.resolve();
  private polling = false;

  constructor(private readonly options: WorkerHostOptions) {
    for (const queue of adsappQueues) {
      const given = options.settings?.find((each) => each.queue === queue);
      this.wanted.set(
        queue,
        given ?? { queue, enabled: true, concurrency: queueDefaults[queue].concurrency },
      );
    }
    const { processors, journal, logger, engine, timing } = options;
    this.runner = new JobRunner({
      processors,
      journal,
      logger,
      coordination: engine.coordination,
      timeoutMs: (queue) => options.timeLimit?.() ?? timing?.timeoutMs ?? queueDefaults[queue].timeoutMs,
      accepts: (queue) => !this.draining && this.wanted.get(queue)?.enabled === true,
      onStart: (job) => this.active.add(job),
      onEnd: (job) => this.active.delete(job),
    });
  }

  async start(): Promise<void> {
    await this.options.engine.ready();
    for (const settings of this.wanted.values()) this.apply(settings);
    this.every(HEARTBEAT_MS, () => this.announce());
    this.every(CANCEL_POLL_MS, () => this.pollCancels());
    if (this.options.engine.kind === 'pglite') {
      this.every(this.options.timing?.sweepMs ?? SWEEP_MS, () => this.sweep());
    }
    await this.announce();
  }

  settings(): WorkerSettings[] {
    return [...this.wanted.values()];
  }

  async configure(settings: WorkerSettings): Promise<WorkerSettings[]> {
    this.wanted.set(settings.queue, settings);
    this.apply(settings);
    await this.announce();
    return this.settings();
  }

  heartbeat(): Heartbeat {
    const on = this.draining ? [] : this.settings().filter((each) => each.enabled);
    const running = (queue: AdsappQueue): number =>
      [...this.active].filter((job) => job.queue === queue).length;
    return {
      id: this.id,
      host: hostname(),
      pid: process.pid,
      kind: this.options.kind,
      version: this.options.version,
      startedAt: this.startedAt.toISOString(),
      heartbeatAt: new Date().toISOString(),
      memoryBytes: process.memoryUsage.rss(),
      queues: on.map(({ queue, concurrency }) => ({ queue, concurrency, running: running(queue) })),
      jobs: [...this.active].map(({ queue, id, name, startedAt, progress }) => ({
        queue,
        id,
        name,
        startedAt: startedAt.toISOString(),
        progress,
      })),
    };
  }

  async shutdown(drainMs = 10_000): Promise<void> {
    if (this.draining) return;
    this.draining = true;
    for (const timer of this.timers) clearInterval(timer);
    const workers = [...this.workers.values()];
    await Promise.all(workers.map((worker) => worker.pause(true)));
    this.stopJobs(({ queue }) => STOPS_ANYWHERE.has(queue));
    await this.idle(drainMs);
    this.stopJobs(() => true);
    await this.idle(5_000);
    // Jobs that ignored it all are taken over by another worker when their lock runs out.
    const closed = Promise.all(workers.map((worker) => worker.close(this.active.size > 0)));
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 3_000).unref())]);
    await this.announced;
    await this.tolerate('say that it is gone', () => this.options.engine.coordination.withdraw(this.id));
  }

  private stopJobs(which: (job: ActiveJob) => boolean): void {
    for (const job of this.active) if (which(job)) job.stop('shutdown', 'the shutdown of its worker');
  }

  /** Makes the worker of a queue be what is wanted. */
  private apply({ queue, enabled, concurrency }: WorkerSettings): void {
    const worker = this.workers.get(queue);
    if (worker === undefined) {
      if (enabled) this.workers.set(queue, this.createWorker(queue, concurrency));
      return;
    }
    worker.concurrency = concurrency;
    // Pausing and resuming also wakes a loop that waits for its running jobs, so that it takes more at once.
    void this.tolerate('change its workers', async () => {
      await worker.pause(true);
      if (this.wanted.get(queue)?.enabled === true) await worker.resume();
    });
  }

  private createWorker(queue: AdsappQueue, concurrency: number): BullWorker {
    const { engine, timing, logger } = this.options;
    const worker = engine.worker(queue, (job, token) => this.runner.run(queue, job, token), {
      name: `${hostname()}:${process.pid}`,
      concurrency,
      lockDuration: timing?.lockMs ?? 30_000,
      stalledInterval: timing?.stalledCheckMs ?? 15_000,
      // A worker that dies is no fault of the job: it goes on where its ledger says.
      maxStalledCount: 3,
      runRetryDelay: 1_000,
      metrics: { maxDataPoints: METRICS_MINUTES[engine.kind] },
      ...retention(queue, engine.kind),
    });
    worker.on('error', (error: Error) => {
      this.complain(`[${queue}] Worker: ${error.message}`);
    });
    // Another worker may have the job by now: two must not go on with it.
    worker.on('lockRenewalFailed', (jobIds: string[]) => {
      for (const job of this.active) {
        if (job.queue === queue && jobIds.includes(job.id)) job.stop('shutdown', 'the loss of its lock');
      }
    });
    worker.on('stalled', (jobId: string) => {
      logger.warn(`[${queue}] Job ${jobId} stalled: its worker disappeared; it waits for another one`);
      void this.tolerate('write down a stalled job', () =>
        engine.queue(queue).note(jobId, { type: 'stalled', at: new Date() }),
      );
    });
    return worker;
  }

  private announce(): Promise<void> {
    this.announced = this.tolerate('announce itself', () =>
      this.options.engine.coordination.announce(this.heartbeat(), HEARTBEAT_TTL_MS),
    );
    return this.announced;
  }

  /** Tells running jobs that somebody, anywhere, asked to cancel them. */
  private async pollCancels(): Promise<void> {
    if (this.polling || this.active.size === 0) return;
    this.polling = true;
    await this.tolerate('ask for cancelled jobs', async () => {
      for (const queue of adsappQueues) {
        const jobs = [...this.active].filter((job) => job.queue === queue);
        if (jobs.length === 0) continue;
        const requests = await this.options.engine.coordination.cancelRequests(
          queue,
          jobs.map((job) => job.id),
        );
        for (const { jobId, by } of requests) jobs.find((job) => job.id === jobId)?.stop('cancelled', by);
      }
    });
    this.polling = false;
  }

  /** Brings finished jobs down to the guide's counts where BullMQ's own retention goes by age. */
  private sweep(): Promise<void> {
    const { engine } = this.options;
    return this.tolerate('clear away finished jobs', async () => {
      for (const queue of adsappQueues) {
        const { keepCompleted, keepFailed } = queueDefaults[queue];
        for (const [state, keep] of [
          ['completed', keepCompleted],
          ['failed', keepFailed],
        ] as const) {
          const oldest = await engine.finishedAtRank(queue, state, keep);
          if (oldest === null) continue;
          while ((await engine.removeFinished(queue, state, oldest)) === 1_000);
        }
      }
    });
  }

  private async idle(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (this.active.size > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private every(ms: number, work: () => Promise<void>): void {
    this.timers.push(setInterval(() => void work(), ms));
  }

  /** For what is tried again soon: a failure is logged and nothing else. */
  private async tolerate(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.complain(`The worker host could not ${what}: ${message}`);
    }
  }

  private complain(message: string): void {
    const now = Date.now();
    if (now - (this.lastLogged.get(message) ?? 0) < REPEAT_LOG_MS) return;
    if (this.lastLogged.size > 200) this.lastLogged.clear();
    this.lastLogged.set(message, now);
    this.options.logger.warn(message);
  }
}
