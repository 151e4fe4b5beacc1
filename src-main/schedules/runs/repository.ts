import { sql } from 'kysely';
import { StepRun, type RunState } from '@shared/contract/schedules';
import type { Executor } from '../../database/database';
import { whyUnreadable } from '../unreadable';

export interface RunRow {
  readonly id: string;
  readonly organizationId: string;
  readonly scheduleId: string;
  readonly scheduleName: string;
  readonly timeZone: string;
  /** Who it acts for. */
  readonly userId: string | null;
  readonly dueAt: Date;
  readonly cause: 'schedule' | 'operator';
  readonly state: RunState;
  readonly missed: number;
  /** None where they cannot be read. */
  readonly steps: StepRun[];
  /** Why `steps` cannot be read: another version or another program has written them; null where they can. */
  readonly unreadable: string | null;
  readonly problem: string | null;
  readonly begunAt: Date | null;
  readonly endedAt: Date | null;
}

export interface NewRun {
  readonly organizationId: string;
  readonly scheduleId: string;
  readonly dueAt: Date;
  readonly cause: 'schedule' | 'operator';
  readonly state: 'due' | 'overdue' | 'skipped';
  /** Why it is skipped. */
  readonly problem?: string;
  readonly missed: number;
  readonly steps: readonly StepRun[];
}

/** Runs that have ended and stay in the history of one schedule. */
const KEPT_RUNS = 500;

/** The history of schedules, and their runs under way. */
export const createRunRepository = (db: Executor) => ({
  /** The run of a due time, or the line that says why there was none; null where there is one already. */
  async insert(run: NewRun): Promise<string | null> {
    const row = await db
      .insertInto('schedule_runs')
      .values({
        organization_id: run.organizationId,
        schedule_id: run.scheduleId,
        due_at: run.dueAt,
        cause: run.cause,
        state: run.state,
        missed: run.missed,
        steps: JSON.stringify(run.steps),
        problem: run.problem ?? null,
        ended_at: run.state === 'skipped' ? run.dueAt : null,
      })
      .onConflict((conflict) => conflict.columns(['schedule_id', 'due_at']).doNothing())
      .returning('id')
      .executeTakeFirst();
    return row?.id ?? null;
  },

  async find(runId: string, organizationId?: string): Promise<RunRow | null> {
    const row = await runs(db)
      .where('run.id', '=', runId)
      .$if(organizationId !== undefined, (query) =>
        query.where('run.organization_id', '=', organizationId ?? ''),
      )
      .executeTakeFirst();
    return row === undefined ? null : parse(row);
  },

  /** The latest first. */
  async ofSchedule(scheduleId: string, limit: number): Promise<RunRow[]> {
    const rows = await runs(db)
      .where('run.schedule_id', '=', scheduleId)
      .orderBy('run.due_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(parse);
  },

  /** The latest run of each schedule of an organization, by the schedule's id. */
  async lastRuns(organizationId: string): Promise<Map<string, RunRow>> {
    const rows = await runs(db)
      .distinctOn('run.schedule_id')
      .where('run.organization_id', '=', organizationId)
      .orderBy('run.schedule_id')
      .orderBy('run.due_at', 'desc')
      .execute();
    return new Map(rows.map((row) => [row.schedule_id, parse(row)]));
  },

  /** Those that ask, the longest overdue first. */
  async overdue(organizationId: string): Promise<RunRow[]> {
    const rows = await runs(db)
      .where('run.organization_id', '=', organizationId)
      .where('run.state', '=', 'overdue')
      .where('schedule.removed_at', 'is', null)
      .orderBy('run.due_at')
      .execute();
    return rows.map(parse);
  },

  /** Ids of the runs that a worker should be at, of all organizations. */
  async open(): Promise<string[]> {
    const rows = await db
      .selectFrom('schedule_runs')
      .select('id')
      .where('state', 'in', ['due', 'running'])
      .orderBy('due_at')
      .execute();
    return rows.map(({ id }) => id);
  },

  /** Whether a run of the schedule goes on, and whether another one waits for its turn. */
  async underWay(scheduleId: string): Promise<{ running: boolean; waiting: boolean }> {
    const rows = await db
      .selectFrom('schedule_runs')
      .select('state')
      .distinct()
      .where('schedule_id', '=', scheduleId)
      .where('state', 'in', ['due', 'running'])
      .execute();
    const has = (state: RunState): boolean => rows.some((row) => row.state === state);
    return { running: has('running'), waiting: has('due') };
  },

  /** What may begin now that a run of the schedule has ended. */
  async waiting(scheduleId: string): Promise<string[]> {
    const rows = await db
      .selectFrom('schedule_runs')
      .select('id')
      .where('schedule_id', '=', scheduleId)
      .where('state', '=', 'due')
      .orderBy('due_at')
      .execute();
    return rows.map(({ id }) => id);
  },

  /** Whatever has not begun in its time asks instead, unless it waits for the run before it: all, or the one named. */
  async holdLate(now: Date, runId?: string): Promise<void> {
    await sql`UPDATE schedule_runs AS run SET state = 'overdue'
                FROM job_schedules AS schedule
               WHERE schedule.id = run.schedule_id AND run.state = 'due'
                 AND (${runId ?? null}::uuid IS NULL OR run.id = ${runId ?? null}::uuid)
                 AND NOT EXISTS (SELECT 1 FROM schedule_runs AS before
                                  WHERE before.schedule_id = run.schedule_id AND before.state = 'running')
                 AND greatest(run.due_at, run.decided_at, run.released_at)
                   < ${now}::timestamptz - schedule.grace_minutes * interval '1 minute'`.execute(db);
  },

  /**
   * True for the one caller that it begins with; false too while another run of its schedule goes on. Call it in a
   * transaction: two that would begin at once have to see one another.
   */
  async begin(runId: string, at: Date): Promise<boolean> {
    await sql`SELECT 1 FROM job_schedules
               WHERE id = (SELECT schedule_id FROM schedule_runs WHERE id = ${runId}::uuid) FOR UPDATE`.execute(
      db,
    );
    const { numAffectedRows } = await sql`
      UPDATE schedule_runs AS run SET state = 'running', begun_at = ${at}::timestamptz
       WHERE run.id = ${runId}::uuid AND run.state = 'due'
         AND NOT EXISTS (SELECT 1 FROM schedule_runs AS before
                          WHERE before.schedule_id = run.schedule_id AND before.state = 'running')`.execute(
      db,
    );
    return (numAffectedRows ?? 0n) > 0n;
  },

  async saveSteps(runId: string, steps: readonly StepRun[]): Promise<void> {
    await db
      .updateTable('schedule_runs')
      .set({ steps: JSON.stringify(steps) })
      .where('id', '=', runId)
      .execute();
  },

  async end(
    runId: string,
    as: {
      readonly state: 'succeeded' | 'failed';
      /** Null: what is stored stays, because it cannot be read. */
      readonly steps: readonly StepRun[] | null;
      readonly problem: string | null;
      readonly at: Date;
    },
  ): Promise<void> {
    const steps = as.steps === null ? null : JSON.stringify(as.steps);
    await sql`
      WITH ended AS (
        UPDATE schedule_runs
           SET state = ${as.state}, steps = coalesce(${steps}::jsonb, steps), problem = ${as.problem},
               ended_at = ${as.at}::timestamptz
         WHERE id = ${runId}::uuid RETURNING schedule_id
      )
      UPDATE schedule_runs AS run SET released_at = ${as.at}::timestamptz
        FROM ended WHERE run.schedule_id = ended.schedule_id AND run.state = 'due'`.execute(db);
  },

  /** The answer to an overdue one. False where it does not ask (any more). */
  async decide(
    runId: string,
    answer: 'run' | 'skip',
    by: { readonly userId: string; readonly at: Date },
  ): Promise<boolean> {
    const answered = answer === 'run' ? ({ state: 'due' } as const) : { ...SKIPPED, ended_at: by.at };
    const { numUpdatedRows } = await db
      .updateTable('schedule_runs')
      .set({ ...answered, decided_at: by.at, decided_by: by.userId })
      .where('id', '=', runId)
      .where('state', '=', 'overdue')
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  /** A later time has come: what still asked of earlier ones needs no answer. */
  async supersede(scheduleId: string, dueAt: Date): Promise<void> {
    await db
      .updateTable('schedule_runs')
      .set({ state: 'skipped', problem: 'The next time came before anybody answered.', ended_at: dueAt })
      .where('schedule_id', '=', scheduleId)
      .where('state', '=', 'overdue')
      .where('due_at', '<', dueAt)
      .execute();
  },

  /** Keeps the history of a schedule at a size that is read at once. */
  async forgetOld(scheduleId: string): Promise<void> {
    await sql`DELETE FROM schedule_runs
               WHERE schedule_id = ${scheduleId}::uuid AND state IN ('succeeded', 'failed', 'skipped')
                 AND due_at <= (SELECT due_at FROM schedule_runs WHERE schedule_id = ${scheduleId}::uuid
                                 ORDER BY due_at DESC OFFSET ${KEPT_RUNS}::int LIMIT 1)`.execute(db);
  },
});
export type RunRepository = ReturnType<typeof createRunRepository>;

const SKIPPED = { state: 'skipped', problem: 'Skipped by an operator.' } as const;

const runs = (db: Executor) =>
  db
    .selectFrom('schedule_runs as run')
    .innerJoin('job_schedules as schedule', 'schedule.id', 'run.schedule_id')
    .selectAll('run')
    .select([
      'schedule.name as schedule_name',
      'schedule.user_id',
      sql<string>`schedule.schedule_config ->> 'timeZone'`.as('time_zone'),
    ]);

type Selected = Awaited<ReturnType<ReturnType<typeof runs>['executeTakeFirstOrThrow']>>;

const parse = (row: Selected): RunRow => ({
  ...stepsOf(row.steps),
  id: row.id,
  organizationId: row.organization_id,
  scheduleId: row.schedule_id,
  scheduleName: row.schedule_name ?? '',
  timeZone: row.time_zone,
  userId: row.user_id,
  dueAt: row.due_at,
  cause: row.cause,
  state: row.state,
  missed: row.missed,
  problem: row.problem,
  begunAt: row.begun_at,
  endedAt: row.ended_at,
});

/** One row that cannot be read hides none of the others. */
function stepsOf(stored: unknown): Pick<RunRow, 'steps' | 'unreadable'> {
  const parsed = StepRun.array().safeParse(stored);
  return parsed.success
    ? { steps: parsed.data, unreadable: null }
    : { steps: [], unreadable: whyUnreadable(parsed.error) };
}
