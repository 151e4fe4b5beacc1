import { useMemo } from 'react';
import { type Formatters, rateUnit } from '@renderer/i18n/format';
import { useFormat } from '@renderer/i18n/use-format';

/** What a chart's numbers are: plain counts, per second, milliseconds, bytes, or a ratio 0..1. */
export type Unit = 'count' | 'rate' | 'ms' | 'bytes' | 'percent';

export interface UnitFormat {
  /** Exact: tooltip and table. */
  readonly full: (value: number) => string;
  /** Short: the axis, all of whose ticks are in the unit of its highest value. */
  readonly axis: (highest: number) => Axis;
  /** Halves mean nothing: the axis keeps to whole numbers. */
  readonly wholeOnly: boolean;
}

export interface Axis {
  /** By which its numbers are multiplied where they are written: ticks are round after that. */
  readonly factor: number;
  readonly short: (value: number) => string;
}

/** How to write a chart's numbers; the same object as long as nothing changes. */
export function useUnit(unit: Unit): UnitFormat {
  const format = useFormat();
  return useMemo(() => unitFormat(unit, format), [unit, format]);
}

const plain =
  (short: Axis['short']): UnitFormat['axis'] =>
  () => ({ factor: 1, short });

function unitFormat(unit: Unit, format: Formatters): UnitFormat {
  switch (unit) {
    case 'count':
      return {
        full: (value) => format.number(value, 1),
        axis: plain((value) => format.compact(value)),
        wholeOnly: true,
      };
    case 'rate':
      return {
        full: (value) => format.rate(value),
        axis: (highest) => {
          const { seconds, suffix } = rateUnit(highest);
          return { factor: seconds, short: (value) => `${format.compact(value * seconds)}${suffix}` };
        },
        wholeOnly: false,
      };
    case 'ms':
      return {
        full: (value) => format.duration(value),
        axis: plain((value) => format.duration(value)),
        wholeOnly: true,
      };
    case 'bytes':
      return {
        full: (value) => format.bytes(value),
        axis: plain((value) => format.bytes(value)),
        wholeOnly: true,
      };
    case 'percent':
      return {
        full: (value) => format.percent(value),
        axis: plain((value) => format.percent(value, 0)),
        wholeOnly: false,
      };
  }
}
