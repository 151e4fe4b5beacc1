import { sql } from 'kysely';
import { z } from 'zod';
import {
  ScheduleStep,
  ScheduleWhen,
  type ScheduleInput,
  type UnreadableSchedule,
} from '@shared/contract/schedules';
import { ScheduleId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import type { AdsappQueue } from '@shared/domain/queues';
import type { Executor } from '../database/database';
import { whyUnreadable } from './unreadable';

export interface ScheduleRow {
  readonly id: string;
  readonly organizationId: string;
  /** Who its runs act for; null where that person was removed. */
  readonly userId: string | null;
  readonly name: string;
  readonly when: ScheduleWhen;
  readonly steps: ScheduleStep[];
  readonly graceMinutes: number;
  readonly overlap: 'skip' | 'queue';
  /** Null while it is paused, and once it has ended. */
  readonly nextRunAt: Date | null;
  readonly active: boolean;
  readonly runs: number;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

const JobData = z.object({ steps: z.array(ScheduleStep) });

/** Schedules in the guide's job_schedules; rows of other programs, which have no name, are left alone. */
export const createScheduleRepository = (db: Executor) => ({
  /** The next one first; what cannot be read is told apart and hides none of the others. */
  async list(organizationId: string): Promise<Read> {
    const rows = await ours(db)
      .where('schedule.organization_id', '=', organizationId)
      .orderBy(sql`schedule.next_run_at NULLS LAST`)
      .orderBy('schedule.created_at', 'desc')
      .execute();
    return readAll(rows);
  },

  async find(scheduleId: string, organizationId?: string): Promise<Found | null> {
    const row = await ours(db)
      .where('schedule.id', '=', scheduleId)
      .$if(organizationId !== undefined, (query) =>
        query.where('schedule.organization_id', '=', organizationId ?? ''),
      )
      .executeTakeFirst();
    return row === undefined ? null : readOne(row);
  },

  /** What should be in the engine, of all organizations. */
  async waiting(): Promise<ScheduleRow[]> {
    const rows = await ours(db)
      .where('schedule.is_active', '=', true)
      .where('schedule.next_run_at', 'is not', null)
      .execute();
    return readAll(rows).rows;
  },

  /** Locks what is due, and passes over what another one has locked; call it in a transaction. */
  async lockDue(now: Date, scheduleId: string | undefined): Promise<ScheduleRow[]> {
    const rows = await ours(db)
      .where('schedule.is_active', '=', true)
      .where('schedule.next_run_at', '<=', now)
      .$if(scheduleId !== undefined, (query) => query.where('schedule.id', '=', scheduleId ?? ''))
      .forUpdate('schedule')
      .skipLocked()
      .execute();
    return readAll(rows).rows;
  },

  async insert(
    owner: { readonly organizationId: string; readonly userId: string },
    input: ScheduleInput,
    nextRunAt: Date,
  ): Promise<string> {
    const { id } = await db
      .insertInto('job_schedules')
      .values({
        ...columnsOf(input),
        organization_id: owner.organizationId,
        user_id: owner.userId,
        next_run_at: nextRunAt,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  },

  /** Its runs act for `userId` from now on: whoever wrote last what they do. */
  async update(
    scheduleId: string,
    userId: string,
    input: ScheduleInput,
    nextRunAt: Date | null,
  ): Promise<void> {
    await db
      .updateTable('job_schedules')
      .set({ ...columnsOf(input), user_id: userId, next_run_at: nextRunAt })
      .where('id', '=', scheduleId)
      .execute();
  },

  /** False where it was so already. */
  async setActive(scheduleId: string, active: boolean, nextRunAt: Date | null): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('job_schedules')
      .set({ is_active: active, next_run_at: nextRunAt })
      .where('id', '=', scheduleId)
      .where('is_active', '=', !active)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },

  async moveOn(scheduleId: string, dueAt: Date, nextRunAt: Date | null): Promise<void> {
    await db
      .updateTable('job_schedules')
      .set({ last_run_at: dueAt, next_run_at: nextRunAt })
      .where('id', '=', scheduleId)
      .execute();
  },

  async countRun(scheduleId: string): Promise<void> {
    await db
      .updateTable('job_schedules')
      .set({ run_count: sql<number>`run_count + 1` })
      .where('id', '=', scheduleId)
      .execute();
  },

  async setRemoved(scheduleId: string, removed: boolean): Promise<void> {
    await db
      .updateTable('job_schedules')
      .set({ removed_at: removed ? sql<Date>`now()` : null })
      .where('id', '=', scheduleId)
      .execute();
  },

  /** One that was removed. */
  async findRemoved(scheduleId: string, organizationId: string): Promise<Found | null> {
    const row = await named(db)
      .where('schedule.id', '=', scheduleId)
      .where('schedule.organization_id', '=', organizationId)
      .where('schedule.removed_at', 'is not', null)
      .executeTakeFirst();
    return row === undefined ? null : readOne(row);
  },
});
export type ScheduleRepository = ReturnType<typeof createScheduleRepository>;

/** The queue that a step's first job goes into. */
export const queueOfStep = (step: ScheduleStep): AdsappQueue => {
  if (step.kind === 'job') return step.queue;
  return step.message.channel === 'email' ? 'email-notification' : 'bulk-messages';
};

/** The guide's columns of what is written, with the queue and name of the first job. */
const columnsOf = ({ name, when, steps, graceMinutes, overlap }: ScheduleInput) => {
  const [first] = steps;
  const queue = first === undefined ? null : queueOfStep(first);
  return {
    name,
    grace_minutes: graceMinutes,
    overlap,
    job_type: queue ?? 'none',
    job_name: queue === null ? name : jobNames[queue],
    job_data: JSON.stringify({ steps }),
    queue_name: queue,
    schedule_type: when.kind,
    schedule_config: JSON.stringify(when),
  };
};

const named = (db: Executor) =>
  db
    .selectFrom('job_schedules as schedule')
    .leftJoin('profiles as profile', 'profile.id', 'schedule.user_id')
    .selectAll('schedule')
    .select(sql<string | null>`coalesce(profile.full_name, profile.email)`.as('created_by_name'))
    .where('schedule.name', 'is not', null)
    .where('schedule.organization_id', 'is not', null);

const ours = (db: Executor) => named(db).where('schedule.removed_at', 'is', null);

type Selected = Awaited<ReturnType<ReturnType<typeof named>['executeTakeFirstOrThrow']>>;

interface Read {
  readonly rows: ScheduleRow[];
  readonly unreadable: UnreadableSchedule[];
}

/** A stored schedule; what cannot be read has only a name and why. */
export type Found =
  | { readonly readable: true; readonly row: ScheduleRow }
  | { readonly readable: false; readonly row: UnreadableSchedule };

function readAll(selected: readonly Selected[]): Read {
  const rows: ScheduleRow[] = [];
  const unreadable: UnreadableSchedule[] = [];
  for (const each of selected) {
    const found = readOne(each);
    if (found.readable) rows.push(found.row);
    else unreadable.push(found.row);
  }
  return { rows, unreadable };
}

function readOne(selected: Selected): Found {
  try {
    return { readable: true, row: parse(selected) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const id = ScheduleId.parse(selected.id);
    return { readable: false, row: { id, name: selected.name ?? '', why: whyUnreadable(error) } };
  }
}

const parse = (row: Selected): ScheduleRow => ({
  id: row.id,
  organizationId: row.organization_id ?? '',
  userId: row.user_id,
  name: row.name ?? '',
  when: ScheduleWhen.parse(row.schedule_config),
  steps: JobData.parse(row.job_data).steps,
  graceMinutes: row.grace_minutes,
  overlap: row.overlap,
  nextRunAt: row.next_run_at,
  active: row.is_active === true,
  runs: row.run_count,
  createdBy: row.created_by_name,
  createdAt: row.created_at ?? row.updated_at,
  updatedAt: row.updated_at,
});
