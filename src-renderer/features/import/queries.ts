import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ImportOptions, Mapping } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import type { GivenFile } from '@renderer/platform/files';
import { sourceOf } from '@renderer/platform/upload';
import { showToast } from '@renderer/ui';

/** Rows of a list on the import's page; all of them are in its spreadsheet. */
const SHOWN_ROWS = 100;

const key = {
  list: ['imports', 'list'] as const,
  draft: (importId: ImportId) => ['imports', 'draft', importId] as const,
  rejected: (importId: ImportId) => ['imports', 'rejected', importId] as const,
};

export const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
};

export const useImports = () =>
  useQuery({
    queryKey: key.list,
    queryFn: ({ signal }) => callQuery(client.imports.list({ limit: 50 }, { signal })),
    refetchInterval: 5_000,
  });

/** Opens a file as a draft; nothing is written into the contacts. */
export const useOpenFile = () =>
  useMutation({
    mutationFn: async (file: GivenFile) =>
      callQuery(client.imports.open({ source: unwrap(await sourceOf(file)) })),
  });

export const useSampleData = () =>
  useMutation({ mutationFn: () => callQuery(client.app.loadSampleData({})), onError: showProblem });

export const useSummary = (importId: ImportId) =>
  useQuery({
    queryKey: ['imports', 'summary', importId],
    queryFn: ({ signal }) => callQuery(client.imports.get({ importId }, { signal })),
  });

export const useDraft = (importId: ImportId, enabled: boolean) =>
  useQuery({
    queryKey: key.draft(importId),
    queryFn: ({ signal }) => callQuery(client.imports.draft({ importId }, { signal })),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Another sheet or header row of the same file. */
export const useInspect = (importId: ImportId) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (place: { readonly sheet: string; readonly headerRow?: number }) =>
      callQuery(client.imports.inspect({ importId, ...place })),
    onSuccess: (draft) => queryClient.setQueryData(key.draft(importId), draft),
    onError: showProblem,
  });
};

interface Settings {
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  readonly continueImport: boolean;
}

export const useStart = (importId: ImportId) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (settings: Settings) => callQuery(client.imports.start({ importId, ...settings })),
    onSuccess: (summary) => {
      queryClient.setQueryData(['imports', 'summary', summary.id], summary);
      void queryClient.invalidateQueries({ queryKey: key.rejected(summary.id) });
      void queryClient.invalidateQueries({ queryKey: key.list });
    },
    onError: showProblem,
  });
};

export const useDiscard = () =>
  useMutation({
    mutationFn: (importId: ImportId) => callQuery(client.imports.discardDraft({ importId })),
    onError: showProblem,
  });

/** Pause and resume of an import under way. */
export const useControl = (importId: ImportId) =>
  useMutation({
    mutationFn: (action: 'pause' | 'resume') => callQuery(client.imports[action]({ importId })),
    onError: showProblem,
  });

/** Stops it for good; `rollBack` also takes back what was written. */
export const useCancel = (importId: ImportId) =>
  useMutation({
    mutationFn: (rollBack: boolean) => callQuery(client.imports.cancel({ importId, rollBack })),
    onError: showProblem,
  });

/** Takes the whole import back; what follows is told by its changes. */
export const useUndo = (importId: ImportId) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => callQuery(client.imports.undo({ importId })),
    onSuccess: (summary) => {
      queryClient.setQueryData(['imports', 'summary', importId], summary);
      void queryClient.invalidateQueries({ queryKey: key.list });
    },
    onError: showProblem,
  });
};

export const useKept = (importId: ImportId) =>
  useQuery({
    queryKey: ['imports', 'kept', importId],
    queryFn: ({ signal }) =>
      callQuery(client.imports.kept({ importId, start: 0, count: SHOWN_ROWS }, { signal })),
  });

export const useRejected = (importId: ImportId, enabled: boolean) =>
  useQuery({
    queryKey: key.rejected(importId),
    queryFn: ({ signal }) =>
      callQuery(client.imports.rejected({ importId, start: 0, count: SHOWN_ROWS }, { signal })),
    enabled,
  });

/** Fetches the rejected rows as a spreadsheet, by the browser's own download. */
export const useDownloadRejected = (importId: ImportId) =>
  useMutation({
    mutationFn: () => callQuery(client.imports.exportRejected({ importId })),
    onSuccess: ({ url, fileName }) => {
      const link = document.createElement('a');
      link.href = url;
      link.download = fileName;
      link.click();
    },
    onError: showProblem,
  });
