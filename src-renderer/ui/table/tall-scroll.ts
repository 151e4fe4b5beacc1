/**
 * A browser lays out at most about 33 million device pixels, half of that on a 2x display; a million
 * rows of 34 px are more. So the scrolled canvas is capped, and a position on it stands for a position
 * in the whole list. Small moves (wheel, keys) go pixel by pixel, large ones (the thumb) in proportion.
 */
export const MAX_CANVAS_PX = 8_000_000;

export interface ScrollGeometry {
  /** Height of all rows, px. */
  readonly total: number;
  /** Height of what is in sight, px. */
  readonly viewport: number;
  /** Height of the element that is really scrolled, px. */
  readonly canvas: number;
}

export interface ScrollPosition {
  /** On the canvas, as the browser reports it. */
  readonly scrollTop: number;
  /** In the whole list, px. */
  readonly top: number;
}

export function geometry(total: number, viewport: number): ScrollGeometry {
  return { total, viewport, canvas: Math.min(total, MAX_CANVAS_PX) };
}

const range = (geo: ScrollGeometry): number => Math.max(0, geo.total - geo.viewport);
const canvasRange = (geo: ScrollGeometry): number => Math.max(0, geo.canvas - geo.viewport);
const clamp = (value: number, max: number): number => Math.min(Math.max(0, value), max);

/** True while a canvas pixel is a list pixel. */
export function isDirect(geo: ScrollGeometry): boolean {
  return geo.canvas >= geo.total;
}

/** Where the canvas must stand for a position in the list. */
export function canvasTop(geo: ScrollGeometry, top: number): number {
  if (isDirect(geo)) return clamp(top, range(geo));
  return range(geo) === 0 ? 0 : (clamp(top, range(geo)) / range(geo)) * canvasRange(geo);
}

/** The position after the browser scrolled to `scrollTop`. */
export function afterScroll(geo: ScrollGeometry, before: ScrollPosition, scrollTop: number): ScrollPosition {
  if (isDirect(geo)) return { scrollTop, top: clamp(scrollTop, range(geo)) };
  const moved = scrollTop - before.scrollTop;
  if (Math.abs(moved) < geo.viewport) return { scrollTop, top: clamp(before.top + moved, range(geo)) };
  const ratio = canvasRange(geo) === 0 ? 0 : scrollTop / canvasRange(geo);
  return { scrollTop, top: clamp(ratio * range(geo), range(geo)) };
}

export interface RowRange {
  readonly first: number;
  /** Exclusive. */
  readonly end: number;
}

/** The rows to draw: those in sight and a few around them. */
export function rowsInSight(
  top: number,
  viewport: number,
  rowHeight: number,
  count: number,
  overscan: number,
): RowRange {
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const end = Math.min(count, Math.ceil((top + viewport) / rowHeight) + overscan);
  return { first: Math.min(first, Math.max(0, end)), end };
}

/** The list position that brings a row into sight with the least movement. */
export function topToShow(top: number, viewport: number, rowHeight: number, index: number): number {
  const start = index * rowHeight;
  if (start < top) return start;
  return Math.max(top, start + rowHeight - viewport);
}
