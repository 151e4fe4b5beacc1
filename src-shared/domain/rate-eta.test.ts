import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { durationParts } from './duration';
import { createRateMeter, createRates, progressFraction, remainingMs } from './rate-eta';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

describe('the rates of many things', () => {
  it('are kept apart, begin anew where less is done than before, and are forgotten', () => {
    let atMs = 0;
    const rates = createRates(5_000, () => atMs);
    expect([rates.note('reading', 0), rates.note('writing', 500)]).toEqual([null, null]);
    atMs = 1_000;
    expect([rates.note('reading', 300), rates.note('writing', 500)]).toEqual([300, 0]);
    // The file is read from its beginning again.
    atMs = 2_000;
    expect(rates.note('reading', 10)).toBeNull();
    atMs = 3_000;
    expect(rates.note('reading', 110)).toBe(100);
    atMs = 90_000;
    expect(rates.note('writing', 900)).toBeNull();
  });
});

describe('the measured rate', () => {
  it('is unknown at first, then what was done over the time it took', () => {
    const meter = createRateMeter();
    expect(meter.perSecond(0)).toBeUndefined();
    meter.record(0, 0);
    expect(meter.perSecond(100)).toBeUndefined();
    meter.record(12, 1_000);
    expect(meter.perSecond(1_000)).toBe(12);
  });

  it('follows a change within the window, and falls to 0 when nothing moves', () => {
    const meter = createRateMeter(5_000);
    for (let s = 0; s <= 20; s += 1) meter.record(s * 100, s * 1_000);
    for (let s = 21; s <= 30; s += 1) meter.record(2_000 + (s - 20) * 10, s * 1_000);
    expect(meter.perSecond(30_000)).toBeCloseTo(10);
    expect(meter.perSecond(130_000)).toBeCloseTo(0, 0);
  });

  it('starts anew when the count falls', () => {
    const meter = createRateMeter();
    meter.record(500, 0);
    meter.record(0, 1_000);
    meter.record(10, 2_000);
    expect(meter.perSecond(2_000)).toBe(10);
  });

  it('equals a steady rate, however often it is sampled', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 10, max: 900 }),
        (perSecond, stepMs) => {
          const meter = createRateMeter();
          for (let t = 0; t <= 30_000; t += stepMs) meter.record((t / 1_000) * perSecond, t);
          const lastSample = Math.floor(30_000 / stepMs) * stepMs;
          expect(meter.perSecond(lastSample)).toBeCloseTo(perSecond, 3);
        },
      ),
    );
  });
});

describe('what remains', () => {
  it('is a number only where one can be known', () => {
    expect(remainingMs(120, 12)).toBe(10_000);
    expect(remainingMs(0, undefined)).toBe(0);
    expect(remainingMs(5, undefined)).toBeUndefined();
    expect(remainingMs(5, 0)).toBeUndefined();
    expect(remainingMs(5, NaN)).toBeUndefined();
  });

  it('is a fraction from 0 to 1', () => {
    expect([
      progressFraction(0, 0),
      progressFraction(1, 4),
      progressFraction(9, 4),
      progressFraction(-1, 4),
    ]).toEqual([1, 0.25, 1, 0]);
  });
});

describe('durations', () => {
  it('split into parts that add up', () => {
    expect(durationParts(93_784_005)).toEqual({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 });
    expect(durationParts(-5)).toEqual(durationParts(NaN));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => {
        const { days, hours, minutes, seconds, milliseconds } = durationParts(ms);
        expect((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000 + milliseconds).toBe(ms);
      }),
    );
  });
});
