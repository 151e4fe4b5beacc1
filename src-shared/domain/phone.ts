import {
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import { type FoundNumber, quickInternational, quickLength, quickNational } from './phone-plans';
import { readPhoneText, type PhoneTextErrorCode } from './phone-text';

export type { CountryCode } from 'libphonenumber-js/max';

declare const e164Brand: unique symbol;
/** "+" and 7 to 15 digits, the first of them not 0. */
export type E164 = string & { readonly [e164Brand]: true };

/** What was done to the cell to get the number; shown in the preview beside it. */
export type PhoneNote =
  /** The digits began with a country code but the + was gone. */
  | 'plus-restored'
  /** A national number, read in the default country. */
  | 'country-default'
  /** 00 (or the default country's international prefix) was replaced by +. */
  | 'international-prefix'
  /** Digits of another script were rewritten. */
  | 'digits-normalised'
  /** "ext. 12" was left out: WhatsApp reaches no extensions. */
  | 'extension-dropped'
  /** ".0" that some exports add to whole numbers was left out. */
  | 'decimal-dropped'
  /** Read in the default country, but the same digits are also a valid number of another country. */
  | 'ambiguous-country'
  /** Only 10 to 15 digits were checked, because validation is off. */
  | 'not-validated';

export type PhoneErrorCode =
  PhoneTextErrorCode | 'country-unknown' | 'country-code-invalid' | 'too-short' | 'invalid';

export type PhoneResult =
  | {
      readonly ok: true;
      readonly e164: E164;
      /** Absent for numbers that belong to no country, and for unchecked ones. */
      readonly country?: CountryCode;
      readonly notes: readonly PhoneNote[];
    }
  | { readonly ok: false; readonly code: PhoneErrorCode; readonly reason: string };

export type PhoneNormaliser = (cell: string | number) => PhoneResult;

export interface PhoneOptions {
  /**
   * True (the default): only numbers that exist in the numbering plans of Google's libphonenumber.
   * False: besides those, any 10 to 15 digits with an optional country code (the guide's looser rule).
   */
  readonly validate?: boolean;
}

/**
 * Below 11 digits a number without a plus is more likely a national one: 2025550143 is a number in Washington
 * and a landline in Cairo. It is read as international only where it is a mobile number there.
 */
const CLEARLY_INTERNATIONAL_DIGITS = 11;
const LOOSE_DIGITS = { min: 10, max: 15 };

export function isE164(text: string): text is E164 {
  return /^\+[1-9]\d{6,14}$/.test(text);
}

/** An ISO 3166 alpha-2 code that has a numbering plan. Case does not matter. */
export function parseCountryCode(text: string): CountryCode | undefined {
  const code = text.trim().toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

interface Reading {
  readonly number: FoundNumber;
  readonly notes: readonly PhoneNote[];
}

interface Home {
  readonly country: CountryCode;
  readonly callingCode: string;
}

/**
 * A function that turns a cell into one E.164 number or a plain reason why not. Make one per default country
 * and keep it: everything that depends on the country is prepared here.
 */
export function createPhoneNormaliser(
  defaultCountry?: CountryCode,
  options: PhoneOptions = {},
): PhoneNormaliser {
  const validate = options.validate ?? true;
  const home: Home | undefined =
    defaultCountry === undefined
      ? undefined
      : { country: defaultCountry, callingCode: getCountryCallingCode(defaultCountry) };

  return (cell) => {
    const text = readPhoneText(cell);
    if (!text.ok) return text;
    const textNotes: PhoneNote[] = [];
    if (text.foreignDigits) textNotes.push('digits-normalised');
    if (text.extensionDropped) textNotes.push('extension-dropped');
    if (text.decimalDropped) textNotes.push('decimal-dropped');

    const reading = readValid(text.digits, text.plus, home);
    if (reading !== undefined) return accept(reading, textNotes);
    if (!validate) return readLoosely(text.digits, text.plus, home, textNotes);
    return explain(text.digits, text.plus, home);
  };
}

function accept({ number, notes }: Reading, textNotes: readonly PhoneNote[]): PhoneResult {
  const e164 = number.number;
  if (!isE164(e164)) return { ok: false, code: 'invalid', reason: `${e164} is not a phone number.` };
  const allNotes = [...textNotes, ...notes];
  return number.country === undefined
    ? { ok: true, e164, notes: allNotes }
    : { ok: true, e164, country: number.country, notes: allNotes };
}

/** The first reading that is a valid number: as written, 00 as plus, in the default country, plus restored. */
function readValid(digits: string, plus: boolean, home: Home | undefined): Reading | undefined {
  if (plus) return withNotes(parseInternational(digits), []);
  if (digits.startsWith('00')) {
    const reading = withNotes(parseInternational(digits.slice(2)), ['international-prefix']);
    if (reading !== undefined) return reading;
  }
  return readBare(digits, home);
}

/**
 * Digits with neither plus nor 00. Where they are valid both in the default country and as an international
 * number, the reading that is a mobile number wins, then the default country's own code, then its national
 * reading. (German plans accept almost any digits: read nationally alone, 4915112345678 would become a
 * landline +49 4915112345678 instead of the mobile it is.)
 */
function readBare(digits: string, home: Home | undefined): Reading | undefined {
  const restored = readWithPlusRestored(digits);
  if (home === undefined) return restored;
  const national = parseNational(digits, home.country);
  if (national === undefined) return restored;
  if (national.number === `+${digits}`) return { number: national, notes: ['plus-restored'] };
  if (national.countryCallingCode !== home.callingCode)
    return { number: national, notes: ['international-prefix'] };
  if (restored === undefined) return { number: national, notes: ['country-default'] };
  const nationalIsMobile = national.isMobile;
  const restoredIsMobile = restored.number.isMobile;
  if (!nationalIsMobile && (restoredIsMobile || digits.startsWith(home.callingCode))) return restored;
  const ambiguous = nationalIsMobile === restoredIsMobile;
  return {
    number: national,
    notes: ambiguous ? ['country-default', 'ambiguous-country'] : ['country-default'],
  };
}

function readWithPlusRestored(digits: string): Reading | undefined {
  if (digits.startsWith('0') || digits.length > LOOSE_DIGITS.max) return undefined;
  const number = parseInternational(digits);
  if (number === undefined) return undefined;
  if (digits.length < CLEARLY_INTERNATIONAL_DIGITS && !number.isMobile) return undefined;
  return { number, notes: ['plus-restored'] };
}

function parseInternational(digits: string): FoundNumber | undefined {
  const quick = quickInternational(digits);
  return quick === undefined ? whereValid(parsePhoneNumberFromString(`+${digits}`)) : (quick ?? undefined);
}

function parseNational(digits: string, country: CountryCode): FoundNumber | undefined {
  const quick = quickNational(digits, country);
  return quick === undefined ? whereValid(parsePhoneNumberFromString(digits, country)) : (quick ?? undefined);
}

function whereValid(found: PhoneNumber | undefined): FoundNumber | undefined {
  if (found?.isValid() !== true) return undefined;
  const { number, country, countryCallingCode } = found;
  const type = found.getType();
  return {
    ...{ number, country, countryCallingCode },
    isMobile: type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE',
  };
}

function withNotes(number: FoundNumber | undefined, notes: readonly PhoneNote[]): Reading | undefined {
  return number === undefined ? undefined : { number, notes };
}

/** The guide's rule, "10-15 digits with optional country code", for when validation is off. */
function readLoosely(
  digits: string,
  plus: boolean,
  home: Home | undefined,
  textNotes: readonly PhoneNote[],
): PhoneResult {
  const international = plus ? digits : digits.startsWith('00') ? digits.slice(2) : undefined;
  const full = international ?? completeLoosely(digits, home);
  if (full === undefined) return countryUnknown(digits);
  if (full.length < LOOSE_DIGITS.min) return tooShort(digits, home);
  if (full.length > LOOSE_DIGITS.max) return tooLong(digits);
  const e164 = `+${full}`;
  if (!isE164(e164)) return countryCodeInvalid(full);
  const notes: PhoneNote[] = [...textNotes];
  if (!plus)
    notes.push(
      international !== undefined
        ? 'international-prefix'
        : full === digits
          ? 'plus-restored'
          : 'country-default',
    );
  return { ok: true, e164, notes: [...notes, 'not-validated'] };
}

function completeLoosely(digits: string, home: Home | undefined): string | undefined {
  if (home === undefined) return digits.startsWith('0') ? undefined : digits;
  const number = parsePhoneNumberFromString(digits, home.country);
  if (number?.isPossible() === true) return number.number.slice(1);
  if (digits.startsWith('0')) return home.callingCode + digits.slice(1);
  return digits;
}

/** Why no reading is valid, said of the reading the writer most likely meant. */
function explain(digits: string, plus: boolean, home: Home | undefined): PhoneResult {
  const isInternational = plus || digits.startsWith('00');
  if (
    !isInternational &&
    home === undefined &&
    (digits.startsWith('0') || digits.length < CLEARLY_INTERNATIONAL_DIGITS)
  ) {
    return digits.length < 4 ? tooShort(digits, home) : countryUnknown(digits);
  }
  const full = plus ? digits : digits.startsWith('00') ? digits.slice(2) : digits;
  const asNational = !isInternational && home !== undefined;
  const length = asNational
    ? validatePhoneNumberLength(digits, home.country)
    : (quickLength(full) ?? validatePhoneNumberLength(`+${full}`));
  if (length === 'INVALID_COUNTRY') return countryCodeInvalid(full);
  if (length === 'TOO_SHORT' || length === 'NOT_A_NUMBER')
    return tooShort(digits, asNational ? home : undefined);
  if (length === 'TOO_LONG') return tooLong(digits);
  const where = asNational ? ` in ${home.country} (+${home.callingCode})` : '';
  return {
    ok: false,
    code: 'invalid',
    reason: `${display(digits, plus)} is not a number that exists${where}.`,
  };
}

function display(digits: string, plus: boolean): string {
  return plus ? `+${digits}` : digits;
}

function countryUnknown(digits: string): PhoneResult {
  const reason = `${digits} has no country code. Write it as +…, or choose a default country.`;
  return { ok: false, code: 'country-unknown', reason };
}

function countryCodeInvalid(digits: string): PhoneResult {
  return { ok: false, code: 'country-code-invalid', reason: `+${digits} begins with no known country code.` };
}

function tooShort(digits: string, home: Home | undefined): PhoneResult {
  const where = home === undefined ? '' : ` in ${home.country} (+${home.callingCode})`;
  const reason = `It has ${digits.length} digit${digits.length === 1 ? '' : 's'}: too few for a phone number${where}.`;
  return { ok: false, code: 'too-short', reason };
}

function tooLong(digits: string): PhoneResult {
  return {
    ok: false,
    code: 'too-long',
    reason: `It has ${digits.length} digits: too many for a phone number.`,
  };
}
