import { useFormat } from '@renderer/i18n/use-format';

/** What a chart's numbers are: plain counts, per second, milliseconds, bytes, or a ratio 0..1. */
export type Unit = 'count' | 'rate' | 'ms' | 'bytes' | 'percent';

export interface UnitFormat {
  /** Exact: tooltip and table. */
  readonly full: (value: number) => string;
  /** Short: the axis. */
  readonly short: (value: number) => string;
  /** Halves mean nothing: the axis keeps to whole numbers. */
  readonly wholeOnly: boolean;
}

/** How to write a chart's numbers. */
export function useUnit(unit: Unit): UnitFormat {
  const format = useFormat();
  switch (unit) {
    case 'count':
      return {
        full: (value) => format.number(value, 1),
        short: (value) => format.compact(value),
        wholeOnly: true,
      };
    case 'rate':
      return {
        full: (value) => format.rate(value),
        short: (value) => `${format.compact(value)}/s`,
        wholeOnly: false,
      };
    case 'ms':
      return {
        full: (value) => format.duration(value),
        short: (value) => format.duration(value),
        wholeOnly: false,
      };
    case 'bytes':
      return { full: (value) => format.bytes(value), short: (value) => format.bytes(value), wholeOnly: true };
    case 'percent':
      return {
        full: (value) => format.percent(value),
        short: (value) => format.percent(value, 0),
        wholeOnly: false,
      };
  }
}
