import { Search } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { queueTitles } from '@shared/domain/queues';
import { client } from '@renderer/platform/client';
import { Dialog, KeyHint, showToast, StateBadge, TextField } from '@renderer/ui';
import { useJobsText } from './texts';

interface FindJobProps {
  onFound: (job: JobSummary) => void;
  /** The box, so that a key can put the focus there. */
  input: RefObject<HTMLInputElement | null>;
}

/** Finds a job by its id in all queues; asks which where several queues have it. */
export function FindJob({ onFound, input }: FindJobProps) {
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
      className="w-64"
      onSubmit={(event) => {
        event.preventDefault();
        find().catch(reportError);
      }}
    >
      <TextField
        ref={input}
        label={t('find.label')}
        labelHidden
        placeholder={t('find.placeholder')}
        icon={Search}
        trailing={<KeyHint keys={text === '' ? '/' : 'Enter'} className="pr-1" />}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      <Dialog
        open={several.length > 0}
        onOpenChange={(open) => {
          if (!open) setSeveral([]);
        }}
        title={t('find.several')}
        width="sm"
      >
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
