import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ChildKind, JobDetail } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { QueueName, queueTitle } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { callQuery, client } from '@renderer/platform/client';
import { Button, cx, ErrorState, Link, Section, SkeletonLines, StateBadge } from '@renderer/ui';
import { detailKey } from './queries';
import { useJobsText } from './texts';

type JobRef = JobDetail['children'][number];

/** Those that need looking after come first. */
const KINDS = ['failed', 'ignored', 'unprocessed', 'processed'] as const satisfies readonly ChildKind[];
/** Children of children are opened this deep; from there each job has its own panel. */
const MAX_DEPTH = 10;

/** The jobs that this one waits for or is waited for by, as a tree, each a link. */
export function JobFlow({ job }: { job: JobDetail }) {
  const t = useJobsText();
  const { ancestors, children } = job;
  if (ancestors.length === 0 && children.length === 0)
    return <p className="text-sm text-ink-3">{t('panel.noFlow')}</p>;
  return (
    <div className="flex flex-col gap-5">
      {ancestors.length > 0 && (
        <Section title={t('panel.parent')} hint={t('panel.parentHint')}>
          <ol className="rounded-md border border-line text-sm">
            {[...ancestors].reverse().map((ref, depth) => (
              <li key={`${ref.queue}:${ref.id}`} style={{ paddingLeft: depth * 16 }}>
                <RefRow reference={ref} />
              </li>
            ))}
          </ol>
        </Section>
      )}
      {children.length > 0 && (
        <Section title={t('panel.children')} hint={t('panel.childrenHint')}>
          <Children queue={job.queue} jobId={job.id} depth={1} />
        </Section>
      )}
    </div>
  );
}

interface ChildrenProps {
  queue: QueueName;
  jobId: JobId;
  depth: number;
}

/** All children of one job, by how they ended, a page at a time. */
function Children(props: ChildrenProps) {
  return (
    <div className="flex flex-col gap-3">
      {KINDS.map((kind) => (
        <ChildrenOfKind key={kind} {...props} kind={kind} />
      ))}
    </div>
  );
}

function ChildrenOfKind({ queue, jobId, depth, kind }: ChildrenProps & { kind: ChildKind }) {
  const t = useJobsText();
  const format = useFormat();
  const pages = useInfiniteQuery({
    queryKey: [...detailKey(queue, jobId), 'children', kind],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      callQuery(client.queues.jobChildren({ queue, jobId, kind, cursor: pageParam }, { signal })),
    getNextPageParam: ({ next }) => next,
  });
  if (pages.error) return <ErrorState error={toAppError(pages.error)} onRetry={() => void pages.refetch()} />;
  if (!pages.data) return kind === KINDS[0] ? <SkeletonLines lines={3} /> : null;
  const total = pages.data.pages[0]?.totals[kind] ?? 0;
  const refs = pages.data.pages.flatMap(({ children }) => children);
  if (total === 0) return null;
  return (
    <div>
      <h4 className="pb-1 text-xs font-medium text-ink-2">
        {t(`childKind.${kind}`)} <span className="tabular text-ink-3">{format.number(total)}</span>
      </h4>
      <ul className="divide-y divide-line rounded-md border border-line text-sm">
        {refs.map((ref) => (
          <ChildRow key={`${ref.queue}:${ref.id}`} reference={ref} depth={depth} />
        ))}
      </ul>
      {pages.hasNextPage && (
        <div className="pt-1.5">
          <Button size="sm" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('panel.moreChildren', { shown: format.number(refs.length), total: format.number(total) })}
          </Button>
        </div>
      )}
    </div>
  );
}

function ChildRow({ reference, depth }: { reference: JobRef; depth: number }) {
  const t = useJobsText();
  const [open, setOpen] = useState(false);
  const queue = QueueName.safeParse(reference.queue);
  const id = JobId.safeParse(reference.id);
  const canOpen = queue.success && id.success && depth < MAX_DEPTH && reference.name !== null;
  return (
    <li>
      <RefRow
        reference={reference}
        before={
          canOpen && (
            <button
              type="button"
              aria-expanded={open}
              aria-label={t('panel.childrenOf', { id: reference.id })}
              className="flex size-6 shrink-0 items-center justify-center rounded-xs text-ink-3 hover:bg-pressed"
              onClick={() => setOpen(!open)}
            >
              <ChevronRight
                size={13}
                aria-hidden
                className={cx('transition-transform', open && 'rotate-90')}
              />
            </button>
          )
        }
      />
      {open && canOpen && (
        <div className="pb-2 pl-6">
          <Children queue={queue.data} jobId={id.data} depth={depth + 1} />
        </div>
      )}
    </li>
  );
}

function RefRow({ reference, before }: { reference: JobRef; before?: ReactNode }) {
  return (
    <div className="flex min-h-8 items-center gap-2 px-2 py-1">
      {before}
      <span className="min-w-0 flex-1 truncate">
        <RefName reference={reference} />
      </span>
      {reference.state !== null && <StateBadge state={reference.state} look="plain" />}
    </div>
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
      <span className="text-ink-3"> · {queueTitle(queue.data)} · </span>
      <span className="font-mono text-xs text-ink-3">{reference.id}</span>
    </>
  );
}
