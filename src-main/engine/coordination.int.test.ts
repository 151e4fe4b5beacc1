import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstTooEarly, mostWithin } from '../../e2e/bench/arrivals';
import { SET_UP_MS } from '../database/testing/databases';
import { RECOVERY_PER_SECOND, type Coordination, type Pace } from './coordination';
import { engineKinds, testEngines, type TestEngine } from './testing/engines';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.each(engineKinds)('pacing on %s', (kind) => {
  let test: TestEngine;
  let hosts: Coordination[];
  let line = 0;
  beforeAll(async () => {
    test = await testEngines[kind]();
    hosts = [test.engine, await test.another(), await test.another()].map(({ coordination }) => coordination);
  }, SET_UP_MS);
  afterAll(() => test.close());

  const host = (index: number): Coordination => hosts[index % hosts.length] ?? test.engine.coordination;
  const newLine = (): string => {
    line += 1;
    return `sender:${line}`;
  };

  it('gives one place at a time over several machines, whoever asks and for how many', async () => {
    const key = newLine();
    const pace = { perSecond: 80, burst: 1, maxWaitMs: 60_000 };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => host(index).reserve(key, pace, (index % 4) + 1)),
    );
    const starts = answers.flatMap(({ startsMs }) => startsMs).sort((a, b) => a - b);
    expect(starts).toHaveLength(100);
    expect(answers.every(({ retryInMs }) => retryInMs === 0)).toBe(true);
    for (const [index, start] of starts.entries()) {
      if (index > 0) expect(start - (starts[index - 1] ?? 0)).toBeGreaterThan(12.49);
    }
    const { startsMs } = await host(1).reserve(key, pace, 81);
    expect((startsMs[80] ?? 0) - (startsMs[0] ?? 0)).toBeCloseTo(1_000, 0);
  });

  it('never gives more than burst + rate × t in any window, and wastes no place that is asked for', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 5, max: 500 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 2_000 }),
        async (perSecond, burst, asked, windowMs) => {
          const key = newLine();
          const starts: number[] = [];
          for (const [index, count] of asked.entries()) {
            const pace = { perSecond, burst, maxWaitMs: 600_000 };
            starts.push(...(await host(index).reserve(key, pace, count)).startsMs);
          }
          const total = asked.reduce((sum, count) => sum + count, 0);
          expect(starts).toHaveLength(total);
          expect(mostWithin(starts, windowMs)).toBeLessThanOrEqual(burst + (perSecond * windowMs) / 1_000);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('does not reserve a place too far ahead, and says when to ask again', async () => {
    const key = newLine();
    const pace = { perSecond: 10, burst: 1, maxWaitMs: 150 };
    const first = await host(0).reserve(key, pace, 9);
    expect(first.startsMs).toHaveLength(2);
    expect(first.retryInMs).toBeGreaterThan(20);
    expect(first.retryInMs).toBeLessThanOrEqual(51);
    const refused = await host(1).reserve(key, pace);
    expect(refused.startsMs).toEqual([]);
    await sleep(refused.retryInMs + 2);
    const third = await host(1).reserve(key, pace);
    expect(third.startsMs).toHaveLength(1);
    expect((third.startsMs[0] ?? 0) - (first.startsMs[0] ?? 0)).toBeCloseTo(200, 0);
  });

  it('lets a place weigh as many permits as it carries', async () => {
    const key = newLine();
    const pace = { perSecond: 10, burst: 1, maxWaitMs: 15_000 };
    const [first] = (await host(0).reserve(key, { ...pace, weight: 100 })).startsMs;
    const [second] = (await host(1).reserve(key, { ...pace, weight: 1 })).startsMs;
    const [third] = (await host(2).reserve(key, { ...pace, weight: 1 })).startsMs;
    expect((second ?? 0) - (first ?? 0)).toBeCloseTo(10_000, 0);
    expect((third ?? 0) - (second ?? 0)).toBeCloseTo(100, 0);
  });

  it('follows a rate that is raised at once: who waited long does not wait on', async () => {
    const key = newLine();
    const slow = { perSecond: 0.1, burst: 1, maxWaitMs: 300 };
    await host(0).reserve(key, slow);
    expect((await host(1).reserve(key, slow)).retryInMs).toBeGreaterThan(9_000);
    const { startsMs, nowMs } = await host(2).reserve(key, { ...slow, perSecond: 80 });
    expect((startsMs[0] ?? Infinity) - nowMs).toBeLessThanOrEqual(13);
  });

  it('gives no more than the faster rate while machines do not agree yet on a new one', async () => {
    const key = newLine();
    const at = (perSecond: number): Pace => ({ perSecond, burst: 1, maxWaitMs: 300 });
    const starts: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      const { startsMs } = await host(turn).reserve(key, at(turn % 2 === 0 ? 40 : 10), 16);
      starts.push(...startsMs);
      await sleep(20);
    }
    const began = Math.min(...starts);
    expect(starts.length).toBeGreaterThan(20);
    expect(firstTooEarly(starts, (at) => 2 + (40 * (at - began)) / 1_000)).toBeNull();
  });

  it('cuts the rate for everybody, once for refusals that come together, and lets it come back', async () => {
    const key = newLine();
    const pace = { perSecond: 100, burst: 1, maxWaitMs: 60_000 };
    await Promise.all([0, 1, 2].map((index) => host(index).slowDown(key, 0.5, '130429')));
    const [state] = await host(1).lowered([key, 'another']);
    expect(state?.share).toBeGreaterThanOrEqual(0.5);
    expect(state?.share).toBeLessThan(0.52);
    expect(state?.cause?.code).toBe('130429');
    const [a = 0, b = 0] = (await host(2).reserve(key, pace, 2)).startsMs;
    expect(b - a).toBeGreaterThan(19);
    expect(b - a).toBeLessThanOrEqual(20.1);
    const at = Date.now();
    await sleep(1_100);
    const [later, free] = await host(0).lowered([key, newLine()]);
    const recovered = ((Date.now() - at) / 1_000) * RECOVERY_PER_SECOND;
    expect((later?.share ?? 0) - (state?.share ?? 0)).toBeGreaterThan(RECOVERY_PER_SECOND);
    expect((later?.share ?? 0) - (state?.share ?? 0)).toBeLessThan(recovered + 0.02);
    expect(free).toEqual({ share: 1, cause: null, heldForMs: 0 });
    await host(0).slowDown(key, 0.5, '130429');
    const [deeper] = await host(2).lowered([key]);
    expect(deeper?.share).toBeLessThan(0.27);
    // It began with the first cut.
    expect(deeper?.cause?.sinceMs).toBe(state?.cause?.sinceMs);
  });

  it('lowers and holds a line with the wider one it is in', async () => {
    const [key, app] = [newLine(), newLine()];
    const pace = { perSecond: 100, burst: 1, maxWaitMs: 60_000, within: app };
    await host(0).slowDown(app, 0.5, '80007');
    const [a = 0, b = 0] = (await host(1).reserve(key, pace, 2)).startsMs;
    expect(b - a).toBeGreaterThan(19);
    await host(2).hold(app, 5_000);
    const held = await host(1).reserve(key, pace);
    expect((held.startsMs[0] ?? 0) - held.nowMs).toBeGreaterThan(4_000);
  });

  it('holds a line for everybody, and never shortens a hold', async () => {
    const key = newLine();
    await host(0).hold(key, 2_000);
    await host(1).hold(key, 100);
    const { startsMs, retryInMs } = await host(2).reserve(key, { perSecond: 80, burst: 1, maxWaitMs: 300 });
    expect(startsMs).toEqual([]);
    expect(retryInMs).toBeGreaterThan(1_000);
    expect(retryInMs).toBeLessThanOrEqual(1_700);
    expect((await host(1).lowered([key]))[0]?.heldForMs).toBeGreaterThan(1_000);
  });

  it('lets a pair have its burst and then waits for the time of one message, whichever machine asks', async () => {
    const scope = newLine();
    const pair = { perSecond: 1 / 6, burst: 45 };
    for (let n = 0; n < 45; n += 1) {
      expect(await host(n).admit(scope, ['+966500000001'], pair)).toEqual([0]);
    }
    const [wait = 0, other] = await host(1).admit(scope, ['+966500000001', '+966500000002'], pair);
    expect(wait).toBeGreaterThan(4_000);
    expect(wait).toBeLessThanOrEqual(6_000);
    expect(other).toBe(0);
    // Who was refused has taken nothing.
    const [again = 0] = await host(2).admit(scope, ['+966500000001'], pair);
    expect(again).toBeLessThanOrEqual(wait);
    expect(await host(0).admit(newLine(), ['+966500000001'], pair)).toEqual([0]);
    expect(await host(0).admit(scope, [], pair)).toEqual([]);
  });

  it('admits many members at once, each on a line of its own', async () => {
    const scope = newLine();
    const pair = { perSecond: 0.5, burst: 1 };
    const members = Array.from({ length: 1_000 }, (_, n) => `+9665${n}`);
    expect(new Set(await host(0).admit(scope, members, pair))).toEqual(new Set([0]));
    const refused = await host(1).admit(scope, members.slice(0, 100), pair);
    expect(refused.filter((ms) => ms > 0 && ms <= 2_100).length).toBeGreaterThanOrEqual(99);
    await sleep(2_150);
    expect(new Set(await host(2).admit(scope, members, pair))).toEqual(new Set([0]));
  });
});
