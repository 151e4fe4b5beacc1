import type { AlertRule, AlertRuleInput } from '@shared/contract/alerts';
import { AlertRuleInput as AlertRuleInputShape } from '@shared/contract/alerts';
import type { AlertCondition, AlertKind, AlertScope, Severity } from '@shared/domain/alert-rules';

/** A rule as it is written in the form: every field that any kind has, and which kind it is. */
export interface RuleDraft {
  readonly name: string;
  readonly kind: AlertKind;
  readonly threshold: number | null;
  readonly percent: number | null;
  readonly seconds: number | null;
  readonly megabytes: number | null;
  readonly windowMinutes: number | null;
  readonly scope: AlertScope;
  readonly forSeconds: number | null;
  readonly severity: Severity;
  readonly notify: boolean;
  readonly enabled: boolean;
}

export const newDraft: RuleDraft = {
  name: '',
  kind: 'failures',
  threshold: 10,
  percent: 50,
  seconds: 600,
  megabytes: 1_000,
  windowMinutes: 5,
  scope: { of: 'each' },
  forSeconds: 60,
  severity: 'warning',
  notify: true,
  enabled: true,
};

export const draftOf = ({ condition, ...rule }: AlertRule): RuleDraft => ({
  ...newDraft,
  ...condition,
  name: rule.name,
  forSeconds: rule.forSeconds,
  severity: rule.severity,
  notify: rule.notify,
  enabled: rule.enabled,
});

/** The rule that a draft says; null while something is missing or out of its bounds. */
export function ruleOf(draft: RuleDraft, before?: AlertRule): AlertRuleInput | null {
  const { name, forSeconds, severity, notify, enabled } = draft;
  const condition = conditionOf(draft, before?.condition);
  return (
    AlertRuleInputShape.safeParse({ name, forSeconds, severity, notify, enabled, condition }).data ?? null
  );
}

/** What a kind asks for, to be judged by the contract's own schema. */
function conditionOf(draft: RuleDraft, before: AlertCondition | undefined): Record<string, unknown> {
  const { kind, threshold, percent, seconds, megabytes, windowMinutes, scope } = draft;
  switch (kind) {
    case 'failures':
      return { kind, threshold, windowMinutes, scope };
    case 'failure-share':
      return { kind, percent, windowMinutes, scope };
    case 'failed-count':
    case 'backlog':
      return { kind, threshold, scope };
    case 'oldest-waiting':
      return { kind, seconds, scope };
    case 'no-workers':
      return { kind, scope };
    case 'memory':
      return { kind, percent };
    case 'memory-size':
      return { kind, megabytes };
    case 'engine-down':
      return { kind };
    case 'campaign-stopped':
      return { kind, campaignId: before?.kind === kind ? before.campaignId : null };
  }
}

/** Which fields the form shows. */
export const fieldsOf = (
  kind: AlertKind,
): {
  readonly scope: boolean;
  readonly limit: 'threshold' | 'percent' | 'seconds' | 'megabytes' | null;
  readonly window: boolean;
} => ({
  scope: !['memory', 'memory-size', 'engine-down', 'campaign-stopped'].includes(kind),
  limit: limits[kind],
  window: kind === 'failures' || kind === 'failure-share',
});

const limits = {
  failures: 'threshold',
  'failure-share': 'percent',
  'failed-count': 'threshold',
  backlog: 'threshold',
  'oldest-waiting': 'seconds',
  'no-workers': null,
  'engine-down': null,
  memory: 'percent',
  'memory-size': 'megabytes',
  'campaign-stopped': null,
} as const satisfies Readonly<Record<AlertKind, string | null>>;
