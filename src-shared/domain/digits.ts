/** Unicode digits → ASCII digits. Decimal digits come in runs of ten in every script, in order, zero first. */

const ANY_DIGIT = /\p{Nd}/u;
const NON_ASCII_DIGITS = /(?![0-9])\p{Nd}/gu;
const known = new Map<string, string>();

function digitValue(digit: string): string {
  const cached = known.get(digit);
  if (cached !== undefined) return cached;
  const codePoint = digit.codePointAt(0) ?? 0;
  let runStart = codePoint;
  while (ANY_DIGIT.test(String.fromCodePoint(runStart - 1))) runStart -= 1;
  const value = String((codePoint - runStart) % 10);
  known.set(digit, value);
  return value;
}

/** Arabic-Indic, Persian, Devanagari, full-width and all other decimal digits as 0-9; the rest untouched. */
export function toAsciiDigits(text: string): string {
  return text.replace(NON_ASCII_DIGITS, digitValue);
}
