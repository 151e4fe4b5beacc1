import { z } from 'zod';
import { CampaignId, JobId, ScheduleId, ScheduleRunId } from '../domain/ids';
import { JobPrioritySchema, AdsappQueue } from '../domain/queues';
import { command, query } from '../rpc/define';
import { Audience, Message } from './campaigns';
import { Count, Empty, Instant } from './common';

/** When it runs; the time zone is an IANA name, and the clocks there decide. */
export const ScheduleWhen = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), pattern: z.string().trim().max(200), timeZone: z.string().max(100) }),
  z.object({ kind: z.literal('once'), at: Instant, timeZone: z.string().max(100) }),
]);
export type ScheduleWhen = z.infer<typeof ScheduleWhen>;

/** One thing that a run does. Audience and texts are looked at when it begins, not when they are written here. */
export const ScheduleStep = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('campaign'),
    name: z.string().trim().min(1, 'Give the campaign a name.').max(180),
    audience: Audience,
    message: Message,
    priority: JobPrioritySchema.default(2),
    missing: z.enum(['refuse', 'skip']).default('skip'),
  }),
  /** A job of one of the queues; whose it is need not be in `data`. */
  z.object({
    kind: z.literal('job'),
    queue: AdsappQueue,
    data: z.record(z.string(), z.unknown()),
    priority: JobPrioritySchema.optional(),
  }),
]);
export type ScheduleStep = z.infer<typeof ScheduleStep>;

export const ScheduleInput = z.object({
  name: z.string().trim().min(1, 'Give the schedule a name.').max(120),
  when: ScheduleWhen,
  /** In this order: each begins when the one before it has succeeded. */
  steps: z.array(ScheduleStep).min(1, 'Say what is to be done.').max(10),
  /** A run that would begin later than this asks instead. */
  graceMinutes: z
    .int()
    .min(1)
    .max(7 * 24 * 60)
    .default(10),
  /** A time that comes while the run before it goes on: left out, or one waits for the end of it. */
  overlap: z.enum(['skip', 'queue']).default('skip'),
});
export type ScheduleInput = z.infer<typeof ScheduleInput>;

export const StepState = z.enum(['waiting', 'running', 'succeeded', 'failed', 'skipped']);
export type StepState = z.infer<typeof StepState>;

/** A step of one run, and what came of it. */
export const StepRun = z.object({
  step: ScheduleStep,
  state: StepState,
  queue: AdsappQueue.nullable(),
  jobId: JobId.nullable(),
  campaignId: CampaignId.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** What went wrong, in plain words. */
  problem: z.string().nullable(),
});
export type StepRun = z.infer<typeof StepRun>;

export const RunState = z.enum(['due', 'overdue', 'running', 'succeeded', 'failed', 'skipped']);
export type RunState = z.infer<typeof RunState>;

export const ScheduleRun = z.object({
  id: ScheduleRunId,
  scheduleId: ScheduleId,
  scheduleName: z.string(),
  dueAt: Instant,
  /** An operator's run was due when it was asked for. */
  cause: z.enum(['schedule', 'operator']),
  state: RunState,
  /** Earlier times that passed unseen and that this run stands for. */
  missed: Count,
  /** None where they cannot be read. */
  steps: z.array(StepRun),
  /** Why the steps of this run cannot be read; null where they can. */
  unreadable: z.string().nullable(),
  problem: z.string().nullable(),
  begunAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Ms from the due time to the beginning. */
  lateMs: Count.nullable(),
});
export type ScheduleRun = z.infer<typeof ScheduleRun>;

export const ScheduleState = z.enum(['active', 'paused', 'ended']);
export type ScheduleState = z.infer<typeof ScheduleState>;

export const Schedule = ScheduleInput.extend({
  id: ScheduleId,
  /** `ended`: it ran once and will not again. */
  state: ScheduleState,
  /** "Every weekday at 09:00, Europe/Berlin". */
  words: z.string(),
  /** The next times, at most 5; none while it is paused. */
  nextRuns: z.array(Instant),
  runs: Count,
  lastRun: ScheduleRun.nullable(),
  createdBy: z.string(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Schedule = z.infer<typeof Schedule>;

/** Another version or another program has written it: it does not run, and the others do. */
export const UnreadableSchedule = z.object({ id: ScheduleId, name: z.string(), why: z.string() });
export type UnreadableSchedule = z.infer<typeof UnreadableSchedule>;

/** A campaign with a start time that passed while nothing was running: held until somebody says what to do. */
export const HeldCampaign = z.object({
  id: CampaignId,
  name: z.string(),
  channel: z.enum(['whatsapp', 'email']),
  scheduledAt: Instant,
});
export type HeldCampaign = z.infer<typeof HeldCampaign>;

const OneSchedule = z.object({ scheduleId: ScheduleId });

export const schedules = {
  list: query({
    input: Empty,
    output: z.object({ schedules: z.array(Schedule), unreadable: z.array(UnreadableSchedule) }),
  }),
  get: query({ input: OneSchedule, output: Schedule }),
  /** Creates one, or changes the one named; what runs already goes on as it was. */
  save: command({ input: ScheduleInput.extend({ scheduleId: ScheduleId.optional() }), output: Schedule }),
  pause: command({ input: OneSchedule, output: Schedule }),
  /** From now on: times that passed meanwhile are not made up for. */
  resume: command({ input: OneSchedule, output: Schedule }),
  /** A run besides those of its times. */
  runNow: command({ input: OneSchedule, output: ScheduleRun }),
  /** It fires no more; `restore` takes that back. */
  remove: command({ input: OneSchedule, output: Empty }),
  restore: command({ input: OneSchedule, output: Empty }),
  /** The history, the latest first. */
  runs: query({
    input: OneSchedule.extend({ limit: z.int().min(1).max(200).default(50) }),
    output: z.object({ runs: z.array(ScheduleRun) }),
  }),
  /** What was due while nothing was running, and asks. */
  overdue: query({
    input: Empty,
    output: z.object({ runs: z.array(ScheduleRun), campaigns: z.array(HeldCampaign) }),
  }),
  /** The answer to an overdue run: now, or not at all. */
  decide: command({
    input: z.object({ runId: ScheduleRunId, answer: z.enum(['run', 'skip']) }),
    output: ScheduleRun,
  }),
};
