import { useInfiniteQuery, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CampaignSummary, Delivery, DeliveryState } from '@shared/contract/campaigns';
import type { TableFormat } from '@shared/contract/common';
import type { Channel } from '@shared/contract/templates';
import type { CampaignId, DeliveryId } from '@shared/domain/ids';
import { type AppError, type Result, toAppError } from '@shared/errors';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { callQuery, client } from '@renderer/platform/client';
import { saveDownload } from '@renderer/platform/save-download';
import { showToast } from '@renderer/ui';
import type { RowSource } from '@renderer/ui/table';
import { isOver } from './figures';

const LIST = ['campaigns', 'list'] as const;
const DELIVERIES = ['campaigns', 'deliveries'] as const;
const PAGE = 100;
const DELIVERY_REFRESH_MS = 1_000;
/** While one of them runs the list is read again this often. */
const LIST_REFRESH_MS = 2_000;

/** The campaigns of one channel or of both, newest first, a page at a time. */
export function useCampaigns(channel: Channel | undefined) {
  const query = useInfiniteQuery({
    queryKey: [...LIST, channel],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      callQuery(client.campaigns.list({ channel, cursor: pageParam, limit: PAGE }, { signal })),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.campaigns.some((each) => !isOver(each.state))) === true
        ? LIST_REFRESH_MS
        : false,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.campaigns) ?? [], [query.data]);
  const source = useGrowingRows(rows, query);
  return {
    source,
    loading: query.isPending,
    error: query.error ? toAppError(query.error) : undefined,
    retry: () => void query.refetch(),
  };
}

export interface DeliveryFilter {
  readonly campaignId: CampaignId;
  readonly state: DeliveryState | undefined;
  /** Only those that ended with this code. */
  readonly code: string | undefined;
  /** Only those in whose address or name it stands. */
  readonly search: string | undefined;
}

const asInput = ({ campaignId, state, code, search }: DeliveryFilter) => ({
  campaignId,
  ...(state && { states: [state] }),
  ...(code !== undefined && { errorCode: code }),
  ...(search !== undefined && { search }),
});

interface DeliveryWindow {
  readonly source: RowSource<Delivery>;
  readonly loading: boolean;
  readonly error: AppError | undefined;
  readonly retry: () => void;
}

/** The recipients in sight, read a page at a time, whatever the number of all. */
export function useDeliveries(filter: DeliveryFilter): DeliveryWindow {
  const [range, setRange] = useState({ first: 0, end: 1 });
  const onRange = useCallback((first: number, end: number) => setRange({ first, end }), []);
  const firstPage = Math.floor(range.first / PAGE);
  const lastPage = Math.floor(Math.max(range.first, range.end - 1) / PAGE);
  const pages = Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index);
  const results = useQueries({
    queries: pages.map((page) => ({
      queryKey: [...DELIVERIES, filter, page],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        callQuery(
          client.campaigns.deliveries({ ...asInput(filter), start: page * PAGE, count: PAGE }, { signal }),
        ),
    })),
  });
  const total = results.find(({ data }) => data !== undefined)?.data?.total ?? 0;
  const failed = results.find(({ error }) => error !== null);
  return {
    source: {
      count: total,
      row: (index) => results[Math.floor(index / PAGE) - firstPage]?.data?.deliveries[index % PAGE],
      onRange,
    },
    loading: results.some(({ isPending }) => isPending) && total === 0,
    error: failed?.error ? toAppError(failed.error) : undefined,
    retry: () => {
      for (const result of results) void result.refetch();
    },
  };
}

/** Fetches what a filter shows as a spreadsheet, by the browser's own download. */
export function useExportDeliveries(filter: DeliveryFilter) {
  const { busy, run } = useAction();
  const download = async (format: TableFormat): Promise<void> => {
    const file = await run(() => client.campaigns.exportDeliveries({ ...asInput(filter), format }));
    if (file !== null) saveDownload(file);
  };
  return { busy, download };
}

/** One recipient with its timeline, read again when the campaign's counts move. */
export function useDelivery(
  campaignId: CampaignId,
  deliveryId: DeliveryId,
  counts: CampaignSummary['counts'],
) {
  return useQuery({
    queryKey: [...DELIVERIES, campaignId, 'one', deliveryId, JSON.stringify(counts)],
    queryFn: ({ signal }) => callQuery(client.campaigns.delivery({ campaignId, deliveryId }, { signal })),
    placeholderData: (previous) => (previous?.id === deliveryId ? previous : undefined),
  });
}

/** One recipient's email as it is frozen, read again when the campaign's counts move. */
export const useFrozenEmail = (deliveryId: DeliveryId, counts: CampaignSummary['counts']) =>
  useQuery({
    queryKey: [...DELIVERIES, 'email', deliveryId, JSON.stringify(counts)],
    queryFn: ({ signal }) => callQuery(client.emails.get({ deliveryId }, { signal })),
    placeholderData: (previous) => (previous?.deliveryId === deliveryId ? previous : undefined),
  });

/** Reads the recipients in sight again when the counts move, at most once a second. */
export function useRefreshOnCounts(counts: CampaignSummary['counts']): void {
  const cache = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const mark = JSON.stringify(counts);
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void cache.invalidateQueries({ queryKey: DELIVERIES });
    }, DELIVERY_REFRESH_MS);
  }, [cache, mark]);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}

/** Runs one action at a time; what goes wrong is told as a toast and answered with null. */
export function useAction() {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async <T>(action: () => Promise<Result<T>>): Promise<T | null> => {
    setBusy(true);
    const result = await action();
    setBusy(false);
    if (!result.ok) {
      showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
      return null;
    }
    await cache.invalidateQueries({ queryKey: LIST });
    return result.value;
  };
  return { busy, run };
}
