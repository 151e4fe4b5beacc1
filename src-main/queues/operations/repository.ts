import { sql } from 'kysely';
import { z } from 'zod';
import { AnyAction, OperationId, type OperationState } from '@shared/contract/operations';
import { JobFilter } from '@shared/domain/job-filter';
import { JobState } from '@shared/domain/queues';
import type { Actor } from '@shared/rpc/define';
import { copyRows } from '../../database/bulk';
import type { Executor } from '../../database/database';
import type { JobCopy } from '../../engine/job-actions';

/** The canary's jobs and what became of them when somebody last looked. */
export const CanaryRecord = z.object({
  jobs: z.array(z.object({ queue: z.string(), id: z.string() })),
  succeeded: z.int(),
  failed: z.int(),
  gone: z.int(),
});
export type CanaryRecord = z.infer<typeof CanaryRecord>;

export interface OperationRow {
  readonly id: OperationId;
  readonly organizationId: string;
  readonly action: AnyAction;
  readonly filter: JobFilter;
  readonly reason: string;
  readonly rate: number | null;
  readonly state: OperationState;
  readonly total: number;
  readonly done: number;
  readonly left: number;
  readonly canary: CanaryRecord | null;
  readonly proceed: boolean;
  readonly cancelRequested: boolean;
  readonly problem: string | null;
  readonly actor: Actor;
  readonly startedBy: string;
  readonly createdAt: Date;
  readonly holdUntil: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** Since when it has been at work without a break, and what was done by then. */
  readonly paceFrom: PaceFrom | null;
  /** Copies of removed jobs that can still be put back, and until when. */
  readonly kept: { readonly jobs: number; readonly until: Date } | null;
}

export interface PaceFrom {
  readonly at: Date;
  readonly done: number;
}

export interface NewOperation {
  readonly action: AnyAction;
  readonly filter: JobFilter;
  readonly reason: string;
  readonly rate: number | null;
  readonly total: number;
  readonly holdUntil: Date | null;
}

export interface OperationChange {
  readonly state?: OperationState;
  readonly done?: number;
  readonly canary?: CanaryRecord;
  readonly problem?: string | null;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
  readonly paceFrom?: PaceFrom;
}

export interface KeptJob extends JobCopy {
  readonly queue: string;
}

/** What an operation left. */
export interface LeftJob {
  readonly queue: string;
  readonly jobId: string;
  readonly why: string;
}

const Kept = z.object({ jobs: z.coerce.number(), until: z.coerce.date() });
const OPEN = ['held', 'running', 'watching'] as const;

/** SQL of operations, what they left, and the jobs they removed. */
export const createOperationRepository = (db: Executor, organizationId: string) => ({
  /** @throws SQLSTATE 23505 where the same jobs are being put back already */
  async insert(operation: NewOperation, actor: Actor): Promise<OperationRow> {
    const { id } = await db
      .insertInto('job_operations')
      .values({
        organization_id: organizationId,
        action: JSON.stringify(operation.action),
        filter: JSON.stringify(operation.filter),
        reason: operation.reason,
        rate: operation.rate,
        total: operation.total,
        state: operation.holdUntil === null ? 'running' : 'held',
        hold_until: operation.holdUntil,
        started_by: actor.userId,
        via: actor.via,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const row = await this.find(OperationId.parse(id));
    if (row === null) throw new Error('The operation was not written.');
    return row;
  },

  async find(id: OperationId): Promise<OperationRow | null> {
    const row = await select(db, organizationId).where('o.id', '=', id).executeTakeFirst();
    return row === undefined ? null : parse(row);
  },

  async list(limit: number): Promise<OperationRow[]> {
    const rows = await select(db, organizationId).orderBy('o.created_at', 'desc').limit(limit).execute();
    return rows.map(parse);
  },

  /** Open ones, and those that ended since. */
  async recent(since: Date): Promise<OperationRow[]> {
    const rows = await select(db, organizationId)
      .where((eb) => eb.or([eb('o.state', 'in', OPEN), eb('o.ended_at', '>=', since)]))
      .orderBy('o.created_at', 'desc')
      .limit(50)
      .execute();
    return rows.map(parse);
  },

  /** Takes the open operations that nobody is at; what another console just took is passed over. */
  async claim(by: string, forMs: number): Promise<OperationRow[]> {
    const { rows } = await sql<{ id: string }>`
      UPDATE job_operations SET claimed_by = ${by}, claimed_until = now() + ${forMs} * interval '1 ms'
       WHERE id IN (
         SELECT id FROM job_operations
          WHERE organization_id = ${organizationId} AND state IN ('held', 'running', 'watching')
            AND (claimed_until IS NULL OR claimed_until < now())
          FOR UPDATE SKIP LOCKED)
      RETURNING id`.execute(db);
    const found = await Promise.all(rows.map(({ id }) => this.find(OperationId.parse(id))));
    return found.filter((row) => row !== null);
  },

  /** Writes what came of it and keeps the word; null where another console has it, or it was removed. */
  async progress(
    id: OperationId,
    by: string,
    forMs: number,
    change: OperationChange,
  ): Promise<{ cancelRequested: boolean; proceed: boolean } | null> {
    const row = await db
      .updateTable('job_operations')
      .set({
        claimed_until: sql<Date>`now() + ${forMs} * interval '1 ms'`,
        ...(change.state !== undefined && { state: change.state }),
        ...(change.done !== undefined && { done: change.done }),
        ...(change.canary !== undefined && { canary: JSON.stringify(change.canary) }),
        ...(change.problem !== undefined && { problem: change.problem }),
        ...(change.startedAt !== undefined && { started_at: change.startedAt }),
        ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
        ...(change.paceFrom !== undefined && {
          pace_from: change.paceFrom.at,
          pace_done: change.paceFrom.done,
        }),
      })
      .where('id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('claimed_by', '=', by)
      .returning(['cancel_requested', 'proceed'])
      .executeTakeFirst();
    return row === undefined ? null : { cancelRequested: row.cancel_requested, proceed: row.proceed };
  },

  /** Gives the word back, so that the next console need not wait. */
  async release(by: string): Promise<void> {
    await db
      .updateTable('job_operations')
      .set({ claimed_until: null, claimed_by: null })
      .where('organization_id', '=', organizationId)
      .where('claimed_by', '=', by)
      .execute();
  },

  /** False where it had ended already. */
  async ask(id: OperationId, what: 'cancel_requested' | 'proceed'): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('job_operations')
      .set({ [what]: true })
      .where('id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('state', 'in', what === 'proceed' ? ['watching'] : [...OPEN])
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  async leave(id: OperationId, left: readonly LeftJob[]): Promise<void> {
    await copyRows(
      db,
      'job_operation_left',
      ['organization_id', 'operation_id', 'queue', 'job_id', 'why'],
      left.map(({ queue, jobId, why }) => ({
        organization_id: organizationId,
        operation_id: id,
        queue,
        job_id: jobId,
        why,
      })),
      { skipConflicts: true },
    );
  },

  async leftPage(id: OperationId, start: number, count: number): Promise<{ total: number; rows: LeftJob[] }> {
    const rows = await db
      .selectFrom('job_operation_left')
      .select(['queue', 'job_id', 'why', sql<number>`count(*) OVER ()`.as('total')])
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .orderBy('queue')
      .orderBy('job_id')
      .offset(start)
      .limit(count)
      .execute();
    return {
      total: rows[0]?.total ?? 0,
      rows: rows.map(({ queue, job_id: jobId, why }) => ({ queue, jobId, why })),
    };
  },

  /** Copies of jobs that are about to be removed; a newer copy takes an older one's place. */
  async keep(
    id: OperationId,
    engine: string,
    queue: string,
    copies: readonly JobCopy[],
    until: Date,
  ): Promise<void> {
    await this.dropCopies(
      id,
      queue,
      copies.map((copy) => copy.id),
    );
    await copyRows(
      db,
      'removed_jobs',
      ['organization_id', 'operation_id', 'queue', 'job_id', 'state', 'engine', 'content', 'kept_until'],
      copies.map((copy) => ({
        organization_id: organizationId,
        operation_id: id,
        queue,
        job_id: copy.id,
        state: copy.state,
        engine,
        content: copy.content,
        kept_until: until,
      })),
    );
  },

  /** The jobs of these copies are out of their queue; `final` says why some can never come back. */
  async markRemoved(
    id: OperationId,
    queue: string,
    ids: readonly string[],
    final: string | null,
  ): Promise<void> {
    if (ids.length === 0) return;
    await db
      .updateTable('removed_jobs')
      .set({ removed: true, final })
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('queue', '=', queue)
      .where('job_id', '=', sql<string>`ANY (${[...ids]}::text[])`)
      .execute();
  },

  async dropCopies(id: OperationId, queue: string, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await db
      .deleteFrom('removed_jobs')
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('queue', '=', queue)
      .where('job_id', '=', sql<string>`ANY (${[...ids]}::text[])`)
      .execute();
  },

  /** Copies of which nobody wrote down whether their jobs were removed. */
  async unsettled(id: OperationId, limit: number): Promise<{ queue: string; jobId: string }[]> {
    const rows = await db
      .selectFrom('removed_jobs')
      .select(['queue', 'job_id'])
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('removed', '=', false)
      .limit(limit)
      .execute();
    return rows.map(({ queue, job_id: jobId }) => ({ queue, jobId }));
  },

  /**
   * The next removed jobs of one queue that are to be put back, the last that was removed first: at most `limit`, and
   * no more than `bytes` of them beyond the first.
   */
  async restorable(
    id: OperationId,
    engine: string,
    { limit, bytes }: { readonly limit: number; readonly bytes: number },
  ): Promise<KeptJob[]> {
    const next = db
      .selectFrom('removed_jobs')
      .select(['place', 'queue', 'job_id', 'state', 'content'])
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('removed', '=', true)
      .where('final', 'is', null)
      .where('restored_at', 'is', null)
      .where('engine', '=', engine)
      .where('kept_until', '>', sql<Date>`now()`)
      .orderBy('place', 'desc')
      .limit(limit);
    const rows = await db
      .with('next', () => next)
      .with('sized', (cte) =>
        cte
          .selectFrom('next')
          .selectAll()
          .select(sql<number>`sum(octet_length(content)) OVER (ORDER BY place DESC)`.as('until_here'))
          .select(sql<number>`row_number() OVER (ORDER BY place DESC)`.as('turn')),
      )
      .selectFrom('sized')
      .select(['queue', 'job_id', 'state', 'content'])
      .where((eb) => eb.or([eb('turn', '=', 1), eb('until_here', '<=', bytes)]))
      .orderBy('place', 'desc')
      .execute();
    const [first] = rows;
    // A copy of another queue, with those behind it, has its turn after these.
    const other = rows.findIndex(({ queue }) => queue !== first?.queue);
    return rows.slice(0, other < 0 ? rows.length : other).map(({ queue, job_id: jobId, state, content }) => ({
      queue,
      id: jobId,
      state: JobState.parse(state),
      content,
    }));
  },

  async markRestored(id: OperationId, queue: string, ids: readonly string[]): Promise<void> {
    await db
      .updateTable('removed_jobs')
      .set({ restored_at: sql<Date>`now()` })
      .where('operation_id', '=', id)
      .where('organization_id', '=', organizationId)
      .where('queue', '=', queue)
      .where('job_id', '=', sql<string>`ANY (${[...ids]}::text[])`)
      .execute();
  },

  async forgetOld(): Promise<void> {
    await db
      .deleteFrom('removed_jobs')
      .where('organization_id', '=', organizationId)
      .where('kept_until', '<', sql<Date>`now()`)
      .execute();
  },
});
export type OperationRepository = ReturnType<typeof createOperationRepository>;

const select = (db: Executor, organizationId: string) =>
  db
    .selectFrom('job_operations as o')
    .leftJoin('profiles as p', 'p.id', 'o.started_by')
    .selectAll('o')
    .select('p.full_name as started_by_name')
    .select((eb) => [
      eb
        .selectFrom('job_operation_left as l')
        .whereRef('l.operation_id', '=', 'o.id')
        .select((counted) => counted.fn.countAll<number>().as('count'))
        .as('left_count'),
      sql`(SELECT jsonb_build_object('jobs', count(*), 'until', min(r.kept_until)) FROM removed_jobs AS r
        WHERE r.operation_id = o.id AND r.removed AND r.final IS NULL AND r.restored_at IS NULL
          AND r.kept_until > now() HAVING count(*) > 0)`.as('kept'),
    ])
    .where('o.organization_id', '=', organizationId);

const parse = (
  row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>,
): OperationRow => ({
  id: OperationId.parse(row.id),
  organizationId: row.organization_id,
  action: AnyAction.parse(row.action),
  filter: JobFilter.parse(row.filter),
  reason: row.reason,
  rate: row.rate,
  state: row.state,
  total: row.total,
  done: row.done,
  left: row.left_count ?? 0,
  canary: row.canary === null ? null : CanaryRecord.parse(row.canary),
  proceed: row.proceed,
  cancelRequested: row.cancel_requested,
  problem: row.problem,
  actor: { organizationId: row.organization_id, userId: row.started_by ?? '', via: row.via },
  startedBy: row.started_by_name ?? row.via,
  createdAt: row.created_at,
  holdUntil: row.hold_until,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  paceFrom: row.pace_from === null ? null : { at: row.pace_from, done: row.pace_done },
  kept: Kept.nullable().parse(row.kept),
});
