import { describe, expect, it } from 'vitest';
import { paceOf } from './pace-of';

const work = { ratePerSecond: null, accepted: 0, seconds: 0, ahead: 0 };

describe('the rate that an estimate goes by', () => {
  it.each<[string, Parameters<typeof paceOf>[0], number, object]>([
    ['what is set, where nothing was sent', work, 12.5, { perSecond: 12.5, measured: false }],
    ['the sender’s own limit before the setting', { ...work, ratePerSecond: 40 }, 12.5, { perSecond: 40 }],
    ['not what too few messages show', { ...work, accepted: 49, seconds: 49 }, 80, { perSecond: 80 }],
    [
      'what enough messages show',
      { ...work, accepted: 660, seconds: 60 },
      12.5,
      { perSecond: 11, measured: true },
    ],
    ['never more than is allowed now', { ...work, accepted: 800, seconds: 10 }, 12.5, { perSecond: 12.5 }],
    ['a figure, where there is no limit', work, Infinity, { perSecond: 100_000 }],
  ])('%s', (_, given, setting, expected) => {
    expect(paceOf(given, setting)).toMatchObject(expected);
  });
});
