import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationState } from '@shared/contract/operations';
import type { QueueName } from '@shared/domain/queues';
import type { PayloadPatch } from '@shared/domain/payload-patch';
import { AppFailure, toAppError } from '@shared/errors';
import type { Audit } from '../../activity/audit';
import { isDatabaseOutage } from '../../database/outage';
import { actOnAll } from '../../engine/act-on-all';
import { isUnreachable } from '../../engine/engine-errors';
import type { JobAction, Refused, StepOutcome } from '../../engine/job-actions';
import type { JobField, SelectedJob } from '../../engine/selection';
import { planOf } from './meant';
import { accountForMoved, moveProblem } from './moving';
import { patchJob } from './patching';
import { Removal, type RemovalParts } from './removal';
import type { CanaryRecord, KeptJob, OperationChange, OperationRow } from './repository';

export interface RunParts extends RemovalParts {
  /** Who has the word on this operation. */
  readonly runner: string;
  readonly leaseMs: number;
  readonly audit: Audit;
  readonly logger: { warn(message: string, fields?: Readonly<Record<string, unknown>>): void };
  /** Told whenever there is something new to see. */
  readonly changed: () => void;
}

/** Ms between two looks at what others ask for, and at what became of a canary. */
const LOOK_MS = 400;
/** Ms until it is tried again where engine or database is away. */
const AWAY_MS = 2_000;
/** Passes that find more jobs than the one before left: others move jobs while we look. */
const MAX_PASSES = 10;
/** Copies of jobs that are in memory at once while they are put back; payloads may be large. */
const RESTORED_AT_ONCE = { limit: 200, bytes: 4_000_000 } as const;

/** What has to be read of each job before it is acted upon. */
const FIELDS: Partial<Record<JobAction['type'], readonly JobField[]>> = {
  remove: ['name', 'data'],
  patch: ['data'],
  move: ['name', 'data'],
};

/** What ends a run other than its work. */
class Ended extends Error {
  constructor(readonly how: 'cancelled' | 'lost') {
    super(how);
  }
}

/** One operation, from where it stands to its end. Everything it knows is in the row, the engine's count and the jobs themselves. */
export class OperationRun {
  private done = 0;
  private readonly begun = performance.now();
  private actedHere = 0;
  private lastLook = 0;
  private canary: CanaryRecord | null;
  private proceed: boolean;

  constructor(
    private readonly parts: RunParts,
    private readonly row: OperationRow,
    private readonly signal: AbortSignal,
  ) {
    this.canary = row.canary;
    this.proceed = row.proceed;
  }

  /** Never rejects: what it cannot get over is written down. */
  async run(): Promise<void> {
    for (;;) {
      try {
        await this.work();
        await this.end('completed', null);
        return;
      } catch (error) {
        if (error instanceof Ended && error.how === 'lost') return;
        if (error instanceof Ended) return this.endQuietly('cancelled', null);
        if (!isUnreachable(error) && !isDatabaseOutage(error)) {
          const problem = error instanceof AppFailure ? error.error.message : toAppError(error).message;
          this.parts.logger.warn('An operation on jobs stopped.', { error });
          return this.endQuietly('stopped', problem);
        }
        const ended = await this.lookWhileAway();
        if (ended === 'lost') return;
        // What became of copied jobs only the engine knows: until it is back, such a removal does not end.
        if (ended === 'cancelled' && !this.keeps) return this.endQuietly('cancelled', null);
        await sleep(AWAY_MS, undefined, { signal: this.signal }).catch(() => undefined);
        if (this.signal.aborted) return;
      }
    }
  }

  private get keeps(): boolean {
    const { action } = this.row;
    return action.type === 'remove' && action.keep;
  }

  /** Hears what others ask for also while the queues are away. Answers what ends the run. */
  private async lookWhileAway(): Promise<Ended['how'] | undefined> {
    try {
      await this.look({ problem: 'Waits until the queues and the database can be reached again.' });
      return undefined;
    } catch (error) {
      return error instanceof Ended ? error.how : undefined;
    }
  }

  private async work(): Promise<void> {
    const { row, parts } = this;
    this.done = await parts.engine.actions.tally(row.id);
    await this.hold();
    await this.look({
      state: this.canary !== null && !this.proceed ? 'watching' : 'running',
      problem: null,
      done: this.done,
      ...this.pacedFromHere(),
      ...(row.startedAt === null && { startedAt: new Date(parts.now()) }),
    });
    if (row.action.type === 'restore') return this.restore();
    const { filter, action } = planOf(row.action, row.filter, row.startedBy);
    const removal = new Removal(parts, row.id, this.keeps);
    await removal.settle();
    if (row.action.type === 'retry' && row.action.canary !== null && !this.proceed) {
      await this.canaryFirst(action, row.action.canary);
      await this.look({ state: 'running', ...this.pacedFromHere() });
    }
    for (let pass = 0; pass < MAX_PASSES; pass += 1) {
      const found = await this.pass(filter, action, removal);
      if (found === 0) return;
    }
  }

  private pacedFromHere(): Pick<OperationChange, 'paceFrom'> {
    return { paceFrom: { at: new Date(this.parts.now()), done: this.done } };
  }

  /** Waits until its time comes; it can be called off till then. */
  private async hold(): Promise<void> {
    const { holdUntil } = this.row;
    while (holdUntil !== null && holdUntil.getTime() > this.parts.now()) {
      await this.look({});
      await sleep(Math.min(LOOK_MS, Math.max(1, holdUntil.getTime() - this.parts.now())));
    }
  }

  private async pass(filter: OperationRow['filter'], action: JobAction, removal: Removal): Promise<number> {
    const { engine } = this.parts;
    const { rate } = this.row;
    const fields = FIELDS[action.type] ?? [];
    const isRemoval = action.type === 'remove';
    const { done } = await actOnAll(engine, filter, action, {
      tally: this.row.id,
      fields,
      ...(rate !== null && { atOnce: Math.max(1, Math.ceil(rate / 4)) }),
      before: async (jobs) => {
        await this.lookSometimes();
        if (isRemoval) await removal.before(jobs);
        const asked = this.row.action;
        if (asked.type === 'move') return this.movable(jobs, asked.to);
        return asked.type === 'patch' ? this.patched(jobs, asked.patch) : jobs;
      },
      after: async (outcome, jobs, queue) => {
        if (isRemoval) await removal.after(outcome, jobs);
        if (this.row.action.type === 'move') await this.account(outcome, jobs, this.row.action.to);
        await this.note(outcome, queue);
      },
    });
    await this.look({ done: this.done });
    return done;
  }

  /** With what each job's payload becomes; those that the change does not fit are left. */
  private async patched(jobs: readonly SelectedJob[], patch: PayloadPatch): Promise<SelectedJob[]> {
    const fit: SelectedJob[] = [];
    const refused: Refused[] = [];
    for (const job of jobs) {
      const outcome = patchJob(job, patch);
      if (outcome.ok) fit.push({ ...job, patched: outcome.patched });
      else refused.push({ id: job.id, why: outcome.why });
    }
    await this.leave(jobs[0]?.queue ?? '', refused);
    return fit;
  }

  /** Those that are not there already and that the other queue can take. */
  private async movable(jobs: readonly SelectedJob[], to: QueueName): Promise<SelectedJob[]> {
    const [first] = jobs;
    if (first === undefined || first.queue === to) return [];
    const fit = jobs.filter((job) => moveProblem(job, to) === null);
    const refused = jobs
      .filter((job) => !fit.includes(job))
      .map(({ id }) => ({ id, why: 'not-for-queue' }) as const);
    await this.leave(first.queue, refused);
    return fit;
  }

  private async account(
    { refused }: StepOutcome,
    jobs: readonly SelectedJob[],
    to: QueueName,
  ): Promise<void> {
    const left = new Set(refused.map(({ id }) => id));
    await accountForMoved(
      this.parts.journal,
      jobs.filter(({ id }) => !left.has(id)),
      to,
    );
  }

  private async note({ done, refused }: StepOutcome, queue: string): Promise<void> {
    this.done += done;
    this.actedHere += done;
    await this.leave(queue, refused);
    await this.lookSometimes();
    await this.keepToRate();
  }

  /** What was left because that was meant from the start is no news. */
  private async leave(queue: string, refused: readonly Refused[]): Promise<void> {
    const left = refused.filter(({ why }) => why !== 'unchanged' && why !== 'cancelled');
    if (left.length === 0) return;
    await this.parts.repository.leave(
      this.row.id,
      left.map(({ id, why }) => ({ queue, jobId: id, why })),
    );
  }

  private async keepToRate(): Promise<void> {
    const { rate } = this.row;
    if (rate === null) return;
    const due = this.begun + (this.actedHere / rate) * 1_000;
    while (performance.now() < due) {
      await sleep(Math.min(LOOK_MS, Math.max(1, due - performance.now())));
      await this.lookSometimes();
    }
  }

  /** Chosen and written down before anything happens to them; then watched until somebody says go on. */
  private async canaryFirst(
    action: JobAction,
    wish: { readonly jobs: number; readonly goOn: 'when-asked' | 'when-all-succeed' },
  ): Promise<void> {
    const { engine } = this.parts;
    this.canary ??= await this.choose(wish.jobs);
    await this.look({ canary: this.canary });
    const { jobs } = this.canary;
    const { done, refused } = await actOnAll(engine, { states: ['failed'], jobs }, action, {
      tally: this.row.id,
      after: (outcome, _jobs, queue) => this.note(outcome, queue),
    });
    if (done + refused.length > 0) await this.look({ done: this.done });
    await this.look({ state: 'watching' });
    while (!this.proceed) {
      const { succeeded, failed, gone } = await this.outcomes(jobs);
      this.canary = { jobs, succeeded, failed, gone };
      await this.look({ canary: this.canary });
      if (wish.goOn === 'when-all-succeed' && failed === 0 && succeeded + gone === jobs.length) return;
      await sleep(LOOK_MS);
    }
  }

  private async choose(count: number): Promise<CanaryRecord> {
    const jobs: CanaryRecord['jobs'] = [];
    await this.parts.engine.selection.scan(this.row.filter, {
      order: 'oldest',
      onBatch: (batch) => {
        jobs.push(...batch.jobs.slice(0, count - jobs.length).map(({ queue, id }) => ({ queue, id })));
        return { stop: jobs.length >= count };
      },
    });
    return { jobs, succeeded: 0, failed: 0, gone: 0 };
  }

  private async outcomes(
    jobs: CanaryRecord['jobs'],
  ): Promise<{ succeeded: number; failed: number; gone: number }> {
    if (jobs.length === 0) return { succeeded: 0, failed: 0, gone: 0 };
    let succeeded = 0;
    let failed = 0;
    let found = 0;
    await this.parts.engine.selection.scan(
      { jobs },
      {
        onBatch: (batch) => {
          found += batch.jobs.length;
          for (const { state } of batch.jobs) {
            if (state === 'completed') succeeded += 1;
            if (state === 'failed') failed += 1;
          }
          return undefined;
        },
      },
    );
    return { succeeded, failed, gone: jobs.length - found };
  }

  private async restore(): Promise<void> {
    if (this.row.action.type !== 'restore') return;
    const { engine, repository } = this.parts;
    const { of } = this.row.action;
    const next = (): Promise<KeptJob[]> => repository.restorable(of, engine.kind, RESTORED_AT_ONCE);
    // What a console put back before it died need not be there any more: a worker may have ended it.
    const [first] = await next();
    if (first !== undefined)
      await repository.markRestored(
        of,
        first.queue,
        await engine.actions.lastTaken(this.row.id, first.queue),
      );
    for (;;) {
      let copies = await next();
      const queue = copies[0]?.queue;
      if (queue === undefined) return;
      while (copies.length > 0) {
        const outcome = await engine.actions.restore(queue, copies, this.row.id);
        const ids = copies.slice(0, outcome.handled).map(({ id }) => id);
        await repository.markRestored(of, queue, ids);
        await this.note(outcome, queue);
        copies = copies.slice(outcome.handled);
      }
    }
  }

  private async lookSometimes(): Promise<void> {
    if (performance.now() - this.lastLook < LOOK_MS) return;
    await this.look({ done: this.done });
  }

  /** Writes how far it is, keeps the word, and hears what others ask for. @throws Ended */
  private async look(change: OperationChange): Promise<void> {
    if (this.signal.aborted) throw new Ended('lost');
    this.lastLook = performance.now();
    const { repository, runner, leaseMs, changed } = this.parts;
    const asked = await repository.progress(this.row.id, runner, leaseMs, change);
    if (asked === null) throw new Ended('lost');
    this.proceed = asked.proceed;
    changed();
    if (asked.cancelRequested) throw new Ended('cancelled');
  }

  private async endQuietly(state: OperationState, problem: string | null): Promise<void> {
    try {
      await this.end(state, problem);
    } catch (error) {
      this.parts.logger.warn(
        'The end of an operation on jobs could not be written down; it is taken up again.',
        {
          error,
        },
      );
    }
  }

  private async end(state: OperationState, problem: string | null): Promise<void> {
    const { repository, runner, leaseMs, audit, changed, engine, now } = this.parts;
    // Where the engine is away, what was known last is written down.
    const done = await engine.actions.tally(this.row.id).catch(() => this.done);
    const { action, actor, id, total } = this.row;
    if (this.keeps) {
      await new Removal(this.parts, id, true).settle().catch((error: unknown) => {
        this.parts.logger.warn('Jobs that an operation removed could not all be accounted for.', { error });
      });
    }
    const endedAt = new Date(now());
    await repository.progress(id, runner, leaseMs, { state, problem, done, endedAt });
    await audit({
      actor,
      action: 'operations.end',
      target: id,
      detail: { type: action.type, state, done, total },
    });
    changed();
  }
}
