import { z } from 'zod';
import { AlertCondition, AlertKindSchema, IncidentSubject, Severity } from '../domain/alert-rules';
import { AlertRuleId, IncidentId } from '../domain/ids';
import { command, query, stream } from '../rpc/define';
import { Count, Cursor, Empty, Instant } from './common';

export const AlertRuleInput = z.object({
  name: z.string().trim().min(1).max(80),
  enabled: z.boolean(),
  condition: AlertCondition,
  /** How long the breach has to last before it is an alert. */
  forSeconds: z
    .int()
    .min(0)
    .max(24 * 3_600),
  severity: Severity,
  /** Whether it is also told outside the window, and by a message in it. It is listed in any case. */
  notify: z.boolean(),
});
export type AlertRuleInput = z.infer<typeof AlertRuleInput>;

export const AlertRule = AlertRuleInput.extend({
  id: AlertRuleId,
  /** It came with the console. */
  preset: z.boolean(),
  updatedAt: Instant,
});
export type AlertRule = z.infer<typeof AlertRule>;

export const IncidentNote = z.object({ at: Instant, by: z.string(), text: z.string() });
export type IncidentNote = z.infer<typeof IncidentNote>;

export const Incident = z.object({
  id: IncidentId,
  ruleId: AlertRuleId,
  /** As the rule was called then. */
  ruleName: z.string(),
  kind: AlertKindSchema,
  severity: Severity,
  subject: IncidentSubject,
  /** In the unit of its kind: jobs, per cent, seconds, megabytes; 1 for yes or no. */
  threshold: z.number(),
  /** The last reading; null where it is not known now. */
  value: z.number().nullable(),
  peak: z.number(),
  /** More in plain words, as the latest reason of a failure. */
  detail: z.string().nullable(),
  notify: z.boolean(),
  /** When the breach was first seen, and when it had lasted long enough to be an alert. */
  beganAt: Instant,
  openedAt: Instant,
  resolvedAt: Instant.nullable(),
  /** `cleared`: by itself. `rule`: its rule was changed, switched off or removed. */
  resolution: z.enum(['cleared', 'rule']).nullable(),
  acknowledgedAt: Instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  snoozedUntil: Instant.nullable(),
  notes: z.array(IncidentNote),
});
export type Incident = z.infer<typeof Incident>;

/** How a rule stands now. */
export const RuleStanding = z.object({
  ruleId: AlertRuleId,
  /** `unknown`: nothing it is about could be read, which is neither good nor bad. */
  phase: z.enum(['ok', 'pending', 'firing', 'unknown']),
  /** The worst reading, and of what. */
  value: z.number().nullable(),
  subject: IncidentSubject.nullable(),
});
export type RuleStanding = z.infer<typeof RuleStanding>;

export const Telling = z.object({
  /** Notifications of the system are on, and this console has a desktop. */
  desktop: z.boolean(),
  /** Nothing is told until then. */
  pausedUntil: Instant.nullable(),
});

export const AlertsLive = z.object({
  /** The gravest and newest first. */
  open: z.array(Incident),
  standings: z.array(RuleStanding),
  /** Failed jobs that nobody has looked at since they failed. */
  unseen: z.array(z.object({ queue: z.string(), failed: Count })),
  telling: Telling,
  /** False while the database is away: what is new is kept here until it is back. */
  kept: z.boolean(),
});
export type AlertsLive = z.infer<typeof AlertsLive>;

/** Incidents that are over are kept for so many days. */
export const INCIDENT_DAYS = 90;
export const LONGEST_SNOOZE_MINUTES = 7 * 24 * 60;
const OneIncident = z.object({ incidentId: IncidentId });

export const IncidentFilter = z.object({
  state: z.enum(['open', 'resolved']).optional(),
  severity: Severity.optional(),
  kind: AlertKindSchema.optional(),
  queue: z.string().max(200).optional(),
});
export type IncidentFilter = z.infer<typeof IncidentFilter>;

export const alerts = {
  /** At once, and whenever something about it changes. */
  live: stream({ input: Empty, output: AlertsLive }),
  rules: query({ input: Empty, output: z.object({ rules: z.array(AlertRule) }) }),
  /** A new rule, or another version of one. Where its condition changed, its open incidents are over. */
  saveRule: command({ input: AlertRuleInput.extend({ ruleId: AlertRuleId.optional() }), output: AlertRule }),
  /** Its incidents stay in the history. */
  removeRule: command({ input: z.object({ ruleId: AlertRuleId }), output: Empty }),
  restoreRule: command({ input: z.object({ ruleId: AlertRuleId }), output: AlertRule }),
  /** Newest first. */
  incidents: query({
    input: IncidentFilter.extend({
      cursor: Cursor.optional(),
      limit: z.int().min(1).max(200).default(100),
    }),
    output: z.object({ incidents: z.array(Incident), nextCursor: Cursor.nullable() }),
  }),
  incident: query({ input: OneIncident, output: Incident }),
  /** Somebody has taken it on: it is not told again and no longer counted. False takes that back. */
  acknowledge: command({
    input: OneIncident.extend({ acknowledged: z.boolean().default(true) }),
    output: Incident,
  }),
  /** It is quiet for so many minutes, also where it ends and begins again; null ends that. */
  snooze: command({
    input: OneIncident.extend({ minutes: z.int().min(1).max(LONGEST_SNOOZE_MINUTES).nullable() }),
    output: Incident,
  }),
  note: command({
    input: OneIncident.extend({ text: z.string().trim().min(1).max(2_000) }),
    output: Incident,
  }),
  /** This machine says nothing outside its window for so many minutes; null ends that. */
  pauseTelling: command({
    input: z.object({ minutes: z.int().min(1).max(LONGEST_SNOOZE_MINUTES).nullable() }),
    output: Telling,
  }),
  /** Somebody looks at the failures of these queues; left out: of all. */
  failuresSeen: command({
    input: z.object({ queues: z.array(z.string().max(200)).max(1_000).optional() }),
    output: Empty,
  }),
};
