import { keepPreviousData, skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Audience } from '@shared/contract/campaigns';
import type { ResultFilter, TemplateRun } from '@shared/contract/template-runs';
import type { Channel } from '@shared/contract/templates';
import type { TemplateId } from '@shared/domain/ids';
import type { Result } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { useRowPages } from '@renderer/platform/use-row-pages';
import { useSteadyRefresh } from '@renderer/platform/use-steady-refresh';
import { tellFailure } from '../queries';

const RUNS = ['templateRuns'] as const;
/** What renders is read again this often. */
const REFRESH_MS = 700;

const isRunning = (run: TemplateRun): boolean => run.state === 'running';

export const useRuns = (templateId: TemplateId) =>
  useQuery({
    queryKey: [...RUNS, 'list', templateId],
    queryFn: ({ signal }) => callQuery(client.templateRuns.list({ templateId }, { signal })),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.runs.some(isRunning) === true ? REFRESH_MS : false),
  });

/** The results in sight, read again as the run goes on; what is on the screen stays until then. */
export function useResults({ id, done }: Pick<TemplateRun, 'id' | 'done'>, filter: ResultFilter) {
  const key = useMemo(() => [...RUNS, 'results', id], [id]);
  useSteadyRefresh(key, String(done), false);
  return useRowPages([...key, filter], (start, count, signal) =>
    callQuery(client.templateRuns.results({ runId: id, filter, start, count }, { signal })),
  );
}

export const useTags = () =>
  useQuery({
    queryKey: ['contacts', 'tags'],
    queryFn: ({ signal }) => callQuery(client.contacts.tags({}, { signal })),
  });

export const useImports = () =>
  useQuery({
    queryKey: ['imports', 'list', 'for-message'],
    queryFn: ({ signal }) => callQuery(client.imports.list({ limit: 100 }, { signal })),
  });

/** Contacts whose name, phone or email begins like this; the newest where nothing is typed. */
export const useFoundContacts = (search: string) =>
  useQuery({
    queryKey: ['contacts', 'found', search],
    queryFn: ({ signal }) => callQuery(client.contacts.list({ search, limit: 30 }, { signal })),
    placeholderData: keepPreviousData,
  });

/** How many contacts an audience is. */
export const useAudienceSize = (audience: Audience | null, channel: Channel) =>
  useQuery({
    queryKey: ['campaigns', 'estimate', audience, channel],
    queryFn:
      audience === null
        ? skipToken
        : ({ signal }) => callQuery(client.campaigns.estimate({ audience, channel }, { signal })),
    placeholderData: keepPreviousData,
  });

/** Acts on runs and reads them again; what goes wrong is told as a toast. */
export const useRunAction = <I, T>(act: (input: I) => Promise<Result<T>>) => {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (input: I) => callQuery(act(input)),
    onSuccess: () => cache.invalidateQueries({ queryKey: RUNS }),
    onError: (error) => tellFailure(wordsOf(error)),
  });
};
