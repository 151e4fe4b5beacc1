import { useEffect, useRef, useState } from 'react';
import type { JobId } from '@shared/domain/ids';
import type { QueueName } from '@shared/domain/queues';
import { toAppError } from '@shared/errors';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, CopyButton, ErrorState, SkeletonLines, Switch } from '@renderer/ui';
import { LOG_LINES, useJobLogs } from './queries';
import { useJobsText } from './texts';

/** Within this many pixels of the end one is at the end. */
const AT_END = 24;

/** What a job wrote, the end first in sight; follows while the job runs unless one scrolls up. */
export function LogTail({ queue, jobId }: { queue: QueueName; jobId: JobId }) {
  const t = useJobsText();
  const format = useFormat();
  const [most, setMost] = useState(LOG_LINES);
  const [follow, setFollow] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const { data, error, refetch } = useJobLogs(queue, jobId, most);
  const newest = data?.total;

  useEffect(() => {
    if (follow && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [follow, newest]);

  if (error && !data) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines lines={5} />;
  if (data.total === 0) return <p className="text-sm text-ink-3">{t('panel.noLogs')}</p>;
  const first = data.total - data.lines.length + 1;
  return (
    <figure
      aria-label={t('panel.logs')}
      className="flex min-h-0 flex-col overflow-hidden rounded-md border border-line bg-sunken"
    >
      <div className="flex h-9 shrink-0 items-center gap-3 border-b border-line pr-1 pl-3">
        <span className="flex-1 text-xs text-ink-2">
          {t('panel.logLines', { count: data.total, shown: format.number(data.total) })}
        </span>
        {first > 1 && (
          <Button size="sm" onClick={() => setMost(most * 2)}>
            {t('panel.earlierLines')}
          </Button>
        )}
        <Switch label={t('panel.follow')} checked={follow} onCheckedChange={setFollow} />
        <CopyButton text={() => data.lines.join('\n')} />
      </div>
      <div
        ref={box}
        role="log"
        tabIndex={0}
        aria-label={t('panel.logs')}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) =>
          setFollow(scrollHeight - scrollTop - clientHeight < AT_END)
        }
        className="max-h-[60vh] min-h-0 overflow-auto py-2 font-mono text-xs leading-5 -outline-offset-2"
      >
        {data.lines.map((line, index) => (
          <div key={first + index} className="flex gap-3 px-3">
            <span aria-hidden className="w-8 shrink-0 text-right text-ink-3 select-none">
              {first + index}
            </span>
            <span className="min-w-0 break-words whitespace-pre-wrap">{line}</span>
          </div>
        ))}
      </div>
    </figure>
  );
}
