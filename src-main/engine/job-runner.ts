import { DelayedError, UnrecoverableError, WaitingError, type Job } from 'bullmq';
import { AppFailure, toAppError, type AppError } from '@shared/errors';
import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';
import { JobId } from '@shared/domain/ids';
import { queueDefaults, type AdsappQueue } from '@shared/domain/queues';
import { formatLifeLine, type LifeLine } from './attempt-log';
import type { Coordination } from './coordination';
import { jobConsole, type WorkerLogger } from './job-console';
import { itemCount } from './job-subject';
import { journalEntry } from './journal-entry';
import { parsePayload } from './payload';
import { stoppedRun } from './going-on';
import type { JobJournal, JobRun, JournalJob, Processors, RunOutcome, StopReason } from './processor';
import { ProgressWriter } from './progress-writer';
import { createWorkClock } from './work-clock';

/** A job this host runs now. */
export interface ActiveJob {
  readonly queue: AdsappQueue;
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
  /** Longest run of one attempt in ms; asked again while it runs, for it can be changed meanwhile. */
  readonly timeoutMs: (queue: AdsappQueue) => number;
  /** Whether this host takes jobs of the queue; one that slips through goes back unrun. */
  readonly accepts: (queue: AdsappQueue) => boolean;
  readonly onStart: (job: ActiveJob) => void;
  readonly onEnd: (job: ActiveJob) => void;
}

/** A limit that is changed is followed by running jobs within this time. */
const LOOK_AGAIN_MS = 1_000;

interface Stop {
  readonly reason: StopReason;
  readonly by: string;
}

/** Runs one attempt of a job and tells BullMQ how it ended, by BullMQ's own errors. */
export class JobRunner {
  constructor(private readonly parts: RunnerParts) {}

  /** BullMQ's processor for one queue. */
  async run(queue: AdsappQueue, job: Job, token: string | undefined): Promise<unknown> {
    if (!this.parts.accepts(queue)) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    return new Attempt(this.parts, queue, job, token).run();
  }
}

class Attempt<Q extends AdsappQueue> {
  private readonly id: string;
  private readonly number: number;
  private readonly attempts: number;
  private readonly startedAt = new Date();
  private readonly controller = new AbortController();
  /** Aborted when this host goes, whatever the run was told before. */
  private readonly leaving = new AbortController();
  private readonly entry: JournalJob;
  private readonly lines: ReturnType<typeof jobConsole>;
  private readonly progress: ProgressWriter;
  private readonly active: ActiveJob;
  private readonly work = createWorkClock((ms) => this.parts.journal.working(this.entry, ms));
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
        if (reason === 'shutdown') this.leaving.abort();
        this.stop({ reason, by });
      },
    };
  }

  async run(): Promise<unknown> {
    this.parts.onStart(this.active);
    const watch = this.watchTime();
    try {
      const outcome = await this.attempt();
      watch.end();
      this.work.end();
      await Promise.all([this.progress.flush(), this.logging]);
      return await this.settle(outcome);
    } finally {
      watch.end();
      this.work.end();
      this.parts.onEnd(this.active);
    }
  }

  /** Stops the run once its time is over. */
  private watchTime(): { end: () => void } {
    let timer: NodeJS.Timeout | undefined;
    const look = (): void => {
      const leftMs = this.startedAt.getTime() + this.parts.timeoutMs(this.queue) - Date.now();
      if (leftMs <= 0) this.stop({ reason: 'timeout', by: 'the time limit' });
      else timer = setTimeout(look, Math.min(leftMs, LOOK_AGAIN_MS));
    };
    look();
    return { end: () => clearTimeout(timer) };
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
    this.work.goOn(await this.parts.journal.started(this.entry));
    const run: JobRun<Q> = {
      id: JobId.parse(this.id),
      queue: this.queue,
      name: this.job.name,
      data: payload.value,
      attempt: this.number,
      attempts: this.attempts,
      signal: this.controller.signal,
      timeLimitMs: () => this.parts.timeoutMs(this.queue),
      workedMs: () => this.work.ms(),
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
    return outcome.type === 'cancelled' && this.stopped.reason === 'cancelled'
      ? outcome
      : stoppedRun(this.stopped.reason);
  }

  /** Returns the job's result, or throws what makes BullMQ keep the outcome. */
  private async settle({
    outcome: end,
    thrown,
  }: {
    outcome: RunOutcome;
    thrown?: unknown;
  }): Promise<unknown> {
    const runMs = Date.now() - this.startedAt.getTime();
    const willRetry = end.type === 'failed' && end.retry && this.number < this.attempts;
    const workedMs = this.work.ms();
    const outcome = await this.writtenDown(end, willRetry, workedMs);
    await this.noteEnd(outcome, runMs);
    switch (outcome.type) {
      case 'done':
        this.lines.completed(outcome.result, workedMs);
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

  /** The outcome once the journal has it; that the job goes on where the journal cannot have its end. */
  private async writtenDown(outcome: RunOutcome, willRetry: boolean, workedMs: number): Promise<RunOutcome> {
    const { journal } = this.parts;
    if (outcome.type === 'later' || willRetry) {
      await journal.finished(this.entry, outcome, willRetry, workedMs);
      return outcome;
    }
    const written = await journal.ended(this.entry, outcome, this.leaving.signal, workedMs);
    return written ? outcome : stoppedRun('shutdown');
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
