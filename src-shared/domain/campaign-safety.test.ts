import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BREAKER_MIN,
  BREAKER_WINDOW,
  canarySize,
  createFailureWindow,
  type WindowPlace,
} from './campaign-safety';

describe('the canary', () => {
  it.each([
    [0, null],
    [50, null],
    [51, 50],
    [5_000, 50],
    [5_001, 51],
    [100_000, 1_000],
  ])('of %i recipients is %s', (recipients, size) => {
    expect(canarySize(recipients)).toBe(size);
  });
});

describe('the window of failures', () => {
  const windowOf = (codes: readonly (string | null)[]) => {
    const window = createFailureWindow();
    for (const code of codes) window.begin().settle(code);
    return window;
  };

  it('says nothing before enough messages are settled', () => {
    expect(windowOf(Array<string>(BREAKER_MIN - 1).fill('131026')).over(0.5)).toBeNull();
    expect(windowOf(Array<string>(BREAKER_MIN).fill('131026')).over(0.5)).toEqual({
      failed: BREAKER_MIN,
      of: BREAKER_MIN,
      mainCode: '131026',
    });
  });

  it('names the code that most of them failed with', () => {
    const codes = ['a', 'b', 'b', ...Array<string>(20).fill('c'), null];
    expect(windowOf(codes).over(0.1)?.mainCode).toBe('c');
  });

  it('opens exactly where the share of the last messages is reached', () => {
    const outcomes = fc.array(fc.constantFrom(null, '131026', '100'), { minLength: 0, maxLength: 300 });
    fc.assert(
      fc.property(outcomes, fc.double({ min: 0.01, max: 1, noNaN: true }), (codes, share) => {
        const last = codes.slice(-BREAKER_WINDOW);
        const failed = last.filter((code) => code !== null).length;
        const opens = last.length >= BREAKER_MIN && failed > 0 && failed >= share * last.length;
        expect(windowOf(codes).over(share)).toEqual(
          opens ? expect.objectContaining({ failed, of: last.length }) : null,
        );
      }),
    );
  });

  /** Each of `lanes` begins the next message when its last one is answered; fails first where `failsFirst`. */
  const simulate = (failing: readonly boolean[], { lanes, failMs, goodMs, share }: Simulated) => {
    const window = createFailureWindow();
    const answers: { at: number; settle: () => void }[] = [];
    let next = 0;
    const begin = (at: number): void => {
      const fails = failing[next];
      if (fails === undefined) return;
      next += 1;
      const place = window.begin();
      const settle = (): void => place.settle(fails ? '131026' : null);
      answers.push({ at: at + (fails ? failMs : goodMs), settle });
    };
    for (let lane = 0; lane < lanes; lane += 1) begin(0);
    for (let answered = 0; ; answered += 1) {
      answers.sort((a, b) => a.at - b.at);
      const answer = answers.shift();
      if (answer === undefined) return null;
      answer.settle();
      if (window.over(share) !== null) return answered + 1;
      begin(answer.at);
    }
  };
  interface Simulated {
    readonly lanes: number;
    readonly failMs: number;
    readonly goodMs: number;
    readonly share: number;
  }
  const oneIn = (n: number, count = 2_000) => Array.from({ length: count }, (_, index) => index % n === 0);

  it('weighs failures that answer sooner, or later, no more than the others', () => {
    for (const [failMs, goodMs] of [
      [5, 500],
      [50, 50],
      [500, 5],
    ] as const) {
      // A third fails: never a half, in whatever order they answer.
      expect(simulate(oneIn(3), { lanes: 64, failMs, goodMs, share: 0.5 })).toBeNull();
      // Two in three fail: stopped within the first messages, and a window after them.
      const bad = oneIn(3).map((good) => !good);
      const stopped = simulate(bad, { lanes: 64, failMs, goodMs, share: 0.5 });
      expect(stopped).not.toBeNull();
      expect(stopped).toBeLessThanOrEqual(BREAKER_WINDOW + 2 * 64);
    }
  });

  it('stops at once where all fail, though one request hangs', () => {
    const window = createFailureWindow();
    window.begin();
    for (let n = 0; n < BREAKER_MIN; n += 1) window.begin().settle('100');
    expect(window.over(0.5)).toMatchObject({ failed: BREAKER_MIN, of: BREAKER_MIN + 1 });
  });

  it('never opens below the share of any window of messages as they were begun', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 0, maxLength: 400 }),
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.infiniteStream(fc.nat(1_000)),
        (failing, lanes, share, ranks) => {
          const window = createFailureWindow();
          const open: { place: WindowPlace; fails: boolean; rank: number }[] = [];
          let begun = 0;
          for (const fails of failing) {
            open.push({ place: window.begin(), fails, rank: Number(ranks.next().value) });
            begun += 1;
            if (open.length < lanes) continue;
            open.sort((a, b) => a.rank - b.rank);
            const first = open.shift();
            first?.place.settle(first.fails ? 'x' : null);
            if (window.over(share) === null) continue;
            const windows = Array.from({ length: begun }, (_, end) =>
              failing.slice(Math.max(0, end + 1 - BREAKER_WINDOW), end + 1),
            );
            const worst = Math.max(
              ...windows
                .filter((each) => each.length >= BREAKER_MIN)
                .map((each) => each.filter(Boolean).length / each.length),
            );
            expect(worst).toBeGreaterThanOrEqual(share);
            return;
          }
        },
      ),
    );
  });

  it('does not count what is tried again later', () => {
    const window = createFailureWindow();
    for (let n = 0; n < 500; n += 1) window.begin().leave();
    for (let n = 0; n < BREAKER_MIN; n += 1) window.begin().settle(n % 2 === 0 ? 'x' : null);
    expect(window.over(0.5)).toMatchObject({ failed: BREAKER_MIN / 2, of: BREAKER_MIN });
  });
});
