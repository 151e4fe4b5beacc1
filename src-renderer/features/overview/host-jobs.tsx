import { useState } from 'react';
import type { WorkerHost } from '@shared/contract/workers';
import { queueTitle } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Link, Progress, RelativeTime } from '@renderer/ui';
import { useOverviewText } from './texts';

/** So many are listed until all are asked for: a worker may run dozens. */
const FEW = 5;

/** What a worker process works on: which job, since when, and how far it is. The longest at work first. */
export function HostJobs({ host }: { readonly host: WorkerHost }) {
  const t = useOverviewText();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const jobs = [...host.jobs].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  const more = jobs.length - FEW;
  return (
    <>
      <ul
        aria-label={t('workers.jobs', { host: host.host, pid: String(host.pid) })}
        className="flex flex-col"
      >
        {(all ? jobs : jobs.slice(0, FEW)).map(({ queue, id, name, startedAt, progress }) => (
          <li key={`${queue} ${id}`} className="flex min-w-0 items-center gap-3 py-1 pr-4 text-xs">
            <span className="shrink-0">
              <Link to="/jobs" search={{ queue, state: 'active', job: id }}>
                {name}
              </Link>
            </span>
            <span className="max-w-[22rem] min-w-0 truncate font-mono text-2xs text-ink-3" title={id}>
              {id}
            </span>
            <span className="shrink-0 text-ink-3">{queueTitle(queue)}</span>
            <span className="ml-auto shrink-0 text-ink-2">
              {t('workers.sinceWhen')} <RelativeTime at={Date.parse(startedAt)} />
            </span>
            <div className="w-24 shrink-0">
              <Progress
                label={t('workers.progressOf', { name })}
                labelHidden
                size="sm"
                done={progress}
                total={100}
              />
            </div>
            <span className="tabular w-10 shrink-0 text-right">{format.percent(progress / 100, 0)}</span>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <Button size="sm" variant="ghost" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('workers.fewer') : t('workers.more', { count: more })}
        </Button>
      )}
    </>
  );
}
