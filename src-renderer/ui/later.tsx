import { type ReactNode, startTransition, useEffect, useState } from 'react';

interface LaterProps {
  /** Drawn after so many pictures of what is around it; parts with other numbers are drawn in tasks of their own. */
  readonly after: number;
  /** Stands in its place until then; of about the same height, so that nothing jumps. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/**
 * Drawn after what is around it has been painted. A screen of several large parts is drawn in as many tasks, none
 * of which keeps the window from answering for long.
 */
export function Later({ after, fallback, children }: LaterProps) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    let frame = 0;
    const wait = (left: number): void => {
      if (left === 0) startTransition(() => setDue(true));
      else frame = requestAnimationFrame(() => wait(left - 1));
    };
    wait(after);
    return () => cancelAnimationFrame(frame);
  }, [after]);
  return due ? children : fallback;
}
