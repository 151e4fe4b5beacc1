import { type ReactNode, startTransition, useEffect, useState } from 'react';

interface LaterProps {
  /** Stands in its place until then; of about the same height, so that nothing jumps. */
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/**
 * Drawn after what is around it has been painted. A screen of several large parts is drawn in as many tasks, none
 * of which keeps the window from answering for long.
 */
export function Later({ fallback, children }: LaterProps) {
  const [due, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setDue(true)), 0);
    return () => clearTimeout(timer);
  }, []);
  return due ? children : fallback;
}
