import { keepStreamOpen, type OpenStream, pageVisibility, type Visibility } from './live-stream';
import type { StreamState } from './use-stream';

export interface SharedStream<Out> {
  /** Opens the stream with the first listener and closes it with the last; returns how to stop listening. */
  readonly subscribe: (listener: () => void) => () => void;
  /** The latest state; the value is kept while the stream is closed. */
  readonly read: () => StreamState<Out>;
}

/**
 * One subscription of a stream without input, for all of the window that look at it. `add` makes the next value of
 * the last and of what came; where it answers the last itself, nobody is told.
 */
export function shareStream<In, Out>(
  open: OpenStream<Record<string, never>, In>,
  add: (before: Out | undefined, came: In) => Out,
  visibility: Visibility = pageVisibility,
): SharedStream<Out> {
  const listeners = new Set<() => void>();
  let state: StreamState<Out> = { value: undefined, status: 'waiting', error: undefined };
  let close: (() => void) | undefined;

  const become = (next: StreamState<Out>): void => {
    state = next;
    for (const listener of [...listeners]) listener();
  };
  const start = (): (() => void) =>
    keepStreamOpen(
      open,
      {},
      {
        value: (came) => {
          const value = add(state.value, came);
          if (value !== state.value || state.status !== 'live')
            become({ value, status: 'live', error: undefined });
        },
        status: (status, error) => {
          if (state.status !== status || state.error !== error) become({ ...state, status, error });
        },
      },
      visibility,
    );

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      close ??= start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        close?.();
        close = undefined;
      };
    },
    read: () => state,
  };
}
