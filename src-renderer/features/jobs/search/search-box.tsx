import { Search, X } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import { JobId } from '@shared/domain/ids';
import { type QueryProblem } from '@shared/domain/job-query';
import { queryTerms } from '@shared/domain/query-terms';
import { queueTitle } from '@shared/domain/queues';
import { client } from '@renderer/platform/client';
import { Dialog, IconButton, KeyHint, StateBadge, TextField } from '@renderer/ui';
import { useSearchText } from './texts';

type Text = ReturnType<typeof useSearchText>;

interface SearchBoxProps {
  /** The line that is searched for now; empty for none. */
  query: string;
  /** What cannot be read of it. */
  problem: QueryProblem | undefined;
  onQuery: (query: string) => void;
  /** A job has just the id that was typed. */
  onFound: (job: JobSummary) => void;
  /** The box, so that a key can put the focus there. */
  input: RefObject<HTMLInputElement | null>;
}

/** One line for everything: a job's id opens it, anything else searches in all queues. */
export function SearchBox({ query, problem, onQuery, onFound, input }: SearchBoxProps) {
  const t = useSearchText();
  const [typed, setTyped] = useState({ of: query, text: query });
  const [several, setSeveral] = useState<readonly JobSummary[]>([]);
  const asked = useRef<AbortController | null>(null);
  // Another search, from the controls or from the way back: what was typed belongs to the last one.
  if (typed.of !== query) setTyped({ of: query, text: query });
  const { text } = typed;

  const submit = async (): Promise<void> => {
    const line = text.trim();
    asked.current?.abort();
    const jobId = idIn(line);
    if (jobId !== undefined) {
      const own = new AbortController();
      asked.current = own;
      const result = await client.queues.findJob({ jobId }, { signal: own.signal });
      if (own.signal.aborted) return;
      const [first, ...rest] = result.ok ? result.value.jobs : [];
      if (first !== undefined) {
        if (rest.length === 0) onFound(first);
        else setSeveral([first, ...rest]);
        return;
      }
    }
    onQuery(line);
  };

  return (
    <form
      role="search"
      className="min-w-0 flex-1"
      onSubmit={(event) => {
        event.preventDefault();
        submit().catch(reportError);
      }}
    >
      <TextField
        ref={input}
        label={t('label')}
        labelHidden
        placeholder={t('placeholder')}
        icon={Search}
        mono
        trailing={
          text === '' ? (
            <KeyHint keys="/" className="pr-1" />
          ) : (
            <IconButton
              icon={X}
              size="sm"
              label={t('clear')}
              onClick={() => {
                setTyped({ of: query, text: '' });
                if (query !== '') onQuery('');
                input.current?.focus();
              }}
            />
          )
        }
        value={text}
        error={problem && problemText(query, problem, t)}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped({ of: query, text: event.target.value })}
      />
      <SeveralJobs jobs={several} onClose={() => setSeveral([])} onFound={onFound} />
    </form>
  );
}

/** What is wrong, and the place it is at. */
const problemText = (query: string, { message, from, to }: QueryProblem, t: Text): string =>
  `${message} ${t('place', { at: from + 1, text: query.slice(from, to) })}`;

interface SeveralJobsProps {
  jobs: readonly JobSummary[];
  onClose: () => void;
  onFound: (job: JobSummary) => void;
}

function SeveralJobs({ jobs, onClose, onFound }: SeveralJobsProps) {
  const t = useSearchText();
  return (
    <Dialog
      open={jobs.length > 0}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('several')}
      width="sm"
    >
      <ul className="flex flex-col gap-1">
        {jobs.map((job) => (
          <li key={job.queue}>
            <button
              type="button"
              className="flex w-full items-center gap-3 rounded-sm px-2 py-1.5 text-left text-sm hover:bg-hover"
              onClick={() => {
                onClose();
                onFound(job);
              }}
            >
              <span className="flex-1 font-medium">{queueTitle(job.queue)}</span>
              <span className="text-ink-2">{job.name}</span>
              <StateBadge state={job.state} />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** The line as an id, where it is one word and nothing else. */
const idIn = (line: string): JobId | undefined => {
  const read = queryTerms(line);
  const [term, ...rest] = read.ok ? read.terms : [];
  if (term === undefined || rest.length > 0 || term.key !== null) return undefined;
  return JobId.safeParse(line).data;
};
