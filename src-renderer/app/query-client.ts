import { QueryClient } from '@tanstack/react-query';
import { AppFailure, type AppErrorCode } from '@shared/errors';

/** Failures that may be gone in a moment; everything else is an answer. */
const TRANSIENT: ReadonlySet<AppErrorCode> = new Set<AppErrorCode>([
  'engine_unavailable',
  'database_unavailable',
  'background_unavailable',
  'connection_lost',
  'timeout',
  'rate_limited',
]);

const MAX_RETRIES = 2;

/** True where a query is worth another try by itself. */
export function isTransient(error: unknown): boolean {
  return error instanceof AppFailure && TRANSIENT.has(error.error.code);
}

/**
 * The cache of everything read. Streams invalidate or update it, so focus and mounting do not; the
 * main process is no network, so the browser's idea of "offline" does not count. Writes are never repeated.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        gcTime: 5 * 60_000,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        structuralSharing: true,
        retry: (failures, error) => failures < MAX_RETRIES && isTransient(error),
        retryDelay: (attempt) => Math.min(4_000, 500 * 2 ** attempt),
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
