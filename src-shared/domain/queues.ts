import { z } from 'zod';

/** The four queues of ADSapp (seed guide, "Queue Types"): the console knows what is in their jobs. */
export const adsappQueues = [
  'bulk-messages',
  'contact-import',
  'template-processing',
  'email-notification',
] as const;
export const AdsappQueue = z.enum(adsappQueues);
export type AdsappQueue = z.infer<typeof AdsappQueue>;

/** Longest name of a queue that the console works with. */
const MAX_QUEUE_NAME = 200;

/** A queue that somebody else made in the same engine. BullMQ takes any name without a colon. */
const FoundQueue = z
  .string()
  .min(1)
  .max(MAX_QUEUE_NAME)
  .regex(/^[^:\p{Cc}]+$/u, 'A name of a queue has no colon and no control characters.')
  .brand<'QueueName'>();

/** The name of any BullMQ queue: one of ADSapp's, or one that was found in the engine. */
export const QueueName = z.union([AdsappQueue, FoundQueue]);
export type QueueName = z.infer<typeof QueueName>;

/** Whether the console knows what is in this queue's jobs, and runs them. */
export const isAdsappQueue = (queue: string): queue is AdsappQueue =>
  (adsappQueues as readonly string[]).includes(queue);

/**
 * The state of a job as an operator sees it. BullMQ keeps prioritised jobs apart from waiting ones;
 * here both are `waiting`, because both wait for a worker and nothing else.
 */
export const jobStates = ['waiting', 'active', 'delayed', 'waiting-children', 'completed', 'failed'] as const;
export const JobState = z.enum(jobStates);
export type JobState = z.infer<typeof JobState>;

/** Lower runs first (seed guide, "Job priorities"). */
export const JobPriority = { CRITICAL: 1, HIGH: 2, NORMAL: 3, LOW: 4 } as const;
export const JobPrioritySchema = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
export type JobPriorityValue = z.infer<typeof JobPrioritySchema>;

export const priorityLabels: Readonly<Record<JobPriorityValue, string>> = {
  1: 'Critical',
  2: 'High',
  3: 'Normal',
  4: 'Low',
};

export interface QueueDefaults {
  /** Jobs one worker host runs at once. */
  readonly concurrency: number;
  readonly attempts: number;
  /** First delay of the exponential back-off, in ms: 1 s, 2 s, 4 s. */
  readonly backoffMs: number;
  readonly keepCompleted: number;
  readonly keepFailed: number;
  /** Longest run of one attempt in ms; the job ends cleanly and resumes. */
  readonly timeoutMs: number;
  readonly priority: JobPriorityValue;
}

const common = {
  attempts: 3,
  backoffMs: 1_000,
  keepCompleted: 100,
  keepFailed: 1_000,
  timeoutMs: 5 * 60_000,
} as const;

/** Figures of the seed guide: concurrency 5, 2, 10, 10; 3 attempts; last 100 completed and 1,000 failed kept. */
export const queueDefaults: Readonly<Record<AdsappQueue, QueueDefaults>> = {
  'bulk-messages': { ...common, concurrency: 5, priority: JobPriority.CRITICAL },
  'contact-import': { ...common, concurrency: 2, priority: JobPriority.NORMAL },
  'template-processing': { ...common, concurrency: 10, priority: JobPriority.NORMAL },
  'email-notification': { ...common, concurrency: 10, priority: JobPriority.HIGH },
};

const titles: Readonly<Record<AdsappQueue, string>> = {
  'bulk-messages': 'Bulk messages',
  'contact-import': 'Contact import',
  'template-processing': 'Template processing',
  'email-notification': 'Email notification',
};

/** What a queue is called on the screen; one that is not ADSapp's is called by its name. */
export const queueTitle = (queue: string): string => (isAdsappQueue(queue) ? titles[queue] : queue);
