import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { callingCodeOf, PHONE_ZONES, zonesOf } from './phone-zones';
import { allowedFrom, forecast, placesAt, QuietHours } from './quiet-hours';
import { wallClock } from './zoned-time';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const night: QuietHours = { from: '21:00', until: '08:00' };
const at = (iso: string): number => Date.parse(iso);
const isoOf = (epoch: number): string => new Date(epoch).toISOString();
const time = fc
  .record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) })
  .map(({ hour, minute }) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const moment = fc.integer({ min: at('2025-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });

describe('where a phone may be', () => {
  it('knows only zones that exist', () => {
    for (const zone of new Set([...PHONE_ZONES.values()].flat()))
      expect(() => wallClock(0, zone)).not.toThrow();
  });

  it.each<[string, string | undefined, readonly string[]]>([
    ['+966512345678', '+966', ['Asia/Riyadh']],
    ['+18095551234', '+1809', ['America/Santo_Domingo']],
    ['+77011234567', '+77', ['Asia/Almaty']],
    ['+4915112345678', '+49', ['Europe/Berlin']],
    ['+8001234567', undefined, []],
  ])('%s', (phone, code, zones) => {
    expect(callingCodeOf(phone)).toBe(code);
    expect(zonesOf(phone)).toEqual(zones);
  });

  it('spans a country of many zones', () => {
    expect(zonesOf('+12125551234')).toContain('America/Los_Angeles');
  });
});

describe('quiet hours', () => {
  it.each<[string, string, string, string]>([
    ['before them', '+966500000000', '2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['in the evening', '+966500000000', '2026-03-01T18:30:15Z', '2026-03-02T05:00:00.000Z'],
    ['in the morning', '+966500000000', '2026-03-01T04:59:59Z', '2026-03-01T05:00:00.000Z'],
    ['over a change of the clocks', '+4915112345678', '2026-03-28T22:00:00Z', '2026-03-29T06:00:00.000Z'],
    [
      'in a country of many zones: until all are awake',
      '+12125551234',
      '2026-01-10T14:00:00Z',
      '2026-01-10T16:00:00.000Z',
    ],
    ['somewhere unknown', '+8001234567', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z'],
  ])('%s', (_, phone, now, expected) => {
    expect(isoOf(allowedFrom(at(now), zonesOf(phone), night))).toBe(expected);
  });

  it('end where it is quiet in no zone, and never before now', () => {
    const codes = fc.constantFrom(...PHONE_ZONES.keys());
    fc.assert(
      fc.property(moment, codes, time, time, (now, code, from, until) => {
        const zones = PHONE_ZONES.get(code) ?? [];
        const allowed = allowedFrom(now, zones, { from, until });
        expect(allowed).toBeGreaterThanOrEqual(now);
        if (allowed === now || zones.length > 1) return;
        expect(allowedFrom(allowed, zones, { from, until })).toBe(allowed);
        // A second before, it was still quiet.
        expect(allowedFrom(allowed - 1_000, zones, { from, until })).toBe(allowed);
      }),
    );
  });

  it('name every calling code where it is quiet', () => {
    const now = at('2026-03-01T19:00:00Z');
    const quiet = new Map(placesAt(now, night).map(({ prefix, until }) => [prefix, until]));
    expect(quiet.get('+966')).toBe(at('2026-03-02T05:00:00Z'));
    expect(quiet.get('+44')).toBeNull();
  });

  it('go by the clock that was named for those of whom no country is known, and for no others', () => {
    const now = at('2026-03-01T19:00:00Z');
    const ends = (timeZone?: string) =>
      new Map(placesAt(now, { ...night, timeZone }).map(({ prefix, until }) => [prefix, until]));
    expect(ends().has('')).toBe(false);
    expect(ends('Asia/Riyadh').get('')).toBe(at('2026-03-02T05:00:00Z'));
    expect(ends('America/New_York').get('')).toBeNull();
    expect(ends('America/New_York').get('+966')).toBe(at('2026-03-02T05:00:00Z'));
    const pace = { startAt: now, perSecond: 10, ahead: 0 };
    const nowhere = [{ prefix: '', recipients: 5 }];
    expect(forecast(nowhere, pace, { ...night, timeZone: 'Asia/Riyadh' }).waiting).toBe(5);
    expect(forecast(nowhere, pace, night).waiting).toBe(0);
  });

  it('are two times of a day', () => {
    expect(QuietHours.safeParse({ ...night, timeZone: 'Mars/Base' }).success).toBe(false);
    expect(QuietHours.safeParse({ from: '24:00', until: '08:00' }).success).toBe(false);
  });
});

describe('when a campaign ends', () => {
  const pace = { startAt: at('2026-03-01T12:00:00Z'), perSecond: 10, ahead: 0 };

  it('is what its rate gives, behind what the sender has before it', () => {
    const places = [{ prefix: '+966', recipients: 6_000 }];
    expect(forecast(places, pace, null)).toEqual({ finishAt: pace.startAt + 600_000, waiting: 0 });
    expect(forecast(places, { ...pace, ahead: 3_000 }, null).finishAt).toBe(pace.startAt + 900_000);
    expect(forecast(places, { ...pace, perSecond: 0 }, null).finishAt).toBeNull();
  });

  it('takes the night of each recipient into account', () => {
    // 21:00 in Riyadh is 18:00 UTC: six hours at 10/s are 216,000; the rest waits until 08:00.
    const places = [{ prefix: '+966', recipients: 252_000 }];
    expect(isoOf(forecast(places, pace, night).finishAt ?? 0)).toBe('2026-03-02T06:00:00.000Z');
    const asleep = forecast(places, { ...pace, startAt: at('2026-03-01T20:00:00Z') }, night);
    expect(asleep.waiting).toBe(252_000);
    expect(isoOf(asleep.finishAt ?? 0)).toBe('2026-03-02T12:00:00.000Z');
  });

  it('is never earlier than without quiet hours, and says for whom it waits', () => {
    const share = fc.record({
      prefix: fc.constantFrom('+966', '+49', '+1', '+91', '+81', '+800'),
      recipients: fc.integer({ min: 0, max: 50_000 }),
    });
    const places = fc.uniqueArray(share, { selector: ({ prefix }) => prefix, maxLength: 6 });
    fc.assert(
      fc.property(places, moment, fc.integer({ min: 1, max: 200 }), (shares, startAt, perSecond) => {
        const given = { startAt, perSecond, ahead: 0 };
        const free = forecast(shares, given, null);
        const held = forecast(shares, given, night);
        const total = shares.reduce((sum, { recipients }) => sum + recipients, 0);
        expect(held.waiting).toBeLessThanOrEqual(total);
        expect((held.finishAt ?? Infinity) + 1).toBeGreaterThanOrEqual(free.finishAt ?? 0);
        if (held.waiting === 0 && total === 0) expect(held.finishAt).toBe(startAt);
      }),
      { numRuns: 50 },
    );
  });
});
