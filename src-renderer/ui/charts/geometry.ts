import type { SeriesPoint } from './series';

/** Where a chart's values are drawn, in pixels. */
export interface PlotArea {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** From a value to its place in pixels. */
export type Scale = (value: number) => number;

export const timeScale = (area: PlotArea, from: number, to: number): Scale => {
  const span = Math.max(1, to - from);
  return (at) => area.left + ((at - from) / span) * area.width;
};

/** The way back: the moment at a place, kept within the ends. */
export const momentAt = (area: PlotArea, from: number, to: number, x: number): number => {
  const share = Math.min(1, Math.max(0, (x - area.left) / Math.max(1, area.width)));
  return from + share * (to - from);
};

export const valueScale = (area: PlotArea, top: number): Scale => {
  const span = top > 0 ? top : 1;
  return (value) => area.top + area.height - (value / span) * area.height;
};

/** The point closest to a moment; points are in order of time. */
export function nearest(points: readonly SeriesPoint[], at: number): number {
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = points[low - 1];
  const here = points[low];
  return before && here && at - before.at < here.at - at ? low - 1 : low;
}

const CHARACTER = 6.4;

/** Room for the longest text of an axis. */
export const roomFor = (texts: readonly string[]): number =>
  Math.ceil(Math.max(...texts.map((text) => text.length), 1) * CHARACTER) + 10;
