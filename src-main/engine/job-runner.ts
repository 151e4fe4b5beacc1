import { DelayedError, UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { AppFailure, toAppError, type AppError } from '@shared/errors';
import { JobId } from '@shared/domain/ids';
import { queueDefaults, type QueueName } from '@shared/domain/queues';
import { formatLifeLine, type LifeLine } from './attempt-log';
import type { Coordination } from './coordination';
import { jobConsole, type WorkerLogger } from './job-console';
import { itemCount } from './job-subject';
import { CANCELLED_PREFIX } from './job-view';
import { journalEntry } from './journal-entry';
import { parsePayload } from './payload';
import type { JobJournal, JobRun, JournalJob, Processors, RunOutcome, StopReason } from './processor';
import { ProgressWriter } from './progress-writer';

/** A job this host runs now. */
export interface ActiveJob {
  readonly queue: QueueName;
  readonly id: string;
  readonly name: string;
  readonly startedAt: Date;
  progress: number;
  /** Tells the processor to end at the next safe point; the first reason stands. */
  stop(reason: StopReason, by?: string): void;
}

export interface RunnerParts {
  readonly processors: Processors;
  readonly journal: JobJournal;
  readonly logger: WorkerLogger;
  readonly coordination: Coordination;
  /** Longest run of one attempt in ms. */
  readonly timeoutMs: (queue: QueueName) => number;
  /** Whether this host takes jobs of the queue; one that slips through goes back unrun. */
  readonly accepts: (queue: QueueName) => boolean;
  readonly onStart: (job: ActiveJob) => void;
  readonly onEnd: (job: ActiveJob) => void;
}

interface Stop {
  readonly reason: StopReason;
  readonly by: string;
}

/** Runs one attempt of a job and tells BullMQ how it ended, by BullMQ's own errors. */
export class JobRunner {
  constructor(private readonly parts: RunnerParts) {}

  /** BullMQ's processor for one queue. */
  async run(queue: QueueName, job: Job, token: string | undefined): Promise<unknown> {
    if (!this.parts.accepts(queue)) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return new Attempt(this.parts, queue, job, token).run();
  }
}

class Attempt<Q extends QueueName> {
  private readonly id: string;
  private readonly number: number;
  private readonly attempts: number;
  private readonly startedAt = new Date();
  private readonly controller = new AbortController();
  private readonly entry: JournalJob;
  private readonly lines: ReturnType<typeof jobConsole>;
  private readonly progress: ProgressWriter;
  private readonly active: ActiveJob;
  private stopped: Stop | undefined;
  private logging: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: RunnerParts,
    private readonly queue: Q,
    private readonly job: Job,
    private readonly token: string | undefined,
  ) {
    this.id = job.id ?? '';
    this.number = job.attemptsMade + 1;
    this.attempts = Math.max(1, job.opts.attempts ?? queueDefaults[queue].attempts);
    this.entry = journalEntry(queue, this.id, job.name, job.data);
    this.lines = jobConsole(parts.logger, queue, this.id, itemCount(queue, job.data));
    this.progress = new ProgressWriter((percent) => job.updateProgress(percent), this.problem('progress'));
    this.active = {
      queue,
      id: this.id,
      name: job.name,
      startedAt: this.startedAt,
      progress: 0,
      stop: (reason, by = 'an operator') => {
        this.stop({ reason, by });
      },
    };
  }

  async run(): Promise<unknown> {
    this.parts.onStart(this.active);
    const timer = setTimeout(() => {
      this.stop({ reason: 'timeout', by: 'the time limit' });
    }, this.parts.timeoutMs(this.queue));
    try {
      const outcome = await this.attempt();
      clearTimeout(timer);
      await Promise.all([this.progress.flush(), this.logging]);
      return await this.settle(outcome);
    } finally {
      clearTimeout(timer);
      this.parts.onEnd(this.active);
    }
  }

  private stop(stop: Stop): void {
    if (this.stopped !== undefined) return;
    this.stopped = stop;
    this.controller.abort(stop.reason);
  }

  /** The outcome of the processor, whatever way it took; `thrown` keeps the stack of what it threw. */
  private async attempt(): Promise<{ outcome: RunOutcome; thrown?: unknown }> {
    const payload = parsePayload(this.queue, this.job.data);
    if (!payload.ok) return { outcome: { type: 'failed', error: payload.error, retry: false } };
    this.lines.started();
    await this.parts.journal.started(this.entry);
    const run: JobRun<Q> = {
      id: JobId.parse(this.id),
      queue: this.queue,
      name: this.job.name,
      data: payload.value,
      attempt: this.number,
      attempts: this.attempts,
      signal: this.controller.signal,
      progress: (percent) => {
        this.active.progress = percent;
        this.progress.set(percent);
        this.lines.progress(percent);
      },
      log: (line) => {
        this.write(line);
      },
    };
    try {
      return { outcome: this.respectStop(await this.parts.processors[this.queue](run)) };
    } catch (thrown) {
      const outcome: RunOutcome = { type: 'failed', error: errorOf(thrown), retry: true };
      return { outcome: this.respectStop(outcome, true), thrown };
    }
  }

  /** A processor that was told to stop and gave up is cancelled or goes on later; it did not fail. */
  private respectStop(outcome: RunOutcome, gaveUp = false): RunOutcome {
    if (this.stopped === undefined) return outcome;
    const ended =
      gaveUp ||
      outcome.type === 'cancelled' ||
      (outcome.type === 'failed' && ['cancelled', 'timeout'].includes(outcome.error.code));
    if (!ended) return outcome;
    switch (this.stopped.reason) {
      case 'cancelled':
        return outcome.type === 'cancelled' ? outcome : { type: 'cancelled' };
      case 'timeout':
        return { type: 'later', at: new Date(), why: 'The time limit of one run was reached.' };
      case 'shutdown':
        return { type: 'later', at: new Date(), why: 'The worker was shut down.' };
    }
  }

  /** Returns the job's result, or throws what makes BullMQ keep the outcome. */
  private async settle({ outcome, thrown }: { outcome: RunOutcome; thrown?: unknown }): Promise<unknown> {
    const runMs = Date.now() - this.startedAt.getTime();
    const willRetry = outcome.type === 'failed' && outcome.retry && this.number < this.attempts;
    await this.noteEnd(outcome, runMs);
    await this.parts.journal.finished(this.entry, outcome, willRetry);
    switch (outcome.type) {
      case 'done':
        this.lines.completed(outcome.result, runMs);
        return storedResult(outcome);
      case 'later':
        this.lines.later(outcome.why, outcome.at);
        await this.job.moveToDelayed(outcome.at.getTime(), this.token);
        throw new DelayedError();
      case 'cancelled': {
        const by = this.stopped?.by ?? 'its own worker';
        this.lines.cancelled(by);
        await this.forgetCancel();
        throw new UnrecoverableError(`${CANCELLED_PREFIX}${by}`);
      }
      case 'failed':
        this.lines.failed(outcome.error.message, willRetry);
        throw failure(outcome, thrown);
    }
  }

  private async noteEnd(outcome: RunOutcome, runMs: number): Promise<void> {
    const at = new Date();
    const attempt = this.number;
    if (outcome.type === 'failed') {
      this.life({ type: 'failed-attempt', at, attempt, runMs, error: outcome.error.message });
    }
    if (outcome.type === 'later') this.life({ type: 'interrupted', at, attempt, runMs, why: outcome.why });
    await this.logging;
  }

  private life(line: LifeLine): void {
    this.write(formatLifeLine(line));
  }

  private write(line: string): void {
    this.logging = this.logging
      .then(async () => {
        await this.job.log(line);
      })
      .catch(this.problem('log'));
  }

  private async forgetCancel(): Promise<void> {
    try {
      await this.parts.coordination.clearCancel(this.queue, this.id);
    } catch (error) {
      // It expires within the hour, and a retry clears it before.
      this.problem('cancel flag')(error);
    }
  }

  private problem(what: string): (error: unknown) => void {
    return (error) => {
      const message = error instanceof Error ? error.message : String(error);
      this.parts.logger.warn(`[${this.queue}] Job ${this.id}: its ${what} could not be written: ${message}`);
    };
  }
}

/** Kept as the job's result: the processor's own, with the guide's status. Details are in `job_logs`. */
const storedResult = (outcome: Extract<RunOutcome, { type: 'done' }>): unknown => {
  const { result, status } = outcome;
  const isRecord = typeof result === 'object' && result !== null && !Array.isArray(result);
  return isRecord ? { ...result, status } : { value: result ?? null, status };
};

/** What was thrown by code that should have returned an outcome. */
const errorOf = (thrown: unknown): AppError => {
  if (thrown instanceof AppFailure) return thrown.error;
  const message = thrown instanceof Error && thrown.message !== '' ? thrown.message : 'The job failed.';
  return toAppError(thrown, message);
};

const failure = (outcome: Extract<RunOutcome, { type: 'failed' }>, thrown: unknown): Error => {
  const { code, message, action } = outcome.error;
  const error = outcome.retry ? new Error(message) : new UnrecoverableError(message);
  // An outcome is a value and has no stack of its own; ours would only show this file.
  error.stack =
    thrown instanceof Error && thrown.stack !== undefined
      ? thrown.stack
      : `${code}: ${message}${action === undefined ? '' : `\n    ${action}`}`;
  return error;
};
