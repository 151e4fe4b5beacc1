import type { Processor as BullProcessor, QueueOptions, WorkerOptions } from 'bullmq';
import type { Health } from '@shared/contract/common';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { isAdsappQueue, type QueueName } from '@shared/domain/queues';
import { AppFailure, notFound } from '@shared/errors';
import type { BullFlowProducer, BullQueue, BullWorker } from './bull-types';
import type { ChangeFeed } from './change-feed';
import type { Coordination } from './coordination';
import type {
  AnyNewJob,
  Engine,
  FailedLately,
  FailedSince,
  FailurePage,
  JobTiming,
  QueueChange,
  QueueSnapshot,
  WorkerClient,
} from './engine';
import type { EngineLink } from './engine-link';
import { jobOptions, type EngineKind } from './job-options';
import type { JobReader } from './job-reader';
import type { JobActions } from './job-actions';
import { JobSelection } from './job-selection';
import { jobSummary } from './job-view';
import type { WorkerLogger } from './job-console';
import type { QueueCatalog } from './queue-catalog';
import { BullQueueEngine } from './queue-engine';
import type { Selection, SelectionReader } from './selection';
import type { EngineVitals, VitalsReader } from './vitals';
import {
  BullScheduler,
  CARRIER_QUEUE,
  CARRIER_SETTINGS,
  carrierProcessor,
  watchCarrier,
  type CarrierWork,
} from './scheduler';

/** What differs between Redis and PostgreSQL. */
export interface EngineParts {
  readonly kind: EngineKind;
  readonly label: string;
  readonly link: EngineLink;
  readonly reader: JobReader;
  readonly selection: SelectionReader;
  readonly actions: JobActions;
  readonly vitals: VitalsReader;
  readonly coordination: Coordination;
  readonly changes: ChangeFeed;
  readonly catalog: QueueCatalog;
  readonly events: { readonly following: Promise<void>; start(): void; close(): Promise<void> };
  queue(name: string, options?: Pick<QueueOptions, 'settings' | 'skipMetasUpdate'>): BullQueue;
  flow(): BullFlowProducer;
  worker(name: string, processor: BullProcessor, options: Omit<WorkerOptions, 'connection'>): BullWorker;
  workerClients(): Promise<readonly WorkerClient[] | null>;
  /** Ends what only the workers use. */
  closeWorkers(): Promise<void>;
}

/** Runs wait most of the time, and a worker that dies is no fault of theirs. */
const CARRIER_OPTIONS = {
  concurrency: 5,
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: 1_000,
  runRetryDelay: 1_000,
  settings: CARRIER_SETTINGS,
};

/** The engine over BullMQ. What is not in the Engine port is for the worker host alone. */
export class BullEngine implements Engine {
  readonly kind: EngineKind;
  readonly label: string;
  readonly coordination: Coordination;
  readonly scheduler: BullScheduler;
  readonly selection: Selection;
  readonly actions: JobActions;
  private readonly engines = new Map<QueueName, BullQueueEngine>();
  private readonly bullQueues = new Map<string, BullQueue>();
  private flow: BullFlowProducer | undefined;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: EngineParts) {
    this.kind = parts.kind;
    this.label = parts.label;
    this.coordination = guarded(parts.coordination, parts.link);
    const { link } = parts;
    this.scheduler = new BullScheduler(link, () => this.carrierQueue());
    this.actions = guardedActions(parts.actions, link);
    this.selection = new JobSelection(guardedReader(parts.selection, link), () => this.queues());
    parts.catalog.onChange((added) => {
      // Nobody heard its events so far: whoever listens reads it from the start.
      parts.changes.missed(added);
    });
    parts.catalog.start();
    parts.events.start();
  }

  queue(name: QueueName): BullQueueEngine {
    const known = this.engines.get(name);
    if (known !== undefined) return known;
    const { catalog, kind, link, reader } = this.parts;
    if (!catalog.mayHave(name)) throw new AppFailure(notFound('queue', name));
    const { selection, actions, coordination } = this;
    const queue = (): BullQueue => this.bullQueue(name, ownOptions(name));
    const shared = { kind, link, reader, coordination, selection, actions };
    const engine = new BullQueueEngine({ name, queue, ...shared });
    if (catalog.has(name)) this.engines.set(name, engine);
    return engine;
  }

  queues(): readonly QueueName[] {
    return this.parts.catalog.names();
  }

  findQueues(): Promise<void> {
    return this.parts.link.run(() => this.parts.catalog.refresh());
  }

  glanceAtQueues(): Promise<void> {
    return this.parts.catalog.glance();
  }

  snapshot(): Promise<readonly QueueSnapshot[]> {
    return this.parts.link.run(() => this.parts.reader.snapshot(this.queues()));
  }

  async failures(queues: readonly QueueName[], start: number, count: number): Promise<FailurePage> {
    const { totals, rows } = await this.parts.link.run(() =>
      this.parts.reader.failures(queues, start, count),
    );
    return {
      total: totals.reduce((sum, total) => sum + total, 0),
      byQueue: queues.map((queue, index) => ({ queue, failed: totals[index] ?? 0 })),
      jobs: rows.map(jobSummary),
    };
  }

  failedSince(asked: readonly FailedSince[]): Promise<FailedLately[]> {
    return asked.length === 0
      ? Promise.resolve([])
      : this.parts.link.run(() => this.parts.reader.failedSince(asked));
  }

  async failedJobs(queue: QueueName, ids: readonly string[]): Promise<JobSummary[]> {
    const rows = await this.parts.link.run(() => this.parts.reader.failed(queue, ids.slice(0, 200)));
    return rows.map(jobSummary);
  }

  async jobsNamed(queue: QueueName, ids: readonly string[]): Promise<JobSummary[]> {
    const rows = await this.parts.link.run(() => this.parts.reader.named(queue, ids.slice(0, 200)));
    return rows.map(jobSummary);
  }

  async findJob(id: JobId): Promise<JobSummary[]> {
    const rows = await this.parts.link.run(() => this.parts.reader.find(this.queues(), id));
    return rows.map(jobSummary);
  }

  timings(queue: QueueName, ids: readonly string[]): Promise<JobTiming[]> {
    return this.parts.link.run(() => this.parts.reader.timings(queue, ids.slice(0, 1_000)));
  }

  addFlow(parent: AnyNewJob, children: readonly AnyNewJob[]): Promise<JobId> {
    return this.parts.link.run(async () => {
      const node = await this.flowProducer().add({
        ...this.flowJob(parent),
        // A child that fails for good lets its parent go on: the parent counts what came of the others.
        children: children.map((child) => {
          const job = this.flowJob(child);
          return { ...job, opts: { ...job.opts, ignoreDependencyOnFailure: true } };
        }),
      });
      return JobId.parse(node.job.id);
    });
  }

  onChanges(listener: (changes: readonly QueueChange[]) => void): () => void {
    return this.parts.changes.subscribe(listener);
  }

  health(): Health {
    return this.parts.link.health.value;
  }

  onHealth(listener: (health: Health) => void): () => void {
    return this.parts.link.health.subscribe(listener);
  }

  ping(): Promise<number> {
    return this.parts.link.run(() => this.parts.link.ping());
  }

  workerClients(): Promise<readonly WorkerClient[] | null> {
    return this.parts.link.run(() => this.parts.workerClients());
  }

  vitals(): Promise<EngineVitals> {
    return this.parts.link.run(() => this.parts.vitals.read());
  }

  /** Resolves when the connection works and every later event will be heard. */
  async ready(): Promise<void> {
    if (!this.parts.link.health.isUp) await this.up();
    await this.parts.events.following;
  }

  private up(): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = this.onHealth(({ state }) => {
        if (state !== 'up') return;
        unsubscribe();
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.closed ??= this.closeAll();
    return this.closed;
  }

  /** A BullMQ worker on this engine; it has to be closed before the engine. */
  worker(name: QueueName, processor: BullProcessor, options: Omit<WorkerOptions, 'connection'>): BullWorker {
    return this.parts.worker(name, processor, options);
  }

  /** The worker that carries schedules; it has to be closed before the engine. */
  carrier(work: CarrierWork, logger: WorkerLogger): BullWorker {
    const processor = carrierProcessor(work, () => this.carrierQueue(), logger);
    return watchCarrier(this.parts.worker(CARRIER_QUEUE, processor, CARRIER_OPTIONS), logger);
  }

  /** When the `rank`th newest finished job ended, for retention by count. */
  finishedAtRank(queue: QueueName, state: 'completed' | 'failed', rank: number): Promise<number | null> {
    return this.parts.link.run(() => this.parts.reader.finishedAtRank(queue, state, rank));
  }

  /** Removes finished jobs that ended before `before`, at most 1,000. */
  removeFinished(queue: QueueName, state: 'completed' | 'failed', before: number): Promise<number> {
    return this.parts.link.run(async () => {
      const removed = await this.bullQueue(queue).clean(Date.now() - before, 1_000, state);
      return removed.length;
    });
  }

  private async closeAll(): Promise<void> {
    const { catalog, changes, events, link } = this.parts;
    changes.close();
    await catalog.close();
    await events.close();
    await Promise.all([...this.bullQueues.values()].map((queue) => queue.close()));
    await this.flow?.close();
    await this.parts.closeWorkers();
    await link.close();
  }

  private carrierQueue(): BullQueue {
    return this.bullQueue(CARRIER_QUEUE, { settings: CARRIER_SETTINGS });
  }

  private bullQueue(
    name: string,
    options: Pick<QueueOptions, 'settings' | 'skipMetasUpdate'> = {},
  ): BullQueue {
    const known = this.bullQueues.get(name);
    if (known !== undefined) return known;
    const queue = this.parts.queue(name, options);
    // The link watches the connection itself; an error here is one that a command reports as well.
    queue.on('error', (error) => {
      this.parts.link.noticed(error);
    });
    this.bullQueues.set(name, queue);
    return queue;
  }

  private flowProducer(): BullFlowProducer {
    if (this.flow === undefined) {
      this.flow = this.parts.flow();
      this.flow.on('error', (error) => {
        this.parts.link.noticed(error);
      });
    }
    return this.flow;
  }

  private flowJob(job: AnyNewJob) {
    const { queue: queueName, name, data } = job;
    return { name, queueName, data, opts: jobOptions(queueName, this.kind, job) };
  }
}

/** A queue that is only looked at is not made by that. */
const ownOptions = (name: QueueName): Pick<QueueOptions, 'skipMetasUpdate'> =>
  isAdsappQueue(name) ? {} : { skipMetasUpdate: true };

/** The same coordination, with every failure as an AppFailure. */
const guarded = (inner: Coordination, link: EngineLink): Coordination => ({
  announce: (heartbeat, ttlMs) => link.run(() => inner.announce(heartbeat, ttlMs)),
  withdraw: (hostId) => link.run(() => inner.withdraw(hostId)),
  hosts: () => link.run(() => inner.hosts()),
  requestCancel: (queue, jobId, by) => link.run(() => inner.requestCancel(queue, jobId, by)),
  cancelRequests: (queue, jobIds) => link.run(() => inner.cancelRequests(queue, jobIds)),
  clearCancel: (queue, jobId) => link.run(() => inner.clearCancel(queue, jobId)),
  reserve: (key, pace, count) => link.run(() => inner.reserve(key, pace, count)),
  slowDown: (key, factor, code) => link.run(() => inner.slowDown(key, factor, code)),
  hold: (key, ms) => link.run(() => inner.hold(key, ms)),
  lowered: (keys) => link.run(() => inner.lowered(keys)),
  admit: (scope, members, pace) => link.run(() => inner.admit(scope, members, pace)),
});

/** The same reader of a selection, with every failure as an AppFailure. */
const guardedReader = (inner: SelectionReader, link: EngineLink): SelectionReader => ({
  walk: async (queue, state, options) => {
    const walk = await link.run(() => inner.walk(queue, state, options));
    return { total: walk.total, next: (taken) => link.run(() => walk.next(taken)) };
  },
  lookUp: (queue, ids, fields) => link.run(() => inner.lookUp(queue, ids, fields)),
});

const guardedActions = (inner: JobActions, link: EngineLink): JobActions => {
  const retryOldest = inner.retryOldest?.bind(inner);
  return {
    act: (targets, action, tally) => link.run(() => inner.act(targets, action, tally)),
    ...(retryOldest && { retryOldest: (...given) => link.run(() => retryOldest(...given)) }),
    tally: (name) => link.run(() => inner.tally(name)),
    lastTaken: (name, queue) => link.run(() => inner.lastTaken(name, queue)),
    copy: (queue, ids) => link.run(() => inner.copy(queue, ids)),
    restore: (queue, copies, tally) => link.run(() => inner.restore(queue, copies, tally)),
  };
};
