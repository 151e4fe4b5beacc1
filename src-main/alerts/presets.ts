import { createHash } from 'node:crypto';
import type { AlertRule, AlertRuleInput } from '@shared/contract/alerts';
import { AlertRuleId } from '@shared/domain/ids';

/** A rule that comes with the console. Its key never changes: it is how an organization's own copy is found. */
export interface Preset extends AlertRuleInput {
  readonly key: string;
}

const each = { of: 'each' } as const;
const MINUTE = 60;

/** What an operator of any queue wants to hear of, and can change. */
export const presets: readonly Preset[] = [
  {
    key: 'failures',
    name: 'Jobs fail',
    enabled: true,
    condition: { kind: 'failures', threshold: 1, windowMinutes: 5, scope: each },
    forSeconds: 0,
    severity: 'warning',
    notify: true,
  },
  {
    key: 'failure-share',
    name: 'Half of the jobs fail',
    enabled: true,
    condition: { kind: 'failure-share', percent: 50, windowMinutes: 10, scope: each },
    forSeconds: MINUTE,
    severity: 'critical',
    notify: true,
  },
  {
    key: 'failed-count',
    name: 'Failed jobs pile up',
    enabled: true,
    condition: { kind: 'failed-count', threshold: 500, scope: each },
    forSeconds: 5 * MINUTE,
    severity: 'info',
    notify: false,
  },
  {
    key: 'backlog',
    name: 'Long backlog',
    enabled: true,
    condition: { kind: 'backlog', threshold: 10_000, scope: each },
    forSeconds: 10 * MINUTE,
    severity: 'warning',
    notify: true,
  },
  {
    key: 'oldest-waiting',
    name: 'Jobs wait too long',
    enabled: true,
    condition: { kind: 'oldest-waiting', seconds: 15 * MINUTE, scope: each },
    forSeconds: MINUTE,
    severity: 'warning',
    notify: true,
  },
  {
    key: 'no-workers',
    name: 'No worker takes jobs',
    enabled: true,
    condition: { kind: 'no-workers', scope: each },
    forSeconds: MINUTE,
    severity: 'critical',
    notify: true,
  },
  {
    key: 'engine-down',
    name: 'Queue engine not reachable',
    enabled: true,
    condition: { kind: 'engine-down' },
    forSeconds: 30,
    severity: 'critical',
    notify: true,
  },
  {
    key: 'memory',
    name: 'Engine runs out of memory',
    enabled: true,
    condition: { kind: 'memory', percent: 80 },
    forSeconds: 2 * MINUTE,
    severity: 'critical',
    notify: true,
  },
  {
    key: 'campaign-stopped',
    name: 'Campaign has stopped by itself',
    enabled: true,
    condition: { kind: 'campaign-stopped', campaignId: null },
    forSeconds: 0,
    severity: 'critical',
    notify: true,
  },
];

/** The same id on every console of an organization, known before its database has been reached. */
export const presetId = (organizationId: string, key: string): AlertRuleId => {
  const hash = createHash('sha256').update(`${organizationId} alert ${key}`).digest('hex');
  // Version 8 of RFC 9562: made by a rule of our own.
  const [a, b, c, d, e] = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(13, 16),
    hash.slice(17, 20),
    hash.slice(20, 32),
  ];
  return AlertRuleId.parse(`${a}-${b}-8${c}-8${d}-${e}`);
};

/** The shipped rules as they are before anybody changed them: what is watched until the database says otherwise. */
export const presetRules = (organizationId: string): AlertRule[] =>
  presets.map(({ key, ...rule }) => ({
    ...rule,
    id: presetId(organizationId, key),
    preset: true,
    updatedAt: new Date(0).toISOString(),
  }));
