import { LAST_SERIAL, placeholdersOf, SECONDS_A_DAY } from './cell-values';

const SECONDS = { h: 3_600, m: 60, s: 1 } as const;
type Unit = keyof typeof SECONDS;
const UNITS: readonly Unit[] = ['h', 'm', 's'];
const BUILT_IN_DURATION = 46;

/** How a number format shows how long something took, and not a time of day: `[h]:mm`, `[mm]:ss`, `[s]`. */
export interface DurationFormat {
  /** The unit that counts on: 26 hours, 1,590 minutes. */
  readonly largest: Unit;
  /** Its least digits. */
  readonly digits: number;
  readonly smallest: Unit;
  /** Digits of a second's fraction. */
  readonly fraction: number;
}

/** The duration that a number format shows; nothing where it shows something else. Built-in 46 is `[h]:mm:ss`. */
export function durationFormat(id: number, code: string | undefined): DurationFormat | undefined {
  if (code === undefined) return id === BUILT_IN_DURATION ? durationFormat(id, '[h]:mm:ss') : undefined;
  const shown = placeholdersOf(code).toLowerCase();
  const counted = /\[(h+|m+|s+)\]/.exec(shown)?.[1];
  if (counted === undefined || /[dy]/.test(shown)) return undefined;
  const largest = counted.charAt(0) as Unit;
  const smallest = shown.includes('s') ? 's' : shown.includes('m') ? 'm' : largest;
  return {
    largest,
    digits: counted.length,
    smallest,
    fraction: /s\]?\.(0+)/.exec(shown)?.[1]?.length ?? 0,
  };
}

/**
 * A serial as the duration that its format shows: `26:30`, `1590:15`. What the format hides and is there follows
 * all the same: half a minute of `[h]:mm` is `26:30:30`. What is no duration stays the number it is.
 */
export function durationText(serial: number, format: DurationFormat): string | number {
  if (!Number.isFinite(serial) || Math.abs(serial) > LAST_SERIAL + 1) return serial;
  const scale = 10 ** format.fraction;
  const ticks = Math.round(Math.abs(serial) * SECONDS_A_DAY * scale);
  let seconds = Math.floor(ticks / scale);
  const first = UNITS.indexOf(format.largest);
  const hidden = seconds % SECONDS.m !== 0 ? 's' : seconds % SECONDS.h !== 0 ? 'm' : 'h';
  const last = Math.max(first, UNITS.indexOf(format.smallest), UNITS.indexOf(hidden));
  const parts = UNITS.slice(first, last + 1).map((unit, index) => {
    const count = Math.floor(seconds / SECONDS[unit]);
    seconds -= count * SECONDS[unit];
    return String(count).padStart(index === 0 ? format.digits : 2, '0');
  });
  const fraction = format.fraction === 0 ? '' : `.${String(ticks % scale).padStart(format.fraction, '0')}`;
  return `${serial < 0 && ticks > 0 ? '-' : ''}${parts.join(':')}${fraction}`;
}
