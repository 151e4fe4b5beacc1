import { jobLife, type LifeStretch } from '@shared/domain/job-life';
import type { JobDetail } from '@shared/contract/queues';
import { cx, DateTime, Duration, Section, useNow } from '@renderer/ui';
import { useJobsText } from './texts';

/** The job's life as bars under one another: how long it waited, and each attempt with how it ended. */
export function JobLifeBars({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const life = jobLife(job.timeline, job.attemptLog.at(-1)?.number);
  const isOver = life.at(-1)?.to !== null;
  const now = useNow();
  const from = life[0]?.from ?? 0;
  const to = isOver ? (life.at(-1)?.to ?? from) : Math.max(now, life.at(-1)?.from ?? 0);
  if (life.length === 0) return null;
  return (
    <Section title={t('panel.life')}>
      <ol className="flex flex-col gap-1.5">
        {life.map((stretch, index) => (
          <Stretch key={index} stretch={stretch} from={from} to={to} />
        ))}
      </ol>
      <div aria-hidden className="mt-1 flex justify-between text-xs text-ink-3">
        <DateTime at={from} show="time" />
        <DateTime at={to} show="time" />
      </div>
    </Section>
  );
}

const tones = {
  completed: 'bg-success',
  failed: 'bg-danger',
  cancelled: 'bg-danger',
  interrupted: 'bg-warning',
  running: 'bg-accent',
} as const;

const toneOf = ({ kind, outcome }: LifeStretch): string => {
  if (outcome !== null) return tones[outcome];
  return kind === 'delayed' ? 'bg-info-soft' : 'bg-neutral-soft';
};

function Stretch({ stretch, from, to }: { stretch: LifeStretch; from: number; to: number }) {
  const t = useJobsText();
  const span = Math.max(1, to - from);
  const end = stretch.to ?? to;
  const left = ((stretch.from - from) / span) * 100;
  const width = ((end - stretch.from) / span) * 100;
  const { attempt, outcome, error } = stretch;
  return (
    <li className="text-sm">
      <div className="grid grid-cols-[9rem_1fr_4.5rem] items-center gap-3">
        <span className="truncate">
          {attempt !== null
            ? t('panel.attempt', { number: attempt })
            : t(stretch.kind === 'delayed' ? 'life.delayed' : 'life.waited')}
          {stretch.unseen > 0 && (
            <span className="text-ink-2" title={t('life.unseenHint')}>
              {' '}
              {t('life.unseen', { count: stretch.unseen, amount: stretch.unseen })}
            </span>
          )}
          {outcome !== null && <span className="text-ink-2"> · {t(`life.outcome.${outcome}`)}</span>}
        </span>
        <span aria-hidden className="relative h-3 overflow-hidden rounded-xs bg-sunken">
          <span
            className={cx(
              'absolute inset-y-0 min-w-0.5 rounded-xs border border-line-control',
              toneOf(stretch),
            )}
            style={{ left: `min(${left}%, calc(100% - 2px))`, width: `${width}%` }}
          />
        </span>
        <span className="tabular text-right text-xs text-ink-2">
          {attempt !== null && stretch.to === stretch.from ? (
            '–'
          ) : (
            <Duration ms={Math.max(0, end - stretch.from)} />
          )}
        </span>
      </div>
      {error !== null && (
        <p
          className={cx(
            'mt-0.5 pl-[9.75rem] text-xs break-words',
            outcome === 'interrupted' ? 'text-ink-2' : 'text-danger-text',
          )}
        >
          {error}
        </p>
      )}
    </li>
  );
}
