import { z } from 'zod';
import { command, query } from '../rpc/define';
import { isAdsappQueue, QueueName } from '../domain/queues';
import { Count, Empty, Instant } from './common';

/** ADSapp's own queues have Schedules, which know who acts and what is sent. */
const OthersQueue = QueueName.refine((queue) => !isAdsappQueue(queue), {
  message: 'Jobs of ADSapp’s own queues are planned under Schedules.',
});

const MONTH_MS = 31 * 86_400_000;

/** By a pattern of cron (five fields, or six with seconds) on the clocks of a zone, or every so many ms. */
export const SchedulerWhen = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('pattern'),
    pattern: z.string().trim().min(1).max(200),
    /** IANA; null: the clock of the machine that looks. */
    timeZone: z.string().min(1).max(100).nullable(),
  }),
  z.object({ kind: z.literal('every'), everyMs: z.int().min(1_000).max(MONTH_MS) }),
]);
export type SchedulerWhen = z.infer<typeof SchedulerWhen>;

export const SchedulerId = z.string().trim().min(1).max(200);

const Definition = z.object({
  queue: OthersQueue,
  id: SchedulerId,
  when: SchedulerWhen,
  /** Of the jobs that it makes. */
  name: z.string().trim().min(1).max(200),
  data: z.unknown(),
});
export type SchedulerDefinition = z.infer<typeof Definition>;

/** One of BullMQ's Job Schedulers, whoever made it. */
export const JobScheduler = z.object({
  id: z.string(),
  /** Null where neither a pattern nor a pace is written in it. */
  when: SchedulerWhen.nullable(),
  name: z.string(),
  data: z.unknown(),
  /** When it makes its next job. */
  next: Instant.nullable(),
  /** Jobs that it has made; null where nobody counted. */
  made: Count.nullable(),
});
export type JobScheduler = z.infer<typeof JobScheduler>;

const One = z.object({ queue: OthersQueue, id: SchedulerId });

/** What makes jobs again and again in a queue of another program. */
export const jobSchedulers = {
  /** The next first, at most 500 of `total`. */
  list: query({
    input: z.object({ queue: OthersQueue }),
    output: z.object({ schedulers: z.array(JobScheduler), total: Count }),
  }),
  /** Makes it, or changes the one with this id: what is not said here (options of the jobs, an end) stays. */
  save: command({ input: Definition.extend({ mode: z.enum(['create', 'change']) }), output: Empty }),
  /** One job as the scheduler would make it, now; its times stay as they are. */
  run: command({ input: One, output: z.object({ jobId: z.string() }) }),
  /** Also takes away the job that it has made ahead. */
  remove: command({ input: One, output: Empty }),
};
