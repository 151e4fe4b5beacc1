import { queryOptions, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ImportOptions, ImportPreview, Mapping } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { unwrap } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { saveDownload } from '@renderer/platform/save-download';
import { wordsOf } from '@renderer/platform/failure';
import type { GivenFile } from '@renderer/platform/files';
import { sourceOf } from '@renderer/platform/upload';
import { showToast } from '@renderer/ui';
import { forgetChoice } from './draft-choices';

/** Rows of a list on the import's page; all of them are in its spreadsheet. */
const SHOWN_ROWS = 100;

const REFRESH_MS = 5_000;

/** Names of what is remembered of imports. */
export const key = {
  list: ['imports', 'list'] as const,
  /** Everything that a correction changes. */
  judged: (importId: ImportId) => ['imports', 'judged', importId] as const,
  preview: ({ importId, ...settings }: Judging) => [...key.judged(importId), 'preview', settings] as const,
  opened: ['imports', 'opened'] as const,
  draft: (importId: ImportId) => ['imports', 'draft', importId] as const,
  rejected: (importId: ImportId) => ['imports', 'rejected', importId] as const,
};

export const showProblem = (error: Error): void => {
  const { message, action } = wordsOf(error);
  showToast({ title: message, tone: 'danger', ...(action === undefined ? {} : { description: action }) });
};

/** The newest imports, and as many earlier ones as somebody asked for; each page that is shown is read again. */
export const useImports = () =>
  useInfiniteQuery({
    queryKey: key.list,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(
        client.imports.list(
          { limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
          { signal },
        ),
      ),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: ({ state }) => REFRESH_MS * Math.max(1, state.data?.pages.length ?? 0),
  });

/** Files that were opened and not imported; somebody may just have come back from one. */
export const useOpenedFiles = () =>
  useQuery({
    queryKey: key.opened,
    queryFn: ({ signal }) => callQuery(client.imports.drafts({}, { signal })),
    refetchOnMount: 'always',
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
    // Its file stays as it is; the import that it cannot go on with may not.
    staleTime: ({ state }) => (state.data?.cannotContinue ? 0 : Number.POSITIVE_INFINITY),
  });

/** Another sheet or header row of the same file. */
export const useInspect = (importId: ImportId) => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (place: { readonly sheet: string; readonly headerRow?: number }) =>
      callQuery(client.imports.inspect({ importId, ...place })),
    onSuccess: (draft) => {
      // Sheets of one workbook often have the same columns: what was judged of one would stand for the other.
      queryClient.removeQueries({ queryKey: key.judged(importId) });
      queryClient.setQueryData(key.draft(importId), draft);
    },
    onError: showProblem,
  });
};

/** How the rows of a draft are judged. */
export interface Judging {
  readonly importId: ImportId;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
  /** Whether the rows are put into the import that refused them before. */
  readonly continueImport: boolean;
}

/** What would come of the whole sheet. */
export const previewQuery = (judging: Judging) =>
  queryOptions({
    queryKey: key.preview(judging),
    queryFn: ({ signal }) => callQuery(client.imports.preview(judging, { signal })),
    retry: false,
  });

/** Corrections of a draft and its start happen one after the other, in the order in which somebody made them. */
export const oneByOne = (importId: ImportId) => ({ id: `import ${importId}` });

interface Start {
  readonly judging: Judging;
  /** What was shown to whoever starts it. */
  readonly shown: ImportPreview['fates'];
}

/**
 * Starts a draft. What was chosen or corrected a moment before is judged first: where other numbers come of it than
 * were shown, nothing is started, and the summary is null.
 */
export const useStart = (importId: ImportId) => {
  const queryClient = useQueryClient();
  return useMutation({
    scope: oneByOne(importId),
    mutationFn: async ({ judging, shown }: Start) => {
      const { fates } = await queryClient.query({
        ...previewQuery(judging),
        staleTime: Number.POSITIVE_INFINITY,
      });
      if (!isSame(fates, shown)) return null;
      return callQuery(client.imports.start(judging));
    },
    onSuccess: (summary) => {
      if (summary === null) return;
      forgetChoice(importId);
      queryClient.setQueryData(['imports', 'summary', summary.id], summary);
      void queryClient.invalidateQueries({ queryKey: key.rejected(summary.id) });
      void queryClient.invalidateQueries({ queryKey: key.list });
    },
    onError: showProblem,
  });
};

const isSame = (fates: ImportPreview['fates'], others: ImportPreview['fates']): boolean =>
  (Object.keys(fates) as (keyof typeof fates)[]).every((fate) => fates[fate] === others[fate]);

export const useDiscard = () => {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (importId: ImportId) => callQuery(client.imports.discardDraft({ importId })),
    onSuccess: (_nothing, importId) => {
      forgetChoice(importId);
      return queryClient.invalidateQueries({ queryKey: key.opened });
    },
    onError: showProblem,
  });
};

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
    onSuccess: saveDownload,
    onError: showProblem,
  });
