import { cutText, withoutMarks } from './cell';
import { toAsciiDigits } from './digits';

/** What a cell says once everything that is only typography is taken away. */
export type PhoneText =
  | {
      readonly ok: true;
      /** ASCII digits only. */
      readonly digits: string;
      /** True where the text itself says that a country code follows (a plus sign). */
      readonly plus: boolean;
      /** True where the digits had to be rewritten (other scripts, full-width). */
      readonly foreignDigits: boolean;
      readonly extensionDropped: boolean;
      readonly decimalDropped: boolean;
    }
  | { readonly ok: false; readonly code: PhoneTextErrorCode; readonly reason: string };

export type PhoneTextErrorCode = 'missing' | 'digits-lost' | 'not-a-phone' | 'several-numbers' | 'too-long';

/** E.164 allows 15 digits; an international prefix, a trunk zero and a typed-in "(0)" may come on top. */
const MAX_TYPED_DIGITS = 20;
const MAX_CELL_LENGTH = 100;
/** Excel rounds a numeric cell to 15 significant digits. */
const EXCEL_PRECISION = 1e15;

const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?\s*e\s*\+?\d+$/i;
const FLOAT_OF_WHOLE = /^(\+?\d{7,})[.,]0{1,2}$/;
const FRACTION = /^\+?\d{10,}[.,]\d{1,2}$/;
const EXTENSION = /\s*(?:;\s*ext\s*=|ext(?:ension)?\s*[.:]?|x|#)\s*\d{1,7}\s*$/i;
const LABEL = /^(?:tel|phone|mobile|whatsapp|wa)\s*[.:]\s*/i;
const SEPARATOR = /[;,/|\n&]|\s(?:or|and|und|oder|ou|et|o|y|e|أو|و)\s/i;
const PUNCTUATION = /[\s().,/\\[\]~\u2010-\u2015\u2212\u30fc\u2053\u223c·•-]/g;
const ASCII_PLAIN = /^\+?\d+$/;

/** Reads a cell into digits, or says in plain words why it is no phone number. Knows no country. */
export function readPhoneText(cell: string | number): PhoneText {
  if (typeof cell === 'number') return readNumericCell(cell);
  if (cell.length > MAX_CELL_LENGTH)
    return fail('not-a-phone', 'The cell is far too long for a phone number.');
  // The usual case of a well-kept file, without a single replacement.
  if (ASCII_PLAIN.test(cell))
    return fromDigits(cell.replace('+', ''), cell.startsWith('+'), false, false, false);
  return readFormattedText(cell);
}

function readNumericCell(cell: number): PhoneText {
  if (!Number.isInteger(cell) || cell <= 0) {
    return fail('not-a-phone', `${String(cell)} is a number, but not a phone number.`);
  }
  if (cell >= EXCEL_PRECISION) {
    return fail('digits-lost', `${String(cell)}: Excel keeps 15 digits of a number and has lost the rest.`);
  }
  return fromDigits(String(cell), false, false, false, false);
}

function readFormattedText(cell: string): PhoneText {
  const visible = withoutMarks(cell).replaceAll('＋', '+').trim();
  if (visible === '' || visible === "'") return fail('missing', 'The phone number is empty.');
  const ascii = toAsciiDigits(visible);
  if (SCIENTIFIC.test(ascii)) {
    const reason = `“${visible}”: digits lost in Excel. Format the column as text and export it again.`;
    return fail('digits-lost', reason);
  }
  const unlabelled = ascii.replace(/^'/, '').replace(LABEL, '');
  const extensionDropped = EXTENSION.test(unlabelled);
  const unextended = extensionDropped ? unlabelled.replace(EXTENSION, '') : unlabelled;
  const whole = FLOAT_OF_WHOLE.exec(unextended)?.[1];
  const text = whole ?? unextended;
  if (FRACTION.test(text))
    return fail('not-a-phone', `“${visible}” is a number with decimals, not a phone number.`);
  if (holdsSeveralNumbers(text)) {
    return fail(
      'several-numbers',
      `“${shorten(visible)}” holds more than one phone number. Keep one per row.`,
    );
  }
  const compact = moveTrailingPlus(text.replace(PUNCTUATION, ''));
  const plus = compact.startsWith('+');
  const digits = plus ? compact.slice(1) : compact;
  if (!/^\d+$/.test(digits)) return fail('not-a-phone', `“${shorten(visible)}” is not a phone number.`);
  return fromDigits(digits, plus, ascii !== visible, extensionDropped, whole !== undefined);
}

/** Right-to-left files often show the plus at the end: "966512345678+". */
function moveTrailingPlus(text: string): string {
  return text.endsWith('+') && text.indexOf('+') === text.length - 1 ? `+${text.slice(0, -1)}` : text;
}

function holdsSeveralNumbers(text: string): boolean {
  if (text.indexOf('+', text.search(/\d/)) > 0 && /\d\D*\+\D*\d/.test(text)) return true;
  const long = text.split(SEPARATOR).filter((part) => part.replace(/\D/g, '').length >= 7);
  return long.length > 1;
}

function fromDigits(
  digits: string,
  plus: boolean,
  foreignDigits: boolean,
  extensionDropped: boolean,
  decimalDropped: boolean,
): PhoneText {
  if (digits.length > MAX_TYPED_DIGITS) {
    return fail('too-long', `It has ${digits.length} digits; a phone number has at most 15.`);
  }
  return { ok: true, digits, plus, foreignDigits, extensionDropped, decimalDropped };
}

function shorten(text: string): string {
  return text.length > 40 ? `${cutText(text, 39)}…` : text;
}

function fail(code: PhoneTextErrorCode, reason: string): PhoneText {
  return { ok: false, code, reason };
}
