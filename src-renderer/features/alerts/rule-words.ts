import type { AlertRule, RuleStanding } from '@shared/contract/alerts';
import { scopeOf, thresholdOf } from '@shared/domain/alert-rules';
import { queueTitle } from '@shared/domain/queues';
import { useReading, useSubject } from '@renderer/alerts/incident-words';
import { useFormat } from '@renderer/i18n/use-format';
import type { Tone } from '@renderer/ui';
import { useAlertsText } from './texts';

const SECOND = 1_000;

/** What a rule says, in one sentence: "10 jobs or more failed within 5m, in any queue, for 1m". */
export function useRuleSentence(): (rule: Pick<AlertRule, 'condition' | 'forSeconds'>) => string {
  const t = useAlertsText();
  const format = useFormat();
  const reading = useReading();
  return ({ condition, forSeconds }) => {
    const limit = reading(condition.kind, thresholdOf(condition));
    const window = 'windowMinutes' in condition ? format.duration(condition.windowMinutes * 60 * SECOND) : '';
    const scope = scopeOf(condition);
    const where =
      scope === undefined
        ? null
        : scope.of === 'queue'
          ? t('says.in', { queue: queueTitle(scope.queue) })
          : t(`says.${scope.of}`);
    const lasting =
      forSeconds === 0 ? t('says.atOnce') : t('says.for', { time: format.duration(forSeconds * SECOND) });
    return [t(`says.${condition.kind}`, { limit, window }), where, lasting]
      .filter((part) => part !== null)
      .join(', ');
  };
}

export const phaseTones: Readonly<Record<RuleStanding['phase'], Tone>> = {
  ok: 'success',
  pending: 'warning',
  firing: 'danger',
  unknown: 'neutral',
};

/** The worst reading of a rule, and of what; empty where there is nothing to say. */
export function useStandingWords(): (rule: AlertRule, standing: RuleStanding) => string {
  const t = useAlertsText();
  const reading = useReading();
  const subjectOf = useSubject();
  return ({ condition }, { phase, value, subject }) => {
    if (phase === 'unknown')
      return t('windowMinutes' in condition ? 'rules.unwatchedHint' : 'rules.unknownHint');
    // Yes or no is said by the phase; that there is nothing of it, too.
    const isYesOrNo = condition.kind === 'engine-down' || condition.kind === 'campaign-stopped';
    if (value === null || value === 0 || subject === null || isYesOrNo) return '';
    return subject.type === 'queue'
      ? t('rules.reading', { value: reading(condition.kind, value), subject: subjectOf(subject) })
      : reading(condition.kind, value);
  };
}
