import { type RefObject, useEffect, useRef, useState } from 'react';

const waiting = new Set<() => void>();
let isGoing = false;

/** Each in a task of its own, with a picture in between: whoever types or scrolls is not held up by all of them. */
function goOn(): void {
  const [turn] = waiting;
  if (turn === undefined) {
    isGoing = false;
    return;
  }
  waiting.delete(turn);
  turn();
  requestAnimationFrame(() => setTimeout(goOn));
}

/** Calls once it has its turn; returns how to give it up. */
function takeTurn(turn: () => void): () => void {
  waiting.add(turn);
  if (!isGoing) {
    isGoing = true;
    setTimeout(goOn);
  }
  return () => waiting.delete(turn);
}

/**
 * What a drawing shows: the latest value once it has its turn, one drawing of the window after the other, and while
 * it can be seen. Undefined until the first turn, which comes unseen too. `value` must stay the same object until
 * something about it changes.
 */
export function useTurn<T>(value: T, element: RefObject<Element | null>): T | undefined {
  const [drawn, draw] = useState<{ readonly value: T }>();
  const [isSeen, setSeen] = useState(true);
  const isFirst = useRef(true);
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new IntersectionObserver((entries) => {
      setSeen(entries.some(({ isIntersecting }) => isIntersecting));
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  useEffect(() => {
    if (!isSeen && !isFirst.current) return;
    return takeTurn(() => {
      isFirst.current = false;
      draw({ value });
    });
  }, [value, isSeen]);
  return drawn?.value;
}
