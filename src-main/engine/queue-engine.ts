import { Job } from 'bullmq';
import { AppFailure, notFound, type AppError } from '@shared/errors';
import { QueueName, type JobState } from '@shared/domain/queues';
import type { JobFilter } from '@shared/domain/job-filter';
import { JobId } from '@shared/domain/ids';
import type { ChildrenPage, JobCounts, JobDetail, JobPart, JobSummary } from '@shared/contract/queues';
import { formatLifeLine } from './attempt-log';
import type { BullQueue } from './bull-types';
import type { Coordination } from './coordination';
import type { ChildrenRequest, JobPage, NewJob, OpenJob, QueueEngine, QueueLimits } from './engine';
import type { EngineLink } from './engine-link';
import { jobOptions, type EngineKind } from './job-options';
import { actOnAll } from './act-on-all';
import type { JobActions } from './job-actions';
import type { JobReader } from './job-reader';
import { BullJobSchedulers } from './job-schedulers';
import { ancestors, childrenPage } from './job-flow';
import { parseJson } from './job-row';
import { jobDetail, jobSummary } from './job-view';
import type { Selection } from './selection';

const MAX_PAGE = 200;
const MAX_LOG_LINES = 1_000;
/** Children of a parent that the job panel names. */
const MAX_CHILDREN = 100;
/** Jobs that are read at once, one by one. */
const READS = 50;

export interface QueueEngineParts {
  readonly name: QueueName;
  readonly kind: EngineKind;
  readonly link: EngineLink;
  readonly reader: JobReader;
  readonly coordination: Coordination;
  readonly selection: Selection;
  readonly actions: JobActions;
  /** BullMQ's queue, made when the connection first works. */
  readonly queue: () => BullQueue;
}

/** One queue, operated through BullMQ; what BullMQ does not offer is read through the JobReader. */
export class BullQueueEngine implements QueueEngine {
  readonly name: QueueName;
  readonly schedulers = new BullJobSchedulers((work) => this.run(work));

  constructor(private readonly parts: QueueEngineParts) {
    this.name = parts.name;
  }

  add(job: Omit<NewJob, 'queue' | 'data'> & { readonly data: unknown }): Promise<JobId> {
    return this.run(async (queue) => {
      const added = await queue.add(job.name, job.data, jobOptions(this.name, this.parts.kind, job));
      return JobId.parse(added.id);
    });
  }

  async counts(): Promise<JobCounts> {
    return (await this.snapshot()).counts;
  }

  async isPaused(): Promise<boolean> {
    return (await this.snapshot()).paused;
  }

  pause(): Promise<void> {
    return this.run((queue) => queue.pause());
  }

  resume(): Promise<void> {
    return this.run((queue) => queue.resume());
  }

  async jobs(state: JobState, page: JobPage): Promise<{ total: number; jobs: JobSummary[] }> {
    const count = Math.min(page.count, MAX_PAGE);
    const { total, rows } = await this.run(() =>
      this.parts.reader.page(this.name, state, { ...page, count }),
    );
    return { total, jobs: rows.map(jobSummary) };
  }

  job(id: JobId): Promise<JobDetail | undefined> {
    return this.run(async (queue) => {
      const row = await this.parts.reader.detail(this.name, id);
      if (row === undefined) return undefined;
      const [log, children, parents, cancels] = await Promise.all([
        queue.getJobLogs(id, -MAX_LOG_LINES, -1, true),
        this.someChildren(queue, id),
        ancestors({ queue, reader: this.parts.reader }, row.parentKey),
        this.parts.coordination.cancelRequests(this.name, [id]),
      ]);
      const cancelRequested = row.state === 'active' && cancels.length > 0;
      return jobDetail(row, { logLines: log.logs, children, ancestors: parents, cancelRequested });
    }, id);
  }

  logs(id: JobId, start: number, count: number): Promise<{ total: number; lines: string[] }> {
    return this.run(async (queue) => {
      const { logs, count: total } = await queue.getJobLogs(id, start, start + count - 1, true);
      return { total, lines: logs };
    });
  }

  text(id: JobId, part: JobPart): Promise<string | undefined> {
    return this.run(async () => {
      const row = await this.parts.reader.detail(this.name, id);
      if (row === undefined) throw new AppFailure(notFound('job', id));
      return row[part] ?? undefined;
    }, id);
  }

  children(id: JobId, page: ChildrenRequest): Promise<ChildrenPage> {
    const { reader } = this.parts;
    return this.run((queue) => childrenPage({ queue, reader, job: stub(queue, id) }, page), id);
  }

  limits(): Promise<QueueLimits> {
    return this.run(async (queue) => {
      const [concurrency, rate] = await Promise.all([
        queue.getGlobalConcurrency(),
        queue.getGlobalRateLimit(),
      ]);
      return { concurrency, rate: rate && { max: rate.max, durationMs: rate.duration } };
    });
  }

  setLimits({ concurrency, rate }: QueueLimits): Promise<void> {
    return this.run(async (queue) => {
      await (concurrency === null
        ? queue.removeGlobalConcurrency()
        : queue.setGlobalConcurrency(concurrency));
      await (rate === null
        ? queue.removeGlobalRateLimit()
        : queue.setGlobalRateLimit(rate.max, rate.durationMs));
    });
  }

  async oldestWaitingAt(): Promise<Date | null> {
    return (await this.snapshot()).oldestWaitingAt;
  }

  /** Back to waiting with a fresh budget of attempts. */
  retry(id: JobId, by = 'an operator'): Promise<void> {
    return this.run(async (queue) => {
      await this.parts.coordination.clearCancel(this.name, id);
      await retryFailed(queue, id);
      await Job.addJobLog(queue, id, formatLifeLine({ type: 'retried', at: new Date(), by }));
    }, id);
  }

  async editAndRetry(id: JobId, data: unknown, by: string): Promise<void> {
    await this.run(async (queue) => {
      const state = await queue.getJobState(id);
      if (state === 'unknown') throw new AppFailure(notFound('job', id));
      if (state !== 'failed') throw new AppFailure(notFailed(state));
      await stub(queue, id).updateData(data);
      await Job.addJobLog(queue, id, `Payload changed by ${by}.`);
    }, id);
    await this.retry(id, by);
  }

  remove(id: JobId): Promise<void> {
    return this.run(async (queue) => {
      if ((await queue.getJobState(id)) === 'unknown') throw new AppFailure(notFound('job', id));
      await stub(queue, id).remove();
    }, id);
  }

  openChildren(id: JobId): Promise<OpenJob[]> {
    return this.run(async (queue) => {
      const { processed: _ended, ...kinds } = await stub(queue, id).getDependencies();
      // One that failed and is retried may still be listed as failed: its own state says what is true.
      const keys = [
        ...(kinds.unprocessed ?? []),
        ...(kinds.failed ?? []),
        ...Object.keys(kinds.ignored ?? {}),
      ];
      const open: OpenJob[] = [];
      for (let start = 0; start < keys.length; start += READS) {
        const part = keys.slice(start, start + READS).map((key) => this.openJob(queue, key));
        open.push(...(await Promise.all(part)).filter((job) => job !== undefined));
      }
      return open;
    }, id);
  }

  promote(id: JobId): Promise<void> {
    return this.run((queue) => stub(queue, id).promote(), id);
  }

  /** What fails again meanwhile is not meant. */
  async cleanFailed(olderThanMs: number): Promise<number> {
    const filter: JobFilter = {
      queues: [this.name],
      states: ['failed'],
      finishedAt: { to: new Date(Date.now() - olderThanMs).toISOString() },
    };
    const { selection, actions } = this.parts;
    const { done } = await actOnAll({ selection, actions }, filter, { type: 'remove' });
    return done;
  }

  async requestCancel(id: JobId, by: string): Promise<void> {
    await this.run(() => this.parts.coordination.requestCancel(this.name, id, by), id);
    await this.note(id, { type: 'cancel-requested', at: new Date(), by });
  }

  /** A line of the job's life, see attempt-log.ts. */
  note(id: string, line: Parameters<typeof formatLifeLine>[0]): Promise<void> {
    return this.run(async (queue) => {
      await Job.addJobLog(queue, id, formatLifeLine(line));
    }, id);
  }

  private async snapshot(): ReturnType<JobReader['snapshot']> extends Promise<(infer S)[]>
    ? Promise<S>
    : never {
    const [snapshot] = await this.run(() => this.parts.reader.snapshot([this.name]));
    if (snapshot === undefined) throw new AppFailure(notFound('queue', this.name));
    return snapshot;
  }

  private async someChildren(queue: BullQueue, id: string): Promise<JobDetail['children']> {
    const page = { count: MAX_CHILDREN };
    const found = await stub(queue, id).getDependencies({
      processed: page,
      unprocessed: page,
      ignored: page,
      failed: page,
    });
    const ref = (key: string, state: JobState | null): JobDetail['children'][number] => {
      const node = queue.getBackend().parseNodeKey(key);
      return { queue: node.queueName, id: node.id, name: null, state };
    };
    return [
      ...Object.keys(found.processed ?? {}).map((key) => ref(key, 'completed')),
      ...Object.keys(found.ignored ?? {}).map((key) => ref(key, 'failed')),
      ...(found.failed ?? []).map((key) => ref(key, 'failed')),
      ...(found.unprocessed ?? []).map((key) => ref(key, null)),
    ];
  }

  private async openJob(queue: BullQueue, key: string): Promise<OpenJob | undefined> {
    const node = queue.getBackend().parseNodeKey(key);
    const known = QueueName.safeParse(node.queueName);
    const row = known.success ? await this.parts.reader.detail(known.data, node.id) : undefined;
    if (row === undefined || row.state === 'completed' || row.state === 'failed') return undefined;
    const { name, state } = row;
    return { queue: row.queue, id: JobId.parse(row.id), name, state, data: parseJson(row.data) };
  }

  private run<T>(work: (queue: BullQueue) => Promise<T>, jobId?: string): Promise<T> {
    return this.parts.link.run(() => work(this.parts.queue()), jobId);
  }
}

/** A job object that only carries its id: enough for commands, without reading the job. */
const stub = (queue: BullQueue, id: string): Job => new Job(queue, '', {}, {}, id);

const notFailed = (state: string): AppError => ({
  code: 'conflict',
  message: `The job is ${state} by now: only a failed job can be given another payload.`,
  action: 'Duplicate it with the payload that you want.',
});

const retryFailed = (queue: BullQueue, id: string): Promise<void> =>
  stub(queue, id).retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
