import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { Incident } from '@shared/contract/alerts';
import type { AlertKind, IncidentSubject, Severity } from '@shared/domain/alert-rules';
import { queueTitle } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import type { Tone } from '@renderer/ui';
import { useAlertWords } from './texts';

/** How a severity looks: colour, shape and a word, never the colour alone. */
export const severityLooks: Readonly<Record<Severity, { readonly tone: Tone; readonly icon: LucideIcon }>> = {
  critical: { tone: 'danger', icon: CircleAlert },
  warning: { tone: 'warning', icon: TriangleAlert },
  info: { tone: 'info', icon: Info },
};

const MEGABYTE = 1_048_576;

/** A reading in the unit of its kind; null is a dash of its own. */
export function useReading(): (kind: AlertKind, value: number) => string {
  const t = useAlertWords();
  const format = useFormat();
  return (kind, value) => {
    switch (kind) {
      case 'failures':
      case 'failed-count':
      case 'backlog':
      case 'no-workers':
        return t('jobs', { count: value, formatted: format.number(value) });
      case 'failure-share':
      case 'memory':
        return format.percent(value / 100, 0);
      case 'oldest-waiting':
        return format.duration(value * 1_000);
      case 'memory-size':
        return format.bytes(value * MEGABYTE);
      case 'engine-down':
      case 'campaign-stopped':
        return t('yes');
    }
  };
}

/** Whom or what an incident is about, in words. */
export function useSubject(): (subject: IncidentSubject) => string {
  const t = useAlertWords();
  return (subject) => {
    if (subject.type === 'queue') return queueTitle(subject.queue);
    if (subject.type === 'queues') return t('allQueues');
    return subject.type === 'engine' ? subject.label : subject.name;
  };
}

/** What is wrong, in one line. Of one that is over, how far it went. */
export function useIncidentTitle(): (incident: Incident) => string {
  const t = useAlertWords();
  const format = useFormat();
  const reading = useReading();
  const subjectOf = useSubject();
  return ({ kind, subject, value, peak, resolvedAt }) => {
    const shown = resolvedAt === null ? (value ?? peak) : peak;
    const queue = subjectOf(subject);
    switch (kind) {
      case 'failures':
      case 'failed-count':
      case 'backlog':
        return t(`title.${kind}`, { queue, count: shown, formatted: format.number(shown) });
      case 'failure-share':
      case 'oldest-waiting':
        return t(`title.${kind}`, { queue, value: reading(kind, shown) });
      case 'no-workers':
        return t('title.no-workers', { queue });
      case 'engine-down':
        return t('title.engine-down');
      case 'memory':
      case 'memory-size':
        return t(`title.${kind}`, { value: reading(kind, shown) });
      case 'campaign-stopped':
        return t('title.campaign-stopped', { name: queue });
    }
  };
}
