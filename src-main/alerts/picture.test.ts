import { describe, expect, it } from 'vitest';
import type { AlertCondition, AlertScope } from '@shared/domain/alert-rules';
import type { Lately } from './lately';
import { readingsOf, type Picture, type QueueFigures } from './picture';

const lately = (failed: number, more: Partial<Lately> = {}): Lately => ({
  ...{ failed, reason: 'no paper', isWatched: true },
  ended: { completed: 30, failed },
  ...more,
});
const unwatched = { isWatched: false, ended: null };

const picture = (queues: Readonly<Record<string, Lately>>): Picture => ({
  at: 0,
  engine: { label: 'redis', health: { state: 'up', since: '', problem: null } },
  queues: Object.entries(queues).map(([queue, of]): QueueFigures => ({
    ...{ queue, failed: 0, waiting: 0, paused: false, workers: 1, oldestWaitingAt: null },
    lately: new Map([[5, of]]),
  })),
  vitals: null,
  campaigns: null,
});
const valuesOf = (condition: AlertCondition, of: Picture) =>
  readingsOf(condition, of).map(({ value }) => value);

describe('failures within some minutes', () => {
  const condition = (of: AlertScope['of'] & ('each' | 'together')): AlertCondition => ({
    ...{ kind: 'failures', threshold: 5, windowMinutes: 5 },
    scope: { of },
  });

  it('are not known to be few where not all of the time was watched, and known to be enough', () => {
    const queues = { a: lately(4), b: lately(4, unwatched), c: lately(5, unwatched) };
    expect(valuesOf(condition('each'), picture(queues))).toEqual([4, null, 5]);
  });

  it('of all queues together are known where each of them is, or enough failed in those that are', () => {
    expect(valuesOf(condition('together'), picture({ a: lately(3), b: lately(1) }))).toEqual([4]);
    expect(valuesOf(condition('together'), picture({ a: lately(3), b: lately(0, unwatched) }))).toEqual([
      null,
    ]);
    expect(valuesOf(condition('together'), picture({ a: lately(3), b: lately(2, unwatched) }))).toEqual([5]);
  });
});

describe('the share of failures within some minutes', () => {
  const condition = (of: AlertScope['of'] & ('each' | 'together')): AlertCondition => ({
    ...{ kind: 'failure-share', percent: 50, windowMinutes: 5 },
    scope: { of },
  });

  it('is of what was heard to end, and not known where too little was watched', () => {
    const heard = lately(99, { isWatched: false, ended: { completed: 10, failed: 30 } });
    expect(
      valuesOf(condition('each'), picture({ a: lately(10), b: heard, c: lately(99, unwatched) })),
    ).toEqual([25, 75, null]);
    expect(valuesOf(condition('together'), picture({ a: lately(10), b: heard }))).toEqual([50]);
    expect(valuesOf(condition('together'), picture({ a: lately(10), c: lately(0, unwatched) }))).toEqual([
      null,
    ]);
  });
});
