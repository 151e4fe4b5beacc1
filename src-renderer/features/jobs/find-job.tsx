import { Search } from 'lucide-react';
import { useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { queueTitles } from '@shared/domain/queues';
import { client } from '@renderer/platform/client';
import { Dialog, showToast, StateBadge, TextField } from '@renderer/ui';
import { useJobsText } from './texts';

/** Finds a job by its id in all queues; asks which where several queues have it. */
export function FindJob({ onFound }: { onFound: (job: JobSummary) => void }) {
  const t = useJobsText();
  const [text, setText] = useState('');
  const [several, setSeveral] = useState<readonly JobSummary[]>([]);
  const asked = useRef<AbortController | null>(null);

  const find = async (): Promise<void> => {
    const jobId = JobId.safeParse(text.trim());
    if (!jobId.success) return;
    asked.current?.abort();
    const own = new AbortController();
    asked.current = own;
    const result = await client.queues.findJob({ jobId: jobId.data }, { signal: own.signal });
    if (own.signal.aborted) return;
    if (!result.ok) {
      showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
      return;
    }
    const [first, ...rest] = result.value.jobs;
    if (!first) {
      showToast({
        title: t('find.none', { id: jobId.data }),
        description: t('find.noneHint'),
        tone: 'warning',
      });
    } else if (rest.length === 0) onFound(first);
    else setSeveral(result.value.jobs);
  };

  return (
    <form
      role="search"
      className="w-56"
      onSubmit={(event) => {
        event.preventDefault();
        find().catch(reportError);
      }}
    >
      <TextField
        label={t('find.label')}
        labelHidden
        placeholder={t('find.placeholder')}
        icon={Search}
        mono
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Dialog open={several.length > 0} onOpenChange={() => setSeveral([])} title={t('find.several')}>
        <ul className="flex flex-col gap-1">
          {several.map((job) => (
            <li key={job.queue}>
              <button
                type="button"
                className="flex w-full items-center gap-3 rounded-sm px-2 py-1.5 text-left text-sm hover:bg-hover"
                onClick={() => {
                  setSeveral([]);
                  onFound(job);
                }}
              >
                <span className="flex-1 font-medium">{queueTitles[job.queue]}</span>
                <span className="text-ink-2">{job.name}</span>
                <StateBadge state={job.state} />
              </button>
            </li>
          ))}
        </ul>
      </Dialog>
    </form>
  );
}
