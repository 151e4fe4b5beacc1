import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterScroll, canvasTop, geometry, MAX_CANVAS_PX, rowsInSight, topToShow } from './tall-scroll';

const ROW = 34;
const VIEW = 600;

describe('a list that fits the canvas', () => {
  const geo = geometry(1_000 * ROW, VIEW);
  it('scrolls pixel by pixel', () => {
    expect(geo.canvas).toBe(1_000 * ROW);
    expect(afterScroll(geo, { scrollTop: 0, top: 0 }, 5_000)).toEqual({ scrollTop: 5_000, top: 5_000 });
  });
});

describe('a million rows', () => {
  const geo = geometry(1_000_000 * ROW, VIEW);
  const end = geo.total - VIEW;

  it('stays within what a browser can lay out', () => expect(geo.canvas).toBe(MAX_CANVAS_PX));

  it('moves by the wheel as a short list does', () => {
    const before = { scrollTop: 1_000, top: 4_250 };
    expect(afterScroll(geo, before, 1_120).top).toBe(4_370);
  });

  it('reaches both ends with the thumb', () => {
    const start = { scrollTop: 3_000_000, top: 3_000_000 * (geo.total / geo.canvas) };
    expect(afterScroll(geo, start, 0).top).toBe(0);
    expect(afterScroll(geo, start, geo.canvas - VIEW).top).toBe(end);
  });

  it('puts the canvas where a large jump would find the same place again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const top = share * end;
        const scrollTop = canvasTop(geo, top);
        const far = { scrollTop: scrollTop > geo.canvas / 2 ? 0 : geo.canvas - VIEW, top: 0 };
        return Math.abs(afterScroll(geo, far, scrollTop).top - top) < 1;
      }),
    );
  });

  it('never leaves the list', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: MAX_CANVAS_PX - VIEW })), (moves) => {
        let at = { scrollTop: 0, top: 0 };
        for (const move of moves) at = afterScroll(geo, at, move);
        return at.top >= 0 && at.top <= end;
      }),
    );
  });
});

describe('rows in sight', () => {
  it('covers the view and stays within the list', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.double({ min: 0, max: 1, noNaN: true }), (count, share) => {
        const top = share * Math.max(0, count * ROW - VIEW);
        const { first, end } = rowsInSight(top, VIEW, ROW, count, 8);
        const covers = first * ROW <= top && (end === count || end * ROW >= top + VIEW);
        return first >= 0 && end <= count && first <= end && covers && end - first < 50;
      }),
    );
  });

  it('brings a row into sight with the least movement', () => {
    expect(topToShow(0, VIEW, ROW, 3)).toBe(0);
    expect(topToShow(0, VIEW, ROW, 40)).toBe(41 * ROW - VIEW);
    expect(topToShow(5_000, VIEW, ROW, 10)).toBe(340);
  });
});
