import { useEffect, useRef } from 'react';
import type { ActiveRow } from './types';

/** Lets somebody know which row the keys stand on, as it is when they ask. */
export function useActiveRow<T>(
  wanted: ActiveRow<T> | undefined,
  index: number,
  rowAt: (index: number) => T | undefined,
): void {
  const latest = useRef({ index, rowAt });
  useEffect(() => {
    const moved = latest.current.index !== index;
    latest.current = { index, rowAt };
    if (moved) wanted?.moved();
  });
  useEffect(
    () =>
      wanted?.attach(() =>
        latest.current.index < 0 ? undefined : latest.current.rowAt(latest.current.index),
      ),
    [wanted],
  );
}
