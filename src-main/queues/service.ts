import type { BulkOutcome } from '@shared/contract/common';
import type {
  ChildrenPage,
  JobCounts,
  JobDetail,
  JobPart,
  JobSummary,
  Overview,
  QueueLimits,
} from '@shared/contract/queues';
import type { JobId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import { isAdsappQueue, type JobPriorityValue, type JobState, type QueueName } from '@shared/domain/queues';
import { AppFailure, toAppError, unwrap } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { AnyNewJob, ChildrenRequest, Engine, FailurePage, JobPage, JobParent } from '../engine/engine';
import { journalEntry } from '../engine/journal-entry';
import { parseAnyPayload, parsePayload } from '../engine/payload';
import { forEachOf } from './bulk';
import { createJobAdder } from './job-adder';
import { MetricsRecorder } from './metrics-recorder';
import type { Heard } from './metrics-heard';
import { OverviewFeed } from './overview-feed';
import type { QueueMetricsRepository } from './repository';
import { Withdrawal, type JobRefInput, type WithdrawalParts } from './withdrawal';

export interface QueuesDependencies extends WithdrawalParts {
  readonly engine: Engine;
  readonly repository: QueueMetricsRepository;
  readonly audit: Audit;
  readonly logger: { warn(message: string): void };
  /** The organization whose measurements these are. */
  readonly organizationId: string;
  /** Who an actor is in words, for "Cancelled by …". Default: the door they came through. */
  readonly actorName?: (actor: Actor) => string;
  readonly now?: () => number;
}

export interface AddJobOptions {
  readonly priority?: JobPriorityValue;
  readonly delayMs?: number;
  /** Makes the add safe to repeat. */
  readonly jobId?: string;
  /** The job that waits for it. */
  readonly parent?: JobParent;
}

/** The guide's `stats` of one queue. */
export type QueueStatistics = Pick<
  JobCounts,
  'waiting' | 'active' | 'completed' | 'failed' | 'delayed' | 'paused'
>;

export interface HealthReport {
  readonly healthy: boolean;
  readonly queues: {
    readonly queue: QueueName;
    readonly healthy: boolean;
    readonly counts: JobCounts | null;
    readonly problem: string | null;
  }[];
}

const DOORS: Readonly<Record<Actor['via'], string>> = {
  desktop: 'the console',
  browser: 'the console in a browser',
  rest: 'the REST API',
  system: 'the system',
};

/**
 * The guide's queue manager in full, and what the console shows besides. Expected failures are thrown as
 * AppFailure: `engine_unavailable`, `not_found`, `conflict`, `invalid_input`.
 */
export class QueuesService {
  /** What the queues did lately, for charts. */
  readonly recorder: MetricsRecorder;
  private readonly feed: OverviewFeed;
  private readonly withdrawal: Withdrawal;
  private readonly now: () => number;
  private readonly complaints = new Map<string, number>();

  constructor(private readonly deps: QueuesDependencies) {
    const { engine, repository, organizationId } = deps;
    this.now = deps.now ?? Date.now;
    const shared = { engine, now: this.now, onProblem: this.complain };
    this.recorder = new MetricsRecorder({ ...shared, repository, organizationId });
    this.withdrawal = new Withdrawal(deps);
    this.feed = new OverviewFeed({ ...shared, recorder: this.recorder });
  }

  /** Begins to measure. */
  start(): void {
    this.recorder.start();
  }

  /** Ends measuring and watching; the engine stays its owner's. */
  async shutdown(): Promise<void> {
    this.feed.close();
    await this.recorder.stop();
  }

  /** Adds a job of the platform's own kind and writes it down. The payload is checked. */
  async addJob(queue: QueueName, name: string, data: unknown, options: AddJobOptions = {}): Promise<JobId> {
    const payload = unwrap(parseAnyPayload(queue, data));
    const id = await this.deps.engine.queue(queue).add({ name, data: payload, ...options });
    if (isAdsappQueue(queue)) await this.deps.journal.queued(journalEntry(queue, id, name, payload));
    return id;
  }

  /** A parent that runs after its children; jobs with an id of our own are written down. */
  addFlow(parent: AnyNewJob, children: readonly AnyNewJob[]): Promise<JobId> {
    return createJobAdder(this.deps.engine, this.deps.journal).addFlow(parent, children);
  }

  /** As `addJob`, for somebody: what belongs to another organization is refused. */
  async addFor(
    actor: Actor,
    queue: QueueName,
    name: string,
    data: unknown,
    options: AddJobOptions,
  ): Promise<JobId> {
    const payload = this.payloadOf(queue, data, actor);
    const id = await this.addJob(queue, nameOr(queue, name), payload, options);
    await this.record(actor, 'queues.add', `${queue}/${id}`, { name });
    return id;
  }

  getJob(queue: QueueName, id: JobId): Promise<JobDetail | undefined> {
    return this.deps.engine.queue(queue).job(id);
  }

  findJob(id: JobId): Promise<JobSummary[]> {
    return this.deps.engine.findJob(id);
  }

  jobs(queue: QueueName, state: JobState, page: JobPage): Promise<{ total: number; jobs: JobSummary[] }> {
    return this.deps.engine.queue(queue).jobs(state, page);
  }

  logs(
    queue: QueueName,
    id: JobId,
    start: number,
    count: number,
  ): Promise<{ total: number; lines: string[] }> {
    return this.deps.engine.queue(queue).logs(id, start, count);
  }

  text(queue: QueueName, id: JobId, part: JobPart): Promise<string | undefined> {
    return this.deps.engine.queue(queue).text(id, part);
  }

  children(queue: QueueName, id: JobId, page: ChildrenRequest): Promise<ChildrenPage> {
    return this.deps.engine.queue(queue).children(id, page);
  }

  /** Calls back whenever something about the job changed, until the answer is called. */
  watchJob({ queue, jobId }: JobRefInput, listener: () => void): () => void {
    return this.deps.engine.onChanges((changes) => {
      const touched = changes.some(
        (change) => change.queue === queue && (change.jobIds === null || change.jobIds.has(jobId)),
      );
      if (touched) listener();
    });
  }

  /** A waiting job goes at once; an active one is told to its worker, wherever that runs. */
  async cancelJob(queue: QueueName, jobId: JobId, actor: Actor): Promise<'removed' | 'requested'> {
    const how = await this.withdrawal.cancel({ queue, jobId }, this.nameOf(actor));
    await this.record(actor, 'queues.cancel', `${queue}/${jobId}`, { how });
    return how;
  }

  /** Back to waiting with a fresh budget of attempts. */
  async retryJob(queue: QueueName, jobId: JobId, actor: Actor): Promise<void> {
    await this.deps.engine.queue(queue).retry(jobId, this.nameOf(actor));
    await this.record(actor, 'queues.retry', `${queue}/${jobId}`);
  }

  /** The payload is checked as for a new job; what belongs to another organization is refused. */
  async editAndRetry({ queue, jobId }: JobRefInput, data: unknown, actor: Actor): Promise<void> {
    const payload = this.payloadOf(queue, data, actor);
    await this.deps.engine.queue(queue).editAndRetry(jobId, payload, this.nameOf(actor));
    await this.record(actor, 'queues.editAndRetry', `${queue}/${jobId}`);
  }

  retryMany(jobs: readonly JobRefInput[], actor: Actor): Promise<BulkOutcome> {
    return this.many('queues.retry', jobs, actor, ({ queue, jobId }) =>
      this.deps.engine.queue(queue).retry(jobId, this.nameOf(actor)),
    );
  }

  removeMany(jobs: readonly JobRefInput[], actor: Actor): Promise<BulkOutcome> {
    return this.many('queues.remove', jobs, actor, (job) => this.withdrawal.remove(job));
  }

  promoteMany(jobs: readonly JobRefInput[], actor: Actor): Promise<BulkOutcome> {
    return this.many('queues.promote', jobs, actor, ({ queue, jobId }) =>
      this.deps.engine.queue(queue).promote(jobId),
    );
  }

  cancelMany(jobs: readonly JobRefInput[], actor: Actor): Promise<BulkOutcome> {
    return this.many('queues.cancel', jobs, actor, (job) => this.withdrawal.cancel(job, this.nameOf(actor)));
  }

  async getQueueStatistics(queue: QueueName): Promise<QueueStatistics> {
    const { waiting, active, completed, failed, delayed, paused } = await this.deps.engine
      .queue(queue)
      .counts();
    return { waiting, active, completed, failed, delayed, paused };
  }

  async pauseQueue(queue: QueueName, actor: Actor): Promise<void> {
    await this.deps.engine.queue(queue).pause();
    await this.record(actor, 'queues.pause', queue);
  }

  async resumeQueue(queue: QueueName, actor: Actor): Promise<void> {
    await this.deps.engine.queue(queue).resume();
    await this.record(actor, 'queues.resume', queue);
  }

  /** What holds each queue back on all machines. */
  limits(): Promise<(QueueLimits & { queue: QueueName })[]> {
    return Promise.all(
      this.deps.engine
        .queues()
        .map(async (queue) => ({ queue, ...(await this.deps.engine.queue(queue).limits()) })),
    );
  }

  async setLimits(queue: QueueName, limits: QueueLimits, actor: Actor): Promise<void> {
    await this.deps.engine.queue(queue).setLimits(limits);
    await this.record(actor, 'queues.set-limits', queue, { ...limits });
  }

  /** The latest failures of one queue; `start` and `end` are the guide's, both included. */
  async getFailedJobs(queue: QueueName, start: number, end: number): Promise<JobSummary[]> {
    const page = await this.deps.engine.failures([queue], start, Math.max(0, end - start + 1));
    return page.jobs;
  }

  failures(queue: QueueName | undefined, start: number, count: number): Promise<FailurePage> {
    return this.deps.engine.failures(this.meant(queue), start, count);
  }

  /** Removes failed jobs older than `olderThanMs`, in steps of at most 1,000; answers how many. */
  async cleanFailedJobs(queue: QueueName, olderThanMs: number, actor: Actor): Promise<number> {
    const removed = await this.deps.engine.queue(queue).cleanFailed(olderThanMs);
    await this.record(actor, 'queues.cleanFailed', queue, { olderThanMs, removed });
    return removed;
  }

  /** Never rejects: an engine that is away is what it reports. */
  async healthCheck(): Promise<HealthReport> {
    try {
      const snapshots = await this.deps.engine.snapshot();
      const queues = snapshots.map(({ queue, counts }) => ({ queue, healthy: true, counts, problem: null }));
      return { healthy: true, queues };
    } catch (error) {
      const problem = this.deps.engine.health().problem ?? toAppError(error).message;
      const queues = this.meant(undefined).map((queue) => ({ queue, healthy: false, counts: null, problem }));
      return { healthy: false, queues };
    }
  }

  overview(): Promise<Overview> {
    return this.feed.current();
  }

  /** As read at most `maxAgeMs` ago, whoever asked for it; null where the engine does not answer. */
  recentOverview(maxAgeMs: number): Promise<Overview | null> {
    return this.feed.recent(maxAgeMs);
  }

  /** What ended on a queue since a moment within the last hour, in ms since 1970, as far as it was heard. Asks nobody. */
  heardSince(queue: QueueName, from: number): Heard {
    return this.recorder.heardSince(queue, from);
  }

  /** The overview at once and at every change, at most 10 a second, until the answer is called. */
  watchOverview(listener: (overview: Overview) => void): () => void {
    return this.feed.watch(listener);
  }

  /** Looks for queues of other programs; answers all names. */
  async findQueues(): Promise<readonly QueueName[]> {
    await this.deps.engine.findQueues();
    return this.deps.engine.queues();
  }

  /** Looks for queues of other programs where that is cheap; what is new comes with the overview. */
  glance(): void {
    void this.deps.engine.glanceAtQueues();
  }

  private meant(queue: QueueName | undefined): readonly QueueName[] {
    return queue === undefined ? this.deps.engine.queues() : [queue];
  }

  /** A payload as somebody may put it into a queue. */
  private payloadOf(queue: QueueName, data: unknown, actor: Actor): unknown {
    if (!isAdsappQueue(queue)) return data;
    const payload = unwrap(parsePayload(queue, owned(data, actor)));
    this.refuseForeign(payload, actor);
    return payload;
  }

  private refuseForeign(payload: { readonly organizationId: string }, actor: Actor): void {
    if (payload.organizationId === actor.organizationId) return;
    throw new AppFailure({ code: 'forbidden', message: 'The job belongs to another organization.' });
  }

  private async many(
    action: string,
    jobs: readonly JobRefInput[],
    actor: Actor,
    act: (job: JobRefInput) => Promise<unknown>,
  ): Promise<BulkOutcome> {
    const outcome = await forEachOf(jobs, act);
    const target = jobs.length === 1 ? jobs.map(({ queue, jobId }) => `${queue}/${jobId}`).join('') : null;
    await this.record(actor, action, target, { jobs: jobs.length, done: outcome.done });
    return outcome;
  }

  private record(
    actor: Actor,
    action: string,
    target: string | null,
    detail: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    return this.deps.audit({ actor, action, target, detail });
  }

  private nameOf(actor: Actor): string {
    return this.deps.actorName?.(actor) ?? DOORS[actor.via];
  }

  /** What went wrong beside the way, once a minute: it is tried again soon. */
  private readonly complain = (what: string, error: unknown): void => {
    if (this.now() - (this.complaints.get(what) ?? 0) < 60_000) return;
    this.complaints.set(what, this.now());
    const message = error instanceof Error ? error.message : String(error);
    this.deps.logger.warn(`The console could not ${what}: ${message}`);
  };
}

/** Workers of a queue that is not ADSapp's may tell jobs apart by their names, so none is made up. */
const nameOr = (queue: QueueName, name: string): string => {
  if (name !== '') return name;
  if (isAdsappQueue(queue)) return jobNames[queue];
  throw new AppFailure({
    code: 'invalid_input',
    message: 'The job has no name.',
    action: 'Give it the name that the workers of this queue know.',
    issues: [{ path: 'name', message: 'is missing' }],
  });
};

/** Where a payload does not say whom it belongs to, it belongs to whoever adds it. */
const owned = (data: unknown, { organizationId, userId }: Actor): unknown => {
  const isRecord = typeof data === 'object' && data !== null && !Array.isArray(data);
  return isRecord ? { organizationId, userId, ...data } : data;
};

/** Measuring begins with `start()`. */
export const createQueuesService = (deps: QueuesDependencies): QueuesService => new QueuesService(deps);
