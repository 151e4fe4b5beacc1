import type { JobDetail } from '@shared/contract/queues';
import { cx, DateTime, Section } from '@renderer/ui';
import { useJobsText } from './texts';

const failing = new Set(['failed', 'failed-attempt', 'cancelled']);

/** What happened, in order. */
export function JobEvents({ job }: { job: JobDetail }) {
  const t = useJobsText();
  return (
    <Section title={t('panel.timeline')}>
      <ol className="ml-1 border-l border-line">
        {job.timeline.map((entry, index) => (
          <li key={index} className="relative flex gap-3 py-1 pl-4 text-sm">
            <span
              aria-hidden
              className={cx(
                'absolute top-2.5 -left-1 size-2 rounded-full',
                failing.has(entry.what)
                  ? 'bg-danger'
                  : entry.what === 'completed'
                    ? 'bg-success'
                    : 'bg-neutral',
              )}
            />
            <span className="min-w-18 shrink-0 text-ink-3">
              {entry.timeUnknown ? (
                <span title={t('panel.timeUnknown')}>{t('panel.sometime')}</span>
              ) : (
                <DateTime at={Date.parse(entry.at)} show="time" />
              )}
            </span>
            <span className="min-w-0 break-words">
              <span className="font-medium">{t(`event.${entry.what}`)}</span>
              {entry.detail !== null && <span className="text-ink-2"> {entry.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
      {job.timeline.some(({ timeUnknown }) => timeUnknown) && (
        <p className="mt-1 text-xs text-ink-3">{t('panel.timeUnknown')}</p>
      )}
    </Section>
  );
}
