import type { Operation, OperationAction, OperationId } from '@shared/contract/operations';
import { isCancelled } from '@shared/domain/failure-cause';
import type { JobFilter } from '@shared/domain/job-filter';
import { AppFailure, fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { sqlState } from '../../database/database';
import type { Patched } from '../../engine/job-actions';
import type { SelectedJob } from '../../engine/selection';
import { jobsMeant } from './meant';
import { moveProblem } from './moving';
import { patchJob } from './patching';
import type { OperationRow } from './repository';
import { OperationRunner, type RunnerParts } from './runner';
import { leftBecause, viewOf } from './view';

const SAMPLE = 8;
const UNIQUE_VIOLATION = '23505';
/** Ended operations stay in the live view for so many ms. */
const STAYS_MS = 120_000;
/** While something is under way elsewhere, nobody tells us: look this often. */
const LOOK_MS = 1_000;

export type OperationsDependencies = Omit<RunnerParts, 'changed' | 'now'> & { readonly now?: () => number };

export interface OperationPreview {
  readonly count: number;
  readonly cancelled: number;
  readonly sample: {
    queue: string;
    id: string;
    name: string;
    reason: string | null;
    change: { before: string; after: string } | null;
  }[];
  readonly unfit: { count: number; example: string | null };
}

export interface OperationInput {
  readonly action: OperationAction;
  readonly filter: JobFilter;
  readonly reason: string;
  readonly rate: number | null;
  readonly holdSeconds: number;
}

const conflict = (message: string): AppError => ({
  code: 'conflict',
  message,
  action: 'Look at the operation: it has moved on.',
});

/** What is done to all jobs that match: seen before, followed while it runs, called off, taken back. */
export class OperationsService {
  private readonly runner: OperationRunner;
  private readonly listeners = new Set<() => void>();
  private readonly now: () => number;

  constructor(private readonly deps: OperationsDependencies) {
    this.now = deps.now ?? Date.now;
    this.runner = new OperationRunner({ ...deps, now: this.now, changed: () => this.changed() });
  }

  /** Goes on with what an earlier run left. */
  start(): void {
    this.runner.start();
  }

  stop(): Promise<void> {
    return this.runner.stop();
  }

  async preview(
    action: OperationAction,
    filter: JobFilter,
    signal?: AbortSignal,
  ): Promise<Result<OperationPreview>> {
    const meant = jobsMeant(action, filter, new Date(this.now()));
    if (!meant.ok) return meant;
    if (action.type === 'move' && !this.deps.engine.queues().includes(action.to))
      return fail(notFound('queue', action.to));
    const retries = action.type === 'retry' || action.type === 'patch';
    const leavesCancelled = retries && meant.value.cancelled === false;
    const { cancelled: _told, ...withCancelled } = meant.value;
    let count = 0;
    let cancelled = 0;
    const sample: SelectedJob[] = [];
    const unfit: { count: number; example: string | null } = { count: 0, example: null };
    await this.deps.engine.selection.scan(leavesCancelled ? withCancelled : meant.value, {
      fields: [
        ...(['reason', 'name', 'priority'] as const),
        ...(action.type === 'patch' || action.type === 'move' ? (['data'] as const) : []),
      ],
      ...(signal !== undefined && { signal }),
      onBatch: ({ jobs }) => {
        for (const job of jobs) {
          if (leavesCancelled && isCancelled(job.reason)) cancelled += 1;
          else if (!isSoAlready(action, job)) {
            const patched = action.type === 'patch' ? patchJob(job, action.patch) : null;
            const problem = patched?.ok === false ? patched.message : problemOf(action, job);
            if (problem !== null || patched?.ok === false) {
              unfit.count += 1;
              unfit.example ??= problem;
              continue;
            }
            count += 1;
            if (sample.length < SAMPLE)
              sample.push({ ...job, ...(patched !== null && { patched: patched.patched }) });
          }
        }
        return undefined;
      },
    });
    return ok({
      count,
      cancelled,
      sample: sample.map(({ queue, id, name, reason, patched }) => ({
        ...{ queue, id, name, reason },
        change: changeOf(patched),
      })),
      unfit,
    });
  }

  async begin(input: OperationInput, actor: Actor): Promise<Result<Operation>> {
    const at = new Date(this.now());
    const meant = jobsMeant(input.action, input.filter, at);
    if (!meant.ok) return meant;
    const seen = await this.preview(input.action, input.filter);
    if (!seen.ok) return seen;
    const preview = seen.value;
    if (preview.count === 0) {
      return fail({
        code: 'conflict',
        message:
          preview.unfit.count > 0
            ? 'This fits none of these jobs. Nothing was changed.'
            : 'No job matches any more. Nothing was changed.',
        action: 'Refresh, and look at what is there now.',
      });
    }
    const row = await this.deps.repository.insert(
      {
        action: input.action,
        filter: meant.value,
        reason: input.reason,
        rate: input.rate,
        total: preview.count,
        holdUntil: input.holdSeconds === 0 ? null : new Date(at.getTime() + input.holdSeconds * 1_000),
      },
      actor,
    );
    const { action, filter, reason } = input;
    await this.record(actor, 'operations.start', row.id, { action, filter, reason, jobs: preview.count });
    return ok(await this.begun(row));
  }

  /** Puts the jobs of a removal back. */
  async undo(id: OperationId, actor: Actor): Promise<Result<Operation>> {
    const of = await this.deps.repository.find(id);
    if (of === null) return fail(notFound('operation', id));
    if (of.kept === null || of.endedAt === null) {
      return fail(conflict('There is nothing to put back: the jobs are there already, or a day has passed.'));
    }
    const { jobs } = of.kept;
    const row = await this.deps.repository
      .insert(
        {
          action: { type: 'restore', of: id },
          filter: of.filter,
          reason: `Takes back: ${of.reason}`,
          rate: null,
          total: jobs,
          holdUntil: null,
        },
        actor,
      )
      .catch((error: unknown) => {
        if (sqlState(error) === UNIQUE_VIOLATION) return null;
        throw error;
      });
    if (row === null) return fail(conflict('The jobs are being put back already.'));
    await this.record(actor, 'operations.undo', id, { jobs });
    return ok(await this.begun(row));
  }

  async cancel(id: OperationId, actor: Actor): Promise<Result<Operation>> {
    return this.ask(id, 'cancel_requested', actor);
  }

  async proceed(id: OperationId, actor: Actor): Promise<Result<Operation>> {
    return this.ask(id, 'proceed', actor);
  }

  async list(limit: number): Promise<Operation[]> {
    return (await this.deps.repository.list(limit)).map((row) => viewOf(row, this.now()));
  }

  async get(id: OperationId): Promise<Result<Operation>> {
    const row = await this.deps.repository.find(id);
    return row === null ? fail(notFound('operation', id)) : ok(viewOf(row, this.now()));
  }

  async report(
    id: OperationId,
    start: number,
    count: number,
  ): Promise<{ total: number; rows: { queue: string; jobId: string; why: string; message: string }[] }> {
    const { total, rows } = await this.deps.repository.leftPage(id, start, count);
    return { total, rows: rows.map((row) => ({ ...row, message: leftBecause(row.why) })) };
  }

  /** Operations that are under way or ended a moment ago: at once and at every change, until the signal. */
  watch(listener: (operations: Operation[]) => void, signal: AbortSignal): void {
    let open = true;
    let reading = false;
    let again = false;
    const read = async (): Promise<void> => {
      if (reading) {
        again = true;
        return;
      }
      reading = true;
      try {
        const rows = await this.deps.repository.recent(new Date(this.now() - STAYS_MS));
        open = rows.some(({ endedAt }) => endedAt === null);
        if (!signal.aborted) listener(rows.map((row) => viewOf(row, this.now())));
      } catch {
        // The database is away: the last picture stands, and the next look finds it again.
      } finally {
        reading = false;
        if (again && !signal.aborted) {
          again = false;
          void read();
        }
      }
    };
    const changed = (): void => void read();
    const timer = setInterval(() => {
      if (open) void read();
    }, LOOK_MS);
    this.listeners.add(changed);
    signal.addEventListener('abort', () => {
      clearInterval(timer);
      this.listeners.delete(changed);
    });
    void read();
  }

  private async begun(row: OperationRow): Promise<Operation> {
    await this.runner.look();
    this.changed();
    const now = await this.deps.repository.find(row.id);
    return viewOf(now ?? row, this.now());
  }

  private async ask(
    id: OperationId,
    what: 'cancel_requested' | 'proceed',
    actor: Actor,
  ): Promise<Result<Operation>> {
    const row = await this.deps.repository.find(id);
    if (row === null) return fail(notFound('operation', id));
    if (!(await this.deps.repository.ask(id, what))) {
      return fail(
        conflict(
          what === 'proceed' ? 'It does not wait for an answer.' : `It has ended already: ${row.state}.`,
        ),
      );
    }
    await this.record(actor, what === 'proceed' ? 'operations.proceed' : 'operations.cancel', id, {
      done: row.done,
      total: row.total,
    });
    this.changed();
    const now = await this.deps.repository.find(id);
    if (now === null) throw new AppFailure(notFound('operation', id));
    return ok(viewOf(now, this.now()));
  }

  private record(
    actor: Actor,
    action: string,
    target: string,
    detail: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.deps.audit({ actor, action, target, detail });
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

/** Characters of a payload that are shown beside what it becomes. */
const MAX_SHOWN = 20_000;

const changeOf = (patched: Patched | undefined): { before: string; after: string } | null => {
  if (patched === undefined || patched.from.length + patched.to.length > MAX_SHOWN) return null;
  return { before: laidOut(patched.from), after: laidOut(patched.to) };
};

const laidOut = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);

const isSoAlready = (action: OperationAction, { priority, queue }: SelectedJob): boolean =>
  (action.type === 'priority' && priority === action.priority) ||
  (action.type === 'move' && queue === action.to);

const problemOf = (action: OperationAction, job: SelectedJob): string | null =>
  action.type === 'move' ? moveProblem(job, action.to) : null;
