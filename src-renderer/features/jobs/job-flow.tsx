import type { JobDetail } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { QueueName, queueTitles } from '@shared/domain/queues';
import { Link, NumberText, Section, StateBadge } from '@renderer/ui';
import { useJobsText } from './texts';

type JobRef = JobDetail['children'][number];

/** The jobs that this one waits for or is waited for by, each a link. */
export function JobFlow({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const { parent, children } = job;
  if (parent === null && children.length === 0)
    return <p className="text-sm text-ink-3">{t('panel.noFlow')}</p>;
  return (
    <div className="flex flex-col gap-5">
      {parent && (
        <Section title={t('panel.parent')} hint={t('panel.parentHint')}>
          <Refs refs={[parent]} />
        </Section>
      )}
      {children.length > 0 && (
        <Section
          title={t('panel.children')}
          hint={t('panel.childrenHint')}
          actions={
            <span className="text-xs text-ink-2">
              <NumberText value={children.length} />
            </span>
          }
        >
          <Refs refs={children} />
        </Section>
      )}
    </div>
  );
}

function Refs({ refs }: { refs: readonly JobRef[] }) {
  return (
    <ul className="divide-y divide-line rounded-md border border-line text-sm">
      {refs.map((ref) => (
        <li key={`${ref.queue}:${ref.id}`} className="flex items-center gap-3 px-3 py-1.5">
          <span className="min-w-0 flex-1 truncate">
            <RefName reference={ref} />
          </span>
          {ref.state !== null && <StateBadge state={ref.state} look="plain" />}
        </li>
      ))}
    </ul>
  );
}

/** A link where the job is in a queue of ours. */
function RefName({ reference }: { reference: JobRef }) {
  const queue = QueueName.safeParse(reference.queue);
  const id = JobId.safeParse(reference.id);
  const name = reference.name ?? reference.id;
  if (!queue.success || !id.success) return name;
  return (
    <>
      <Link to="/jobs" search={{ queue: queue.data, state: reference.state ?? undefined, job: id.data }}>
        {name}
      </Link>
      <span className="text-ink-3"> · {queueTitles[queue.data]} · </span>
      <span className="font-mono text-xs text-ink-3">{reference.id}</span>
    </>
  );
}
