import { useEffect, useRef } from 'react';

const content = (): HTMLElement | null => document.getElementById('content');

/**
 * What has the focus may go away with what is shown, a button with what it did: the focus would be at the top of the
 * window then, and whoever uses the keys would have to come all the way back. It goes to `where` instead, the content
 * of the screen unless something nearer is named, whenever `shown` has changed.
 */
export function useFocusKept(shown: unknown, where: () => HTMLElement | null | undefined = content): void {
  const latest = useRef({ shown, where });
  useEffect(() => {
    const { shown: before } = latest.current;
    latest.current = { shown, where };
    if (before === shown || document.activeElement !== document.body) return;
    where()?.focus({ preventScroll: true });
  });
}
