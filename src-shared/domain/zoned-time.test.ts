import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { instantOf, wallClock } from './zoned-time';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const iso = (local: string, zone: string): string | null => {
  const at = instantOf(local, zone);
  return at === null ? null : new Date(at).toISOString();
};

describe('a time on the clocks of a zone', () => {
  it.each<[string, string, string]>([
    ['2026-03-01T09:00', 'Asia/Riyadh', '2026-03-01T06:00:00.000Z'],
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-01-15T09:00', 'Asia/Kathmandu', '2026-01-15T03:15:00.000Z'],
    // Skipped by the clocks of Berlin: as long after the jump.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // Shown twice: the first.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    ['2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ])('%s in %s', (local, zone, expected) => {
    expect(iso(local, zone)).toBe(expected);
  });

  it.each(['', '2026-02-30T10:00', '2026-01-01T24:00', '2026-13-01T10:00', 'tomorrow'])(
    '%j is none',
    (local) => {
      expect(instantOf(local, 'Europe/Berlin')).toBeNull();
    },
  );

  it('is what the clocks show at that moment', () => {
    const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
    fc.assert(
      fc.property(moment, zone, (epoch, name) => {
        const { year, month, day, hour, minute } = wallClock(epoch, name);
        const two = (value: number): string => String(value).padStart(2, '0');
        const at = instantOf(`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`, name);
        expect(at).not.toBeNull();
        expect(wallClock(at ?? 0, name)).toMatchObject({ year, month, day, hour, minute });
      }),
    );
  });
});
