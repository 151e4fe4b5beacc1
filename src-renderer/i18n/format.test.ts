import { describe, expect, it } from 'vitest';
import { createFormatters, durationParts } from './format';

const english = createFormatters('en-GB', 'Europe/Berlin');
const german = createFormatters('de', 'Europe/Berlin');
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formatters', () => {
  it('writes numbers as the reader does', () => {
    expect(english.number(1234567.891, 1)).toBe('1,234,567.9');
    expect(german.number(1234567.891, 1)).toBe('1.234.567,9');
    expect(english.compact(1_284_902)).toMatch(/^1\.28m$/i);
    expect(english.percent(0.0213)).toBe('2.1%');
  });

  it('writes sizes in the unit that fits', () => {
    expect(english.bytes(0)).toBe('0 bytes');
    expect(english.bytes(999)).toBe('999 bytes');
    expect(english.bytes(4_812_332)).toBe('4.8 MB');
    expect(english.bytes(5_000_000_000_000_000)).toBe('5,000 TB');
  });

  it('writes rates with a decimal only while it says something', () => {
    expect(english.rate(12.48)).toBe('12.5/s');
    expect(english.rate(949.8)).toBe('950/s');
  });

  it.each([
    [0, '0/s'],
    [0.5, '0.5/s'],
    [0.1, '0.1/s'],
    [0.099, '5.9/min'],
    [0.04, '2.4/min'],
    [1 / 60, '1/min'],
    [0.016, '57.6/h'],
    [1 / 3_600, '1/h'],
    [1 / 86_400, '<0.1/h'],
  ])('writes a rate of %d a second in the unit that says something: %s', (perSecond, text) => {
    expect(english.rate(perSecond)).toBe(text);
  });

  it('writes slow rates as the reader does', () => {
    expect(german.rate(0.04)).toBe('2,4/min');
  });

  it('writes times in the chosen zone, whatever the machine', () => {
    const noonUtc = Date.UTC(2026, 0, 15, 12, 0, 5);
    expect(english.time(noonUtc)).toBe('13:00:05');
    expect(createFormatters('en-GB', 'UTC').time(noonUtc)).toBe('12:00:05');
    expect(english.clock(Date.UTC(2026, 0, 15, 23, 5))).toBe('00:05');
  });

  it('writes how long ago in the largest unit that fits', () => {
    const now = Date.UTC(2026, 5, 1);
    expect(plain(english.relative(now - 90_000, now))).toBe('1 min ago');
    expect(plain(english.relative(now - 26 * 3_600_000, now))).toBe('yesterday');
    expect(plain(english.relative(now + 3 * 3_600_000, now))).toBe('in 3 hr');
    expect(plain(german.relative(now - 5_000, now))).toBe('vor 5 Sek.');
  });
});

describe('durations', () => {
  it.each([
    [0, '0ms'],
    [850, '850ms'],
    [1_234, '1.2s'],
    [59_400, '59s'],
    [59_600, '1m'],
    [200_000, '3m 20s'],
    [3_600_000, '1h'],
    [3_723_000, '1h 2m'],
    [86_399_000, '1d'],
    [93_600_000, '1d 2h'],
  ])('%i ms reads %s', (ms, text) => expect(plain(english.duration(ms))).toBe(text));

  it('never shows sixty of a unit that has a larger one', () => {
    for (let ms = 10_000; ms < 200_000_000; ms = Math.ceil(ms * 1.013)) {
      for (const [unit, value] of durationParts(ms)) {
        if (unit === 'second' || unit === 'minute') expect(value, String(ms)).toBeLessThan(60);
        if (unit === 'hour') expect(value, String(ms)).toBeLessThan(24);
      }
    }
  });

  it('has no negative time', () => expect(english.duration(-5)).toBe('0ms'));
});
