import { z } from 'zod';
import { CampaignId } from './ids';

/** What is watched, and how far it may go. Pure. */

/** Which queues a rule is about: each by itself, all added up, or one of this name, ours or not. */
export const AlertScope = z.discriminatedUnion('of', [
  z.object({ of: z.literal('each') }),
  z.object({ of: z.literal('together') }),
  z.object({ of: z.literal('queue'), queue: z.string().trim().min(1).max(200) }),
]);
export type AlertScope = z.infer<typeof AlertScope>;

const scope = AlertScope;
const threshold = z.int().min(1).max(100_000_000);
const percent = z.number().min(1).max(100);
export const LONGEST_WINDOW_MINUTES = 60;
const windowMinutes = z.int().min(1).max(LONGEST_WINDOW_MINUTES);
const DAY_SECONDS = 86_400;

export const AlertCondition = z.discriminatedUnion('kind', [
  /** Jobs that failed for good within the last minutes, whatever became of them: retried, removed or never kept. */
  z.object({ kind: z.literal('failures'), threshold, windowMinutes, scope }),
  /** Of the jobs that ended within the last minutes, how many failed for good; of fewer than 20 it says nothing. */
  z.object({ kind: z.literal('failure-share'), percent, windowMinutes, scope }),
  /** Failed jobs that nobody retried or removed. */
  z.object({ kind: z.literal('failed-count'), threshold, scope }),
  z.object({ kind: z.literal('backlog'), threshold, scope }),
  z.object({
    kind: z.literal('oldest-waiting'),
    seconds: z
      .int()
      .min(1)
      .max(30 * DAY_SECONDS),
    scope,
  }),
  /** Jobs wait in a queue that runs, and no worker anywhere takes them. */
  z.object({ kind: z.literal('no-workers'), scope }),
  z.object({ kind: z.literal('engine-down') }),
  /** Of the memory that the engine may use. */
  z.object({ kind: z.literal('memory'), percent }),
  /** Of memory, or where the engine lives in files, on the disk. */
  z.object({ kind: z.literal('memory-size'), megabytes: threshold }),
  /** Stopped by itself; null is any campaign. */
  z.object({ kind: z.literal('campaign-stopped'), campaignId: CampaignId.nullable() }),
]);
export type AlertCondition = z.infer<typeof AlertCondition>;
export type AlertKind = AlertCondition['kind'];

export const alertKinds = [
  'failures',
  'failure-share',
  'failed-count',
  'backlog',
  'oldest-waiting',
  'no-workers',
  'engine-down',
  'memory',
  'memory-size',
  'campaign-stopped',
] as const satisfies readonly AlertKind[];
export const AlertKindSchema = z.enum(alertKinds);

/** The gravest first. */
export const severities = ['critical', 'warning', 'info'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** Whether `severity` is at least as grave as `least`. */
export const isAtLeast = (severity: Severity, least: Severity): boolean =>
  severities.indexOf(severity) <= severities.indexOf(least);

/** What an incident is about. */
export const IncidentSubject = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queue'), queue: z.string() }),
  z.object({ type: z.literal('queues') }),
  z.object({ type: z.literal('engine'), label: z.string() }),
  z.object({
    type: z.literal('campaign'),
    id: CampaignId,
    name: z.string(),
    channel: z.enum(['whatsapp', 'email']),
  }),
]);
export type IncidentSubject = z.infer<typeof IncidentSubject>;

/** Equal for the same thing: a rule has one open incident for each. */
export const subjectKey = (subject: IncidentSubject): string => {
  if (subject.type === 'queue') return `queue:${subject.queue}`;
  return subject.type === 'campaign' ? `campaign:${subject.id}` : subject.type;
};

/** From which reading on a condition is broken, in its own unit: jobs, per cent, seconds, megabytes; 1 for yes or no. */
export function thresholdOf(condition: AlertCondition): number {
  switch (condition.kind) {
    case 'failures':
    case 'failed-count':
    case 'backlog':
      return condition.threshold;
    case 'failure-share':
    case 'memory':
      return condition.percent;
    case 'oldest-waiting':
      return condition.seconds;
    case 'memory-size':
      return condition.megabytes;
    case 'no-workers':
    case 'engine-down':
    case 'campaign-stopped':
      return 1;
  }
}

/** The queues that a condition is about; undefined where it is about none. */
export const scopeOf = (condition: AlertCondition): AlertScope | undefined =>
  'scope' in condition ? condition.scope : undefined;

/** Of fewer ended jobs a share of failures says nothing. */
export const LEAST_ENDED = 20;
