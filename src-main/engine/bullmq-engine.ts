import type { Processor as BullProcessor, WorkerOptions } from 'bullmq';
import type { Health } from '@shared/contract/common';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { queueNames, type QueueName } from '@shared/domain/queues';
import type { BullFlowProducer, BullQueue, BullWorker } from './bull-types';
import type { ChangeFeed } from './change-feed';
import type { Coordination } from './coordination';
import type { AnyNewJob, Engine, FailurePage, JobTiming, QueueChange, QueueSnapshot } from './engine';
import type { EngineLink } from './engine-link';
import { jobOptions, type EngineKind } from './job-options';
import type { JobReader } from './job-reader';
import { jobSummary } from './job-view';
import { BullQueueEngine } from './queue-engine';

/** What differs between Redis and PostgreSQL. */
export interface EngineParts {
  readonly kind: EngineKind;
  readonly label: string;
  readonly link: EngineLink;
  readonly reader: JobReader;
  readonly coordination: Coordination;
  readonly changes: ChangeFeed;
  readonly events: { readonly following: Promise<void>; start(): void; close(): Promise<void> };
  queue(name: QueueName): BullQueue;
  flow(): BullFlowProducer;
  worker(name: QueueName, processor: BullProcessor, options: Omit<WorkerOptions, 'connection'>): BullWorker;
  /** Ends what only the workers use. */
  closeWorkers(): Promise<void>;
}

/** The engine over BullMQ. What is not in the Engine port is for the worker host alone. */
export class BullEngine implements Engine {
  readonly kind: EngineKind;
  readonly label: string;
  readonly coordination: Coordination;
  private readonly engines: ReadonlyMap<QueueName, BullQueueEngine>;
  private readonly bullQueues = new Map<QueueName, BullQueue>();
  private flow: BullFlowProducer | undefined;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: EngineParts) {
    this.kind = parts.kind;
    this.label = parts.label;
    this.coordination = guarded(parts.coordination, parts.link);
    const { kind, link, reader, coordination } = parts;
    this.engines = new Map(
      queueNames.map((name) => {
        const queue = (): BullQueue => this.bullQueue(name);
        return [name, new BullQueueEngine({ name, kind, link, reader, coordination, queue })];
      }),
    );
    parts.events.start();
  }

  queue(name: QueueName): BullQueueEngine {
    const engine = this.engines.get(name);
    if (engine === undefined) throw new Error(`There is no queue ${name}.`);
    return engine;
  }

  snapshot(): Promise<readonly QueueSnapshot[]> {
    return this.parts.link.run(() => this.parts.reader.snapshot(queueNames));
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

  async findJob(id: JobId): Promise<JobSummary[]> {
    const rows = await this.parts.link.run(() => this.parts.reader.find(queueNames, id));
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
    const { changes, events, link } = this.parts;
    changes.close();
    await events.close();
    await Promise.all([...this.bullQueues.values()].map((queue) => queue.close()));
    await this.flow?.close();
    await this.parts.closeWorkers();
    await link.close();
  }

  private bullQueue(name: QueueName): BullQueue {
    const known = this.bullQueues.get(name);
    if (known !== undefined) return known;
    const queue = this.parts.queue(name);
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

/** The same coordination, with every failure as an AppFailure. */
const guarded = (inner: Coordination, link: EngineLink): Coordination => ({
  announce: (heartbeat, ttlMs) => link.run(() => inner.announce(heartbeat, ttlMs)),
  withdraw: (hostId) => link.run(() => inner.withdraw(hostId)),
  hosts: () => link.run(() => inner.hosts()),
  requestCancel: (queue, jobId, by) => link.run(() => inner.requestCancel(queue, jobId, by)),
  cancelRequests: (queue, jobIds) => link.run(() => inner.cancelRequests(queue, jobIds)),
  clearCancel: (queue, jobId) => link.run(() => inner.clearCancel(queue, jobId)),
  acquire: (key, pace) => link.run(() => inner.acquire(key, pace)),
});
