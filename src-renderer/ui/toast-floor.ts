import { type RefObject, useLayoutEffect } from 'react';

const FLOOR = '--toast-floor';

/** Where toasts stand: above the status bar, and above what `useToastFloor` keeps free. */
export const toastBottom = `calc(2.5rem + var(${FLOOR}, 0px))`;

/** Keeps toasts above an element at the lower right of the window, whose buttons they would hide. */
export function useToastFloor(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => style.setProperty(FLOOR, `${current.offsetHeight}px`));
    observer.observe(current);
    return () => {
      observer.disconnect();
      style.removeProperty(FLOOR);
    };
  }, [element]);
}
