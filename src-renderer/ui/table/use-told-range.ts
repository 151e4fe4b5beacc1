import { useEffect, useRef } from 'react';

/** A leap that is followed by another one within so long is one of many: somebody drags the thumb. */
const REST_MS = 80;

interface Range {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

const overlap = (a: Range, b: Range): boolean => a.first < b.end && b.first < a.end;

/**
 * Tells which rows are in sight. At once while the list moves on, and after a single leap; while it leaps again
 * and again, once it rests: rows that are gone before they could be read are not asked for.
 */
export function useToldRange(
  first: number,
  end: number,
  onRange: ((first: number, end: number) => void) | undefined,
): void {
  const seen = useRef<Range>({ first: 0, end: 0 });
  const leaptAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (end <= first || onRange === undefined) return;
    const before = seen.current;
    seen.current = { first, end };
    const now = performance.now();
    const leaps = !overlap(before, seen.current);
    const again = leaps && now - leaptAt.current < REST_MS;
    if (leaps) leaptAt.current = now;
    if (!again) {
      onRange(first, end);
      return;
    }
    const timer = setTimeout(() => onRange(first, end), REST_MS);
    return () => clearTimeout(timer);
  }, [first, end, onRange]);
}
