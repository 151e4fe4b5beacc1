import { type QueryKey, useQueries } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { type AppError, toAppError } from '@shared/errors';

/** Rows of one page; a screen shows about 40. */
const PAGE_ROWS = 100;
/** Rows before and behind those in sight that are read ahead: what the wheel turns through while a page comes. */
const AHEAD_ROWS = 60;
/** Pages out of sight are kept this long: scrolling through a million rows must not keep a million. */
const KEEP_MS = 30_000;

export interface RowPage<T> {
  readonly total: number;
  readonly rows: readonly T[];
}

export interface RowPages<T> {
  /** For a DataTable. */
  readonly source: {
    readonly count: number;
    readonly row: (index: number) => T | undefined;
    readonly onRange: (first: number, end: number) => void;
  };
  readonly total: number;
  /** Nothing is known yet. */
  readonly loading: boolean;
  /** Nothing is known and this is why. */
  readonly error: AppError | undefined;
  readonly retry: () => void;
  /** The first rows are out of sight. */
  readonly scrolled: boolean;
}

/** The rows in sight of a list on the server, read a page at a time, whatever the number of all. */
export function useRowPages<T>(
  key: QueryKey,
  read: (start: number, count: number, signal: AbortSignal) => Promise<RowPage<T>>,
): RowPages<T> {
  const [range, setRange] = useState({ first: 0, end: 1 });
  const [total, setTotal] = useState<number | null>(null);
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const firstPage = pageOf(range.first);
  const lastPage = pageOf(range.end - 1);
  const queryOf = (page: number) => ({
    queryKey: [...key, page],
    queryFn: ({ signal }: { signal: AbortSignal }) => read(page * PAGE_ROWS, PAGE_ROWS, signal),
    gcTime: KEEP_MS,
  });
  const pages = useQueries({ queries: numbersFrom(firstPage, lastPage).map(queryOf) });
  // After those in sight: what is looked at comes first.
  const ahead = pages.every((page) => page.data !== undefined) ? AHEAD_ROWS : 0;
  const lastRow = Math.max(range.end, Math.min(range.end + ahead, total ?? 0)) - 1;
  useQueries({
    queries: [
      ...numbersFrom(lastPage + 1, pageOf(lastRow)),
      ...numbersFrom(pageOf(range.first - ahead), firstPage - 1),
    ].map((page) => ({ ...queryOf(page), notifyOnChangeProps: [] })),
  });
  const latest = pages.find((page) => page.data !== undefined)?.data;
  // A leap to a page that is not read yet leaves the number of rows as it was: the table keeps its place.
  if (latest !== undefined && latest.total !== total) setTotal(latest.total);
  const failure = pages.find((page) => page.isError && page.data === undefined)?.error;
  return {
    source: {
      count: total ?? 0,
      row: (index) => pages[Math.floor(index / PAGE_ROWS) - firstPage]?.data?.rows[index % PAGE_ROWS],
      onRange,
    },
    total: total ?? 0,
    loading: total === null && !failure,
    error: latest === undefined && failure ? toAppError(failure) : undefined,
    retry: () => {
      for (const page of pages) void page.refetch();
    },
    scrolled: range.first > 0,
  };
}

const pageOf = (row: number): number => Math.floor(Math.max(0, row) / PAGE_ROWS);

/** Both included; none where the last one is before the first. */
const numbersFrom = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, offset) => first + offset);
