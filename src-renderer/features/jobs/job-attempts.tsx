import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { JobDetail } from '@shared/contract/queues';
import { Badge, CodeBlock, cx, StackTrace } from '@renderer/ui';
import { between, moment } from './job-times';
import { useJobsText } from './texts';

type Attempt = JobDetail['attemptLog'][number];

/** Each run of the job, the last first and open, with its stack trace. */
export function JobAttempts({ job }: { job: JobDetail }) {
  const t = useJobsText();
  if (job.attemptLog.length === 0) return <p className="text-sm text-ink-3">{t('panel.noAttempts')}</p>;
  const [last, ...earlier] = [...job.attemptLog].reverse();
  return (
    <ol className="flex flex-col gap-3">
      {last && <AttemptItem attempt={last} job={job} startOpen />}
      {earlier.map((attempt, index) => (
        <AttemptItem key={index} attempt={attempt} job={job} startOpen={false} />
      ))}
    </ol>
  );
}

function AttemptItem({ attempt, job, startOpen }: { attempt: Attempt; job: JobDetail; startOpen: boolean }) {
  const t = useJobsText();
  const [open, setOpen] = useState(startOpen);
  const label = t('panel.attempt', { number: attempt.number });
  return (
    <li className="overflow-hidden rounded-md border border-line">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex h-9 w-full items-center gap-2 px-2.5 text-left text-sm -outline-offset-2 hover:bg-hover"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={cx('shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <span className="font-medium">{label}</span>
        <Outcome attempt={attempt} />
        <span className="flex-1" />
        <span className="text-xs text-ink-3">{moment(attempt.startedAt)}</span>
        <span className="w-14 text-right text-xs text-ink-2">
          {between(attempt.startedAt, attempt.finishedAt)}
        </span>
      </button>
      {open && <div className="border-t border-line p-2.5">{bodyOf(attempt, job, label, t)}</div>}
    </li>
  );
}

function Outcome({ attempt }: { attempt: Attempt }) {
  const t = useJobsText();
  if (attempt.error !== null) return <Badge tone="danger">{t('panel.outcome.failed')}</Badge>;
  if (attempt.finishedAt === null) return <Badge tone="accent">{t('panel.outcome.running')}</Badge>;
  return <Badge tone="success">{t('panel.outcome.ended')}</Badge>;
}

const bodyOf = (
  { error, stack }: Attempt,
  job: JobDetail,
  label: string,
  t: ReturnType<typeof useJobsText>,
): ReactNode => {
  if (stack !== null) return <StackTrace label={label} stack={stack} />;
  if (error !== null) return <CodeBlock label={label} labelHidden text={error} wrap />;
  return (
    <p className="text-sm text-ink-2">
      {t('panel.ranOn', { worker: job.processedBy ?? t('panel.unknownWorker') })}
    </p>
  );
};
