import { useQuery } from '@tanstack/react-query';
import { callQuery, client } from './client';
import { useStreamIntoCache } from './use-stream';

const STATUS_KEY = ['app', 'status'] as const;

/** The console's own state: engine, database, providers, where it runs. Kept true by the shell's stream. */
export const useAppStatus = () =>
  useQuery({
    queryKey: STATUS_KEY,
    queryFn: ({ signal }) => callQuery(client.app.status({}, { signal })),
  });

/** Keeps what `useAppStatus` answers true. Once, near the root. */
export function useLiveAppStatus(): void {
  useStreamIntoCache(STATUS_KEY, client.app.statusChanges, {});
}
