import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Correction, PreviewRow, RowFilter, RowSoFar, RowsSoFar } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { callQuery, client } from '@renderer/platform/client';
import { useRowPages } from '@renderer/platform/use-row-pages';
import { type Judging, key, oneByOne, previewQuery, showProblem } from '../queries';

const PROGRESS_MS = 250;
const SO_FAR_MS = 300;
/** Rows before and behind the first in sight that are read with it while they are judged; a screen shows about 40. */
const BEFORE_ROWS = 50;
const AROUND_ROWS = 200;

const rowsKey = ({ importId, ...settings }: Judging, filter: RowFilter) =>
  [...key.judged(importId), 'rows', settings, filter] as const;

/** What would come of the whole sheet; while the settings cannot be used, what came of the last that could. */
export const usePreview = (judging: Judging, usable: boolean) =>
  useQuery({
    ...previewQuery(judging),
    enabled: usable,
    placeholderData: (previous) => previous,
  });

/** How far the preview that is waited for is. */
export const useDraftProgress = (importId: ImportId) =>
  useQuery({
    queryKey: ['imports', 'draft-progress', importId],
    queryFn: ({ signal }) => callQuery(client.imports.previewProgress({ importId }, { signal })),
    refetchInterval: PROGRESS_MS,
    gcTime: 0,
    retry: false,
  });

/** The rows that a filter shows, a page at a time. */
export const useDraftRows = (judging: Judging, filter: RowFilter) =>
  useRowPages<PreviewRow>(rowsKey(judging, filter), (start, count, signal) =>
    callQuery(client.imports.rows({ ...judging, filter, start, count }, { signal })),
  );

interface SoFar extends Pick<RowsSoFar, 'total' | 'complete' | 'judged'> {
  readonly row: (index: number) => RowSoFar | undefined;
}

/** The rows around the first in sight as they are read and judged, while the judging of all is waited for. */
export function useRowsSoFar(judging: Judging, first: number, waits: boolean): SoFar | undefined {
  const start = Math.max(0, Math.floor(first / BEFORE_ROWS) - 1) * BEFORE_ROWS;
  const { data } = useQuery({
    queryKey: [...key.judged(judging.importId), 'so-far', judging, start] as const,
    queryFn: async ({ signal }) => {
      const page = await callQuery(
        client.imports.rowsSoFar({ ...judging, start, count: AROUND_ROWS }, { signal }),
      );
      return { ...page, start };
    },
    enabled: waits,
    refetchInterval: SO_FAR_MS,
    // What other settings made of the rows says nothing.
    placeholderData: (previous, query) => (query?.queryKey[4] === judging ? previous : undefined),
    gcTime: 0,
    retry: false,
  });
  if (!waits || data === undefined) return undefined;
  return { ...data, row: (index) => data.rows[index - data.start] };
}

/** How a row would be judged with one cell as it is being typed, and again when all are; nothing while nobody types. */
export const useTypedRow = (
  judging: Judging,
  typed: { readonly row: number; readonly column: number; readonly text: string } | undefined,
  busy: boolean,
) =>
  useQuery({
    queryKey: [...key.judged(judging.importId), 'typed', judging, typed, busy],
    queryFn: ({ signal }) => {
      const { row, column, text } = typed ?? { row: 0, column: 0, text: '' };
      return callQuery(client.imports.checkRow({ ...judging, row, cells: { [column]: text } }, { signal }));
    },
    enabled: typed !== undefined,
    placeholderData: (previous) => previous,
    gcTime: 0,
    retry: false,
  });

/** Correcting, leaving out, taking back. All of it is judged anew at once. */
export function useCorrections(judging: Judging) {
  const queryClient = useQueryClient();
  const { importId } = judging;
  const refresh = useCallback(
    () => queryClient.invalidateQueries({ queryKey: key.judged(importId) }),
    [queryClient, importId],
  );
  const scope = oneByOne(importId);
  const shared = { scope, onError: showProblem, onSettled: refresh };
  return {
    refresh,
    correct: useMutation({
      mutationFn: (correction: Correction) => callQuery(client.imports.correct({ importId, correction })),
      ...shared,
    }),
    /** The list stays as it is: somebody goes on in a row that it might not show any more. */
    correctQuietly: useMutation({
      scope,
      mutationFn: (correction: Correction) => callQuery(client.imports.correct({ importId, correction })),
      onError: showProblem,
    }),
    exclude: useMutation({
      mutationFn: (what: { readonly filter: RowFilter; readonly exclude: boolean }) =>
        callQuery(client.imports.excludeRows({ ...judging, ...what })),
      ...shared,
    }),
    undo: useMutation({
      mutationFn: () => callQuery(client.imports.undoCorrection({ importId })),
      ...shared,
    }),
  };
}
