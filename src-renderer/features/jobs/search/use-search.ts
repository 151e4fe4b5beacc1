import { useEffect, useRef, useState } from 'react';
import type { JobSummary } from '@shared/contract/queues';
import type { SearchFilter, SearchNews } from '@shared/contract/searches';
import type { AppError } from '@shared/errors';
import { client } from '@renderer/platform/client';

export type SearchStatus = 'running' | 'complete' | 'stopped' | 'failed';

export interface JobSearch {
  readonly status: SearchStatus;
  readonly jobs: readonly JobSummary[];
  /** The latest word of it. */
  readonly news: SearchNews | undefined;
  readonly error: AppError | undefined;
  /** What was found so far stays. */
  readonly stop: () => void;
  readonly again: () => void;
}

interface State {
  readonly key: string;
  readonly status: SearchStatus;
  readonly jobs: readonly JobSummary[];
  readonly news: SearchNews | undefined;
  readonly error: AppError | undefined;
}

const begun = (key: string): State => ({
  key,
  status: 'running',
  jobs: [],
  news: undefined,
  error: undefined,
});

/** A search from its first word to its last; another filter is another search. */
export function useJobSearch(filter: SearchFilter): JobSearch {
  const [round, setRound] = useState(0);
  const key = JSON.stringify([filter, round]);
  const [state, setState] = useState(() => begun(key));
  const close = useRef<() => void>(undefined);
  if (state.key !== key) setState(begun(key));
  const [held, hold] = useState({ key, filter });
  if (held.key !== key) hold({ key, filter });

  useEffect(() => {
    const change = (next: (last: State) => State): void =>
      setState((last) => (last.key === held.key ? next(last) : last));
    close.current = client.searches.run(
      { filter: held.filter },
      {
        next: (news) =>
          change((last) => ({
            ...last,
            news,
            jobs: news.jobs.length === 0 ? last.jobs : [...last.jobs, ...news.jobs],
            status: news.complete ? 'complete' : last.status,
          })),
        end: (result) =>
          change((last) => {
            if (last.status !== 'running') return last;
            return result.ok
              ? { ...last, status: 'stopped' }
              : { ...last, status: 'failed', error: result.error };
          }),
      },
    );
    return () => close.current?.();
  }, [held]);

  return {
    ...state,
    stop: () => {
      close.current?.();
      setState((last) => (last.status === 'running' ? { ...last, status: 'stopped' } : last));
    },
    again: () => setRound(round + 1),
  };
}
