import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { AppError } from '@shared/errors';
import { connectionMonitor } from './client';
import { keepStreamOpen, pageVisibility, type OpenStream, type StreamStatus } from './live-stream';
import type { ConnectionState } from '@shared/rpc/reconnecting-transport';

export interface StreamState<Out> {
  /** The latest value; kept while the stream is closed or retried. */
  readonly value: Out | undefined;
  readonly status: StreamStatus;
  /** Why it is retrying or has ended. */
  readonly error: AppError | undefined;
}

export interface StreamOptions<Out> {
  /** False keeps the stream closed. */
  readonly enabled?: boolean;
  /** Stay open while the page is hidden: for what must not be missed, such as signals. */
  readonly whileHidden?: boolean;
  /** Called for every value, also where two arrive before the next render. */
  readonly onValue?: (value: Out) => void;
}

const alwaysSeen = { hidden: () => false, onChange: () => () => undefined };
const waiting = { value: undefined, status: 'waiting', error: undefined } as const;

/**
 * The latest value of a stream, for as long as the component is mounted: quiet while the page is hidden,
 * opened again with back-off after a failure. `open` must be stable, as `client.queues.live` is; a new
 * input (compared by content) starts anew.
 */
export function useStream<In, Out>(
  open: OpenStream<In, Out>,
  input: In,
  { enabled = true, whileHidden = false, onValue }: StreamOptions<Out> = {},
): StreamState<Out> {
  const key = JSON.stringify(input);
  const [held, hold] = useState({ key, input });
  const [state, setState] = useState<StreamState<Out>>(waiting);
  if (held.key !== key) {
    hold({ key, input });
    setState(waiting);
  }
  const tell = useEffectEvent((value: Out) => onValue?.(value));

  useEffect(() => {
    if (!enabled) return;
    return keepStreamOpen(
      open,
      held.input,
      {
        value: (value) => {
          tell(value);
          setState({ value, status: 'live', error: undefined });
        },
        status: (status, error) =>
          setState((last) =>
            last.status === status && last.error === error ? last : { ...last, status, error },
          ),
      },
      whileHidden ? alwaysSeen : pageVisibility,
    );
  }, [open, held, enabled, whileHidden]);

  return state;
}

/** Writes every value of a stream into the query cache, where `useQuery` of the same key reads it. */
export function useStreamIntoCache<In, Out>(
  queryKey: QueryKey,
  open: OpenStream<In, Out>,
  input: In,
  options: Omit<StreamOptions<Out>, 'onValue'> = {},
): StreamState<Out> {
  const queryClient = useQueryClient();
  return useStream(open, input, {
    ...options,
    onValue: (value) => queryClient.setQueryData(queryKey, value),
  });
}

const watchConnection = (listener: () => void): (() => void) => connectionMonitor.onState(listener);
const readConnection = (): ConnectionState => connectionMonitor.state();

/** The state of the connection to the main process. */
export function useConnectionState(): ConnectionState {
  return useSyncExternalStore(watchConnection, readConnection);
}

/** Reads everything on the screen anew once a lost connection is back. Once, near the root. */
export function useRefreshOnReconnect(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    let lost = false;
    return connectionMonitor.onState(() => {
      const state = connectionMonitor.state();
      if (state === 'open' && lost) void queryClient.invalidateQueries();
      lost = state === 'reconnecting';
    });
  }, [queryClient]);
}
