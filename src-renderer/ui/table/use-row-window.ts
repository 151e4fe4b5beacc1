import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  afterScroll,
  canvasTop,
  geometry,
  isDirect,
  rowsInSight,
  type ScrollPosition,
  topToShow,
} from './tall-scroll';

/** Drawn beyond those in sight. Each row costs every leap a millisecond or two; a notch of the wheel is three. */
const OVERSCAN = 4;
const SETTLE_MS = 120;

export interface RowWindow {
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
  /** Add to a row's place in the list for its place on the canvas, px. */
  readonly shift: number;
  readonly canvasHeight: number;
  /** Whole rows in sight. */
  readonly pageRows: number;
  showRow(index: number): void;
}

interface Seen {
  readonly first: number;
  readonly end: number;
  readonly shift: number;
}

const START: ScrollPosition = { scrollTop: 0, top: 0 };

/**
 * Which rows to draw, by arithmetic on one fixed height: constant time whatever the count.
 * (@tanstack/react-virtual keeps a record per row; for 1,000,000 rows that takes 30-85 ms whenever the
 * count changes, measured on 3.14, and a live queue's count changes all the time.)
 */
export function useRowWindow(count: number, rowHeight: number, headerHeight: number): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const position = useRef<ScrollPosition>(START);
  const [viewport, setViewport] = useState(0);
  const [seen, setSeen] = useState<Seen>({ first: 0, end: 0, shift: 0 });
  const total = count * rowHeight;
  const geo = geometry(total, viewport);

  const look = useCallback(
    (next: ScrollPosition) => {
      position.current = next;
      const { first, end } = rowsInSight(next.top, viewport, rowHeight, count, OVERSCAN);
      const shift = next.scrollTop - next.top;
      setSeen((old) =>
        old.first === first && old.end === end && old.shift === shift ? old : { first, end, shift },
      );
    },
    [viewport, rowHeight, count],
  );

  // The size of what is in sight.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => setViewport(Math.max(0, element.clientHeight - headerHeight));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [headerHeight]);

  // Fewer rows or a smaller window can leave the position behind the end.
  useLayoutEffect(() => {
    const now = geometry(total, viewport);
    const top = Math.min(position.current.top, Math.max(0, total - viewport));
    const scrollTop = isDirect(now) ? top : position.current.scrollTop;
    look({ scrollTop, top });
  }, [total, viewport, look]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const now = geometry(total, viewport);
    let settle: ReturnType<typeof setTimeout> | undefined;
    // After pixel-by-pixel moves the thumb is put where the list really is, or an end would come too early.
    const align = (): void => {
      // The browser has scrolled on and has not said so yet: that would be undone.
      if (element.scrollTop !== position.current.scrollTop) return;
      const scrollTop = canvasTop(now, position.current.top);
      if (Math.abs(scrollTop - element.scrollTop) < 1) return;
      element.scrollTop = scrollTop;
      look({ scrollTop: element.scrollTop, top: position.current.top });
    };
    const onScroll = (): void => {
      if (element.scrollTop === position.current.scrollTop) return;
      look(afterScroll(now, position.current, element.scrollTop));
      if (isDirect(now)) return;
      clearTimeout(settle);
      settle = setTimeout(align, SETTLE_MS);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(settle);
      element.removeEventListener('scroll', onScroll);
    };
  }, [total, viewport, look]);

  const showRow = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element || viewport === 0) return;
      const top = topToShow(position.current.top, viewport, rowHeight, index);
      if (top === position.current.top) return;
      element.scrollTop = canvasTop(geometry(total, viewport), top);
      look({ scrollTop: element.scrollTop, top });
    },
    [viewport, rowHeight, total, look],
  );

  return {
    scroller,
    first: Math.min(seen.first, count),
    end: Math.min(seen.end, count),
    shift: seen.shift,
    canvasHeight: geo.canvas,
    pageRows: Math.max(1, Math.floor(viewport / rowHeight) - 1),
    showRow,
  };
}
