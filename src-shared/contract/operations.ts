import { z } from 'zod';
import { command, query, stream } from '../rpc/define';
import { QueueName } from '../domain/queues';
import { JobFilter } from '../domain/job-filter';
import { PayloadPatch } from '../domain/payload-patch';
import { Count, Empty, Instant } from './common';

export const OperationId = z.uuid().brand<'OperationId'>();
export type OperationId = z.infer<typeof OperationId>;

/** BullMQ's own bound. */
export const MAX_PRIORITY = 2_097_152;

/** A few jobs first; the rest waits for what comes of them. */
export const Canary = z.object({
  jobs: z.int().min(1).max(1_000),
  /** Goes on by itself only where every one of them succeeded; else somebody is asked. */
  goOn: z.enum(['when-asked', 'when-all-succeed']),
});

/** What can be done to all jobs that match a filter. */
export const OperationAction = z.discriminatedUnion('type', [
  /** Failed jobs wait again with a fresh budget. Jobs that somebody cancelled are left alone, unless they are named. */
  z.object({ type: z.literal('retry'), canary: Canary.nullable().default(null) }),
  /**
   * Failed jobs wait again, each with its own payload changed in the same way; one that the change does not fit, or
   * whose payload would not be one of its queue, is left as it is.
   */
  z.object({ type: z.literal('patch'), patch: PayloadPatch }),
  /** With `keep` they can be put back for a day. */
  z.object({ type: z.literal('remove'), keep: z.boolean().default(true) }),
  /** Delayed jobs wait for a worker at once. */
  z.object({ type: z.literal('promote') }),
  /** 0 is none, and goes first; then 1 before 2. */
  z.object({ type: z.literal('priority'), priority: z.int().min(0).max(MAX_PRIORITY) }),
  /**
   * Into another queue, with payload, options and log: waiting and delayed jobs as they are, failed ones wait there
   * with a fresh budget. Each is in one of the two at any moment, whatever crashes. An id that somebody gave stays.
   */
  z.object({ type: z.literal('move'), to: QueueName }),
]);
export type OperationAction = z.infer<typeof OperationAction>;

/** What the console does by itself, besides: takes a removal back. */
export const AnyAction = z.discriminatedUnion('type', [
  ...OperationAction.options,
  z.object({ type: z.literal('restore'), of: OperationId }),
]);
export type AnyAction = z.infer<typeof AnyAction>;

/**
 * `held` until its time comes, `running`, `watching` what becomes of its canary. A `stopped` one met something that
 * it cannot get over by itself.
 */
export const OperationState = z.enum(['held', 'running', 'watching', 'completed', 'cancelled', 'stopped']);
export type OperationState = z.infer<typeof OperationState>;

export const Operation = z.object({
  id: OperationId,
  action: AnyAction,
  filter: JobFilter,
  reason: z.string(),
  /** Jobs a second; null is as fast as the engine bears it. */
  rate: z.number().positive().nullable(),
  state: OperationState,
  /** Jobs that matched when it began. */
  total: Count,
  done: Count,
  /** Jobs that could not be acted upon, or were left alone: see the report. */
  left: Count,
  startedBy: z.string(),
  createdAt: Instant,
  /** When it begins. */
  holdUntil: Instant.nullable(),
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  /** Measured; null where nothing is under way. */
  perSecond: z.number().nullable(),
  etaSeconds: z.number().nullable(),
  problem: z.string().nullable(),
  canary: z.object({ jobs: Count, succeeded: Count, failed: Count, gone: Count, open: Count }).nullable(),
  /** Of a removal: until when it can be taken back, and how many jobs that would bring back. */
  undo: z.object({ until: Instant, jobs: Count }).nullable(),
});
export type Operation = z.infer<typeof Operation>;

const One = z.object({ id: OperationId });
const What = z.object({ action: OperationAction, filter: JobFilter });

export const operations = {
  /** Exactly how many jobs would be acted upon, and some of them. */
  preview: query({
    input: What,
    output: z.object({
      count: Count,
      /** Jobs that match and would be left alone because somebody cancelled them. */
      cancelled: Count,
      sample: z.array(
        z.object({
          queue: z.string(),
          id: z.string(),
          name: z.string(),
          reason: z.string().nullable(),
          /** Of a patch: the payload as it is and as it would be; null where it is too long to show. */
          change: z.object({ before: z.string(), after: z.string() }).nullable(),
        }),
      ),
      /** Of a patch or a move: jobs that would be left because of it, and why the first of them would. */
      unfit: z.object({ count: Count, example: z.string().nullable() }),
    }),
  }),
  start: command({
    input: What.extend({
      reason: z.string().trim().min(3).max(500),
      rate: z.number().min(0.1).max(100_000).nullable().default(null),
      /** Seconds in which it can still be called off. */
      holdSeconds: z.int().min(0).max(3_600).default(0),
    }),
    output: Operation,
  }),
  list: query({
    input: z.object({ limit: z.int().min(1).max(200).default(50) }),
    output: z.object({ operations: z.array(Operation) }),
  }),
  get: query({ input: One, output: Operation }),
  /** Those that have not ended, and those that ended within the last minutes: at once and at every change. */
  live: stream({ input: Empty, output: z.object({ operations: z.array(Operation) }) }),
  /** What was done stays done. */
  cancel: command({ input: One, output: Operation }),
  /** Goes on with the rest after the canary. */
  proceed: command({ input: One, output: Operation }),
  /** Puts the jobs of a removal back, as an operation of its own. */
  undo: command({ input: One, output: Operation }),
  /** Jobs that were left, and why. */
  report: query({
    input: One.extend({ start: Count, count: z.int().min(1).max(500) }),
    output: z.object({
      total: Count,
      rows: z.array(z.object({ queue: z.string(), jobId: z.string(), why: z.string(), message: z.string() })),
    }),
  }),
};
