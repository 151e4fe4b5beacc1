import fc from 'fast-check';
import {
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it, vi } from 'vitest';
import { quickInternational, quickLength, quickNational, type QuickAnswer } from './phone-plans';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 120_000 });

const RUNS = 30_000;
const countries = getCountries();

function libraryAnswer(found: PhoneNumber | undefined): QuickAnswer {
  if (found?.isValid() !== true) return null;
  const { number, country, countryCallingCode } = found;
  const type = found.getType();
  const isMobile = type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
  return { number, country, countryCallingCode, isMobile };
}

/** Digits after which a number may be anything: mostly near to one that exists. */
const nationalDigits = (country: CountryCode): fc.Arbitrary<string> => {
  const example = getExampleNumber(country, examples)?.nationalNumber ?? '';
  const near = fc
    .tuple(fc.nat(Math.max(0, example.length - 1)), fc.stringMatching(/^\d{0,3}$/), fc.nat(3))
    .map(([at, digits, gone]) => example.slice(0, at) + digits + example.slice(at + gone));
  const tail = fc
    .tuple(fc.nat(Math.min(4, example.length)), fc.stringMatching(/^\d{10}$/))
    .map(([kept, digits]) => example.slice(0, kept) + digits.slice(0, example.length - kept));
  return fc.oneof(near, tail, tail, fc.stringMatching(/^\d{1,14}$/));
};
const places = fc
  .constantFrom(...countries)
  .chain((country) => fc.tuple(fc.constant(country), nationalDigits(country)));

describe('the quick answers of numbering plans', () => {
  it('are those of the library, for international numbers', () => {
    fc.assert(
      fc.property(places, ([country, national]) => {
        const digits = getCountryCallingCode(country) + national;
        const quick = quickInternational(digits);
        if (quick === undefined) return;
        expect(quick).toEqual(libraryAnswer(parsePhoneNumberFromString(`+${digits}`)));
      }),
      { numRuns: RUNS },
    );
  });

  it('are those of the library, for how long a number is', () => {
    let quick = 0;
    const check = (digits: string): void => {
      const length = quickLength(digits);
      if (length === undefined) return;
      quick += 1;
      expect([digits, length]).toEqual([digits, validatePhoneNumberLength(`+${digits}`) ?? 'IS_POSSIBLE']);
    };
    fc.assert(
      fc.property(places, ([country, national]) => check(getCountryCallingCode(country) + national)),
      { numRuns: RUNS },
    );
    fc.assert(fc.property(fc.stringMatching(/^\d{1,20}$/), check), { numRuns: RUNS });
    expect(quick).toBeGreaterThan(RUNS / 2);
  });

  it('are those of the library, for any digits at all', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,16}$/), (digits) => {
        const quick = quickInternational(digits);
        if (quick === undefined) return;
        expect(quick).toEqual(libraryAnswer(parsePhoneNumberFromString(`+${digits}`)));
      }),
      { numRuns: RUNS },
    );
  });

  it('are those of the library, for numbers written in a country', () => {
    const prefix = fc.constantFrom('', '', '0', '1', '8', '00', '011');
    const written = fc.tuple(places, prefix, fc.boolean());
    fc.assert(
      fc.property(written, ([[country, national], before, hasCode]) => {
        const digits = before + (hasCode ? getCountryCallingCode(country) : '') + national;
        const quick = quickNational(digits, country);
        if (quick === undefined) return;
        expect(quick).toEqual(libraryAnswer(parsePhoneNumberFromString(digits, country)));
      }),
      { numRuns: RUNS },
    );
  });

  it('are given for the usual ways of writing a mobile number in nearly every country', () => {
    const answered = countries.filter((country) => {
      const example = getExampleNumber(country, examples);
      return example !== undefined && quickInternational(example.number.slice(1)) != null;
    });
    expect(answered.length / countries.length).toBeGreaterThan(0.9);
    for (const digits of ['0512345678', '512345678', '966512345678'])
      expect(quickNational(digits, 'SA')).toMatchObject({ number: '+966512345678', isMobile: true });
  });
});
