import { JobId } from '@shared/domain/ids';
import type { JobDetail } from '@shared/contract/queues';
import { JobPrioritySchema, priorityLabels, QueueName } from '@shared/domain/queues';
import {
  CodeBlock,
  cx,
  DateTime,
  Duration,
  Link,
  Progress,
  type Property,
  PropertyList,
  Section,
  StackTrace,
  StateBadge,
} from '@renderer/ui';
import { useJobsText } from './texts';

const moment = (instant: string | null) => (instant === null ? null : <DateTime at={Date.parse(instant)} />);

const between = (from: string | null, to: string | null) =>
  from === null || to === null ? null : <Duration ms={Math.max(0, Date.parse(to) - Date.parse(from))} />;

/** What the job is and when things happened to it. */
export function JobFacts({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const priority = JobPrioritySchema.safeParse(job.priority);
  const properties: readonly Property[] = [
    { label: t('column.subject'), value: job.subject },
    { label: t('panel.priority'), value: priority.success ? priorityLabels[priority.data] : job.priority },
    {
      label: t('panel.attemptsMade'),
      value: t('panel.attemptsOf', { made: job.attemptsMade, most: job.attempts }),
    },
    { label: t('panel.added'), value: moment(job.createdAt) },
    ...(job.runsAt === null ? [] : [{ label: t('panel.due'), value: moment(job.runsAt) }]),
    { label: t('panel.started'), value: moment(job.startedAt) },
    { label: t('panel.finished'), value: moment(job.finishedAt) },
    { label: t('panel.waited'), value: between(job.createdAt, job.startedAt) },
    { label: t('panel.took'), value: between(job.startedAt, job.finishedAt) },
    { label: t('panel.worker'), value: job.processedBy },
  ];
  return (
    <div className="flex flex-col gap-4">
      {job.failedReason !== null && <CodeBlock label={t('panel.error')} text={job.failedReason} wrap />}
      {job.state === 'active' && <Progress label={t('panel.progress')} done={job.progress} total={100} />}
      <PropertyList properties={properties} />
      <JobFlow job={job} />
    </div>
  );
}

function JobFlow({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const relatives = [
    ...(job.parent ? [{ what: t('panel.parent'), ref: job.parent }] : []),
    ...job.children.map((ref) => ({ what: t('panel.child'), ref })),
  ];
  if (relatives.length === 0) return null;
  return (
    <Section title={t('panel.flow')}>
      <ul className="flex flex-col gap-1 text-sm">
        {relatives.map(({ what, ref }) => {
          const queue = QueueName.safeParse(ref.queue);
          const id = JobId.safeParse(ref.id);
          const name = ref.name ?? ref.id;
          return (
            <li key={`${ref.queue}:${ref.id}`} className="flex items-center gap-2">
              <span className="w-14 text-ink-3">{what}</span>
              <span className="min-w-0 flex-1 truncate">
                {queue.success && id.success ? (
                  <Link
                    to="/jobs"
                    search={{ queue: queue.data, state: ref.state ?? undefined, job: id.data }}
                  >
                    {name}
                  </Link>
                ) : (
                  name
                )}
              </span>
              {ref.state !== null && <StateBadge state={ref.state} look="plain" />}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

const failing = new Set(['failed', 'failed-attempt', 'cancelled']);

/** What happened, in order. */
export function JobTimeline({ job }: { job: JobDetail }) {
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
            <span className="shrink-0 text-ink-3">
              <DateTime at={Date.parse(entry.at)} show="time" />
            </span>
            <span className="min-w-0 break-words">
              <span className="font-medium">{t(`event.${entry.what}`)}</span>
              {entry.detail !== null && <span className="text-ink-2"> {entry.detail}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** Each run of the job, the last first, with its stack trace. */
export function JobAttempts({ job }: { job: JobDetail }) {
  const t = useJobsText();
  if (job.attemptLog.length === 0) return <p className="text-sm text-ink-3">{t('panel.noAttempts')}</p>;
  return (
    <div className="flex flex-col gap-5">
      {[...job.attemptLog].reverse().map((attempt) => {
        const label = t('panel.attempt', { number: attempt.number });
        return (
          <Section
            key={attempt.number}
            title={label}
            hint={moment(attempt.startedAt)}
            actions={
              <span className="text-xs text-ink-2">{between(attempt.startedAt, attempt.finishedAt)}</span>
            }
          >
            {attempt.stack !== null ? (
              <StackTrace label={label} stack={attempt.stack} />
            ) : (
              attempt.error !== null && <CodeBlock label={label} labelHidden text={attempt.error} wrap />
            )}
          </Section>
        );
      })}
    </div>
  );
}
