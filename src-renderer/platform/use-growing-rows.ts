import { useMemo } from 'react';

/** What is needed of an infinite query. */
interface GrowingQuery {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The next page is asked for so many rows before it is needed: about a screenful. */
const AHEAD_ROWS = 50;

/** For a DataTable: the rows read so far, of a list that is read on as it is scrolled. */
export function useGrowingRows<T>(
  rows: readonly T[],
  { hasNextPage, isFetchingNextPage, fetchNextPage }: GrowingQuery,
) {
  return useMemo(
    () => ({
      count: rows.length,
      row: (index: number): T | undefined => rows[index],
      onRange: (_first: number, end: number): void => {
        if (end >= rows.length - AHEAD_ROWS && hasNextPage && !isFetchingNextPage) void fetchNextPage();
      },
    }),
    [rows, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
}
