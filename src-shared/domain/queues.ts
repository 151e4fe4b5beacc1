import { z } from 'zod';

/** The four queues of ADSapp (seed guide, "Queue Types"). */
export const queueNames = [
  'bulk-messages',
  'contact-import',
  'template-processing',
  'email-notification',
] as const;
export const QueueName = z.enum(queueNames);
export type QueueName = z.infer<typeof QueueName>;

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
export const queueDefaults: Readonly<Record<QueueName, QueueDefaults>> = {
  'bulk-messages': { ...common, concurrency: 5, priority: JobPriority.CRITICAL },
  'contact-import': { ...common, concurrency: 2, priority: JobPriority.NORMAL },
  'template-processing': { ...common, concurrency: 10, priority: JobPriority.NORMAL },
  'email-notification': { ...common, concurrency: 10, priority: JobPriority.HIGH },
};

export const queueTitles: Readonly<Record<QueueName, string>> = {
  'bulk-messages': 'Bulk messages',
  'contact-import': 'Contact import',
  'template-processing': 'Template processing',
  'email-notification': 'Email notification',
};
