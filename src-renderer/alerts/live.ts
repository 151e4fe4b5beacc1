import { useQuery } from '@tanstack/react-query';
import type { AlertsLive, Incident } from '@shared/contract/alerts';
import { client } from '@renderer/platform/client';
import { useStreamIntoCache } from '@renderer/platform/use-stream';

const KEY = ['alerts', 'live'] as const;

/** Keeps what `useAlerts` answers true. Once, near the root. */
export function useLiveAlerts(): void {
  useStreamIntoCache(KEY, client.alerts.live, {});
}

/** What is wrong now, how the rules stand, and what nobody has looked at; undefined until it is known. */
export function useAlerts(): AlertsLive | undefined {
  // The stream writes it: there is nothing to fetch.
  return useQuery<AlertsLive>({ queryKey: KEY, enabled: false, staleTime: Infinity }).data;
}

/** Whether an open incident still asks for somebody. */
export const isWanting = ({ acknowledgedAt, snoozedUntil, resolvedAt }: Incident, now: number): boolean =>
  resolvedAt === null &&
  acknowledgedAt === null &&
  (snoozedUntil === null || Date.parse(snoozedUntil) <= now);

/** Failed jobs of these queues that nobody has looked at; undefined is all queues. */
export const unseenIn = (live: AlertsLive | undefined, queue?: string): number =>
  live?.unseen.reduce(
    (sum, each) => (queue === undefined || each.queue === queue ? sum + each.failed : sum),
    0,
  ) ?? 0;
