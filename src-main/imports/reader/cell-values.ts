/** Days from 1899-12-30 (serial 0 of Excel's first calendar from March 1900 on) to the Unix epoch. */
const UNIX_EPOCH_SERIAL = 25_569;
/** The calendar of 1904 (old Macs) begins 1,462 days later. */
const DAYS_1900_TO_1904 = 1_462;
export const SECONDS_A_DAY = 86_400;
/** 9999-12-31 */
export const LAST_SERIAL = 2_958_465;
/** The first second that Excel has no date for, 10000-01-01. */
const END_OF_CALENDAR = (LAST_SERIAL + 1 - UNIX_EPOCH_SERIAL) * SECONDS_A_DAY;
/** 1900 was no leap year, but serial 60 is its 29 February: below it serials are one day off. */
const PHANTOM_LEAP_DAY = 60;

/**
 * A serial date as ISO 8601 without a zone: `2024-04-03`, `2024-04-03T15:30:00`, or `15:30:00` for a bare
 * time of day. Serials that are no date come back as the number they are.
 */
export function isoFromSerial(serial: number, epoch1904: boolean): string | number {
  const from1900 = epoch1904 ? serial + DAYS_1900_TO_1904 : serial;
  if (!Number.isFinite(from1900) || from1900 < 0) return serial;
  const days = !epoch1904 && from1900 < PHANTOM_LEAP_DAY ? from1900 + 1 : from1900;
  const seconds = Math.round((days - UNIX_EPOCH_SERIAL) * SECONDS_A_DAY);
  if (seconds >= END_OF_CALENDAR) return serial;
  const [date = '', time = ''] = new Date(seconds * 1_000).toISOString().slice(0, 19).split('T');
  if (serial < 1) return time;
  return time === '00:00:00' ? date : `${date}T${time}`;
}

/** Excel shows 15 significant digits of a fraction: 0.1 + 0.2 is 0.3. Whole numbers stay as they are. */
export function roundToExcelPrecision(value: number): number {
  if (Number.isInteger(value)) return value;
  // Amounts: the nearest number to one with two decimals and not too many digits before them is itself.
  const hundredths = Math.round(value * 100);
  if (Math.abs(hundredths) < 1e14 && hundredths / 100 === value) return value;
  return Number(value.toPrecision(15));
}

/** Number formats without a custom code that show a date or a time (ECMA-376 part 1, 18.8.30). */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54,
  55, 56, 57, 58,
]);

/** Whether a number format shows its number as a date or a time. */
export function isDateFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return BUILT_IN_DATES.has(id);
  return /[dmyhs]/i.test(placeholdersOf(code));
}

/** What a number format for positive numbers puts digits into, and which: no text, colours or conditions. */
export function placeholdersOf(code: string): string {
  // Quoted text, escaped characters, colours, conditions and fillers are no placeholders; [h] is one.
  const [positive = ''] = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  return positive.replace(/\[(?!(?:h+|m+|s+)\])[^\]]*\]/gi, '').replace(/general|am\/pm|a\/p/gi, '');
}
