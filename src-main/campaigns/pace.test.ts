import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostWithin } from '../../e2e/bench/arrivals';
import { createLaneCount, runLanes } from './lane-pool';
import { createEngineClock } from './engine-clock';
import { createLead } from './lead';
import { createPacer, SENDER_BURST, toleranceMs } from './pace';

/**
 * What the provider sees of places that come every 1/rate s, where each is used so late as its process happens to
 * be, and one that is later than its tolerance is given up, as lanes.ts does.
 */
function used(perSecond: number, lateness: readonly number[]): number[] {
  return lateness.flatMap((late, n) =>
    late > toleranceMs(perSecond) ? [] : [(n * 1_000) / perSecond + late],
  );
}

describe('lateness', () => {
  it('never makes more than burst + rate × t messages in any window', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 180, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 3_000, noNaN: true }),
        (perSecond, drawn, scale, windowMs) => {
          const lateness = drawn.map((late) => late * scale * scale);
          const most = mostWithin(used(perSecond, lateness), windowMs);
          expect(most).toBeLessThanOrEqual(SENDER_BURST + (perSecond * windowMs) / 1_000);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('would, were late places used all the same', () => {
    const stalled = Array.from({ length: 80 }, (_, n) => Math.max(0, 500 - n * 12.5));
    const all = stalled.map((late, n) => n * 12.5 + late);
    expect(mostWithin(all, 100)).toBeGreaterThan(SENDER_BURST + 8);
    expect(mostWithin(used(80, stalled), 100)).toBeLessThanOrEqual(SENDER_BURST + 8);
  });
});

describe('the engine’s clock', () => {
  it('is not moved by an answer that came late', () => {
    const clock = createEngineClock();
    clock.note(100, 102, 1_000_101);
    clock.note(200, 290, 1_000_201);
    expect(clock.here(1_000_500)).toBeCloseTo(500, 6);
    // Nor by one that came late when the quick one has grown old.
    clock.note(11_000, 11_300, 1_011_001);
    expect(clock.here(1_011_500)).toBeCloseTo(11_500, 6);
  });

  it('is told by what was said lately', () => {
    const clock = createEngineClock();
    clock.note(100, 102, 1_000_101);
    clock.note(11_000, 11_004, 1_011_012);
    clock.note(21_500, 21_506, 1_021_513);
    expect(clock.here(1_021_510)).toBeCloseTo(21_500, 6);
    clock.note(90_000, 90_300, 1_090_170);
    expect(clock.here(1_090_020)).toBeCloseTo(90_000, 6);
  });
});

describe('the lead', () => {
  it('covers what beginning took lately, within its bound', () => {
    const lead = createLead();
    for (let n = 0; n < 50; n += 1) lead.note(n % 2 === 0 ? 4 : 6);
    expect(lead.ms()).toBeGreaterThan(6);
    expect(lead.ms()).toBeLessThan(15);
    for (let n = 0; n < 50; n += 1) lead.note(5_000);
    expect(lead.ms()).toBe(100);
  });
});

describe('lanes', () => {
  it('are as many as rate and latency need', () => {
    const at = (perSecond: number, latencyMs: number): number => {
      const lanes = createLaneCount(64, () => perSecond);
      for (let n = 0; n < 100; n += 1) lanes.answered(latencyMs);
      return lanes.wanted();
    };
    expect(at(Infinity, 100)).toBe(64);
    expect(at(12.5, 100)).toBeLessThan(16);
    expect(at(80, 2_000)).toBeGreaterThanOrEqual(160);
    expect(at(1_000, 5_000)).toBe(512);
  });

  it('run until nothing is left, more of them as more are wanted, and end with the first error', async () => {
    let left = 500;
    let wanted = 1;
    let running = 0;
    let most = 0;
    const step = async (): Promise<boolean> => {
      if (left === 0) return false;
      left -= 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      wanted = left > 250 ? 8 : 2;
      return true;
    };
    await runLanes(step, () => wanted, new AbortController());
    expect([left, running, most]).toEqual([0, 0, 8]);
    const stop = new AbortController();
    const failing = runLanes(
      () => Promise.reject(new Error('gone')),
      () => 3,
      stop,
    );
    await expect(failing).rejects.toThrow('gone');
    expect(stop.signal.aborted).toBe(true);
  });
});

describe('a pacer', () => {
  const engine = (perPlaceMs: number) => {
    const asked: number[] = [];
    let due = 0;
    return {
      asked,
      reserve: (_: string, { maxWaitMs }: { maxWaitMs: number }, count = 1) => {
        asked.push(count);
        const nowMs = performance.now();
        const startsMs: number[] = [];
        for (
          due = Math.max(due, nowMs);
          startsMs.length < count && due - nowMs <= maxWaitMs;
          due += perPlaceMs
        )
          startsMs.push(due);
        const retryInMs = startsMs.length < count ? due - nowMs - maxWaitMs : 0;
        return Promise.resolve({ nowMs, startsMs, retryInMs });
      },
      slowDown: () => Promise.resolve(),
      lowered: (keys: readonly string[]) =>
        Promise.resolve(keys.map(() => ({ share: 1, cause: null, heldForMs: 0 }))),
      admit: (_: string, members: readonly string[]) => Promise.resolve(members.map(() => 0)),
    };
  };

  it('asks once for all that wait, and lets go of who stops', async () => {
    const fake = engine(10);
    const pacer = createPacer(fake);
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const places = Array.from({ length: 100 }, () => pacer.reserve('s', () => 100, stop.signal));
    const first = await places[0];
    expect(first?.at).toBeGreaterThan(0);
    expect(fake.asked).toEqual([1, 99]);
    stop.abort();
    const given = (await Promise.all(places)).filter((place) => place !== null);
    expect(given.length).toBeLessThan(40);
    expect(await pacer.reserve('s', () => 100, stop.signal)).toBeNull();
  });

  it('asks nobody where there is no limit', async () => {
    const fake = engine(10);
    expect(await createPacer(fake).reserve('s', () => Infinity)).toEqual({ at: -Infinity, until: Infinity });
    expect(fake.asked).toEqual([]);
  });

  it('tells every waiter that the engine is away, and goes on afterwards', async () => {
    const fake = engine(10);
    let away = true;
    const pacer = createPacer({
      ...fake,
      reserve: (...args: Parameters<typeof fake.reserve>) =>
        away ? Promise.reject(new Error('away')) : fake.reserve(...args),
    });
    const both = await Promise.allSettled([pacer.reserve('s', () => 100), pacer.reserve('s', () => 100)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    away = false;
    expect(await pacer.reserve('s', () => 100)).not.toBeNull();
  });
});
