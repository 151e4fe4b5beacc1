import { isDateFormat, isoFromSerial, roundToExcelPrecision } from './cell-values';
import { type DurationFormat, durationFormat, durationText } from './durations';

/** What a number format makes of a number. */
export type NumberLook = 'number' | 'date' | DurationFormat;

/** `code`: left out for the formats that every program knows by their number. */
export const numberLook = (id: number, code: string | undefined): NumberLook =>
  durationFormat(id, code) ?? (isDateFormat(id, code) ? 'date' : 'number');

/** A number as it is handed on: dates as ISO text, durations as their format shows them. */
export function shownNumber(value: number, look: NumberLook, epoch1904: boolean): string | number {
  if (look === 'number') return roundToExcelPrecision(value);
  return look === 'date' ? isoFromSerial(value, epoch1904) : durationText(value, look);
}
