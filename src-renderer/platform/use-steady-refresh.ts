import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';

/** A busy queue changes ten times a second; what is listed is read again at most this often. */
const REFRESH_MS = 1_000;

export interface SteadyRefresh {
  /** Something changed and the rows on the screen do not show it, because they are held still. */
  readonly behind: boolean;
  readonly refresh: () => void;
}

/**
 * Reads a list again when `mark` changes, at most once a second. While `hold` is true it does not: rows
 * must not move under somebody who reads or selects them. `key` must stay the same.
 */
export function useSteadyRefresh(key: QueryKey, mark: string | undefined, hold: boolean): SteadyRefresh {
  const cache = useQueryClient();
  const [seen, setSeen] = useState(mark);
  const latest = useRef(mark);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    latest.current = mark;
  });

  const stop = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
  }, []);
  const refresh = useCallback(() => {
    stop();
    setSeen(latest.current);
    // A reading under way ends first; a slow engine would otherwise never answer a fast stream.
    void cache.invalidateQueries({ queryKey: key }, { cancelRefetch: false });
  }, [cache, key, stop]);

  useEffect(() => {
    if (hold) stop();
    else if (mark !== seen) timer.current ??= setTimeout(refresh, REFRESH_MS);
  }, [mark, seen, hold, refresh, stop]);
  useEffect(() => stop, [stop]);

  return { behind: hold && mark !== seen, refresh };
}
