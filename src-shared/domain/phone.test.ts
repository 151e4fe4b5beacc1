import fc from 'fast-check';
import { getCountries, getExampleNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it, vi } from 'vitest';
import { createPhoneNormaliser, isE164, parseCountryCode, type PhoneResult } from './phone';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

const anywhere = createPhoneNormaliser();
const saudi = createPhoneNormaliser('SA');
const german = createPhoneNormaliser('DE');
const american = createPhoneNormaliser('US');

function shown(result: PhoneResult): string {
  return result.ok ? [result.e164, ...result.notes].join(' ') : result.code;
}

describe('the ten inputs of a contact import', () => {
  it('restores the + of a numeric cell, with and without a default country', () => {
    expect(shown(anywhere(966512345678))).toBe('+966512345678 plus-restored');
    expect(shown(anywhere('966512345678'))).toBe('+966512345678 plus-restored');
    expect(shown(saudi(966512345678))).toBe('+966512345678 plus-restored');
    expect(shown(american(966512345678))).toBe('+966512345678 plus-restored');
  });

  it('rejects scientific text as digits lost in Excel, never expands it', () => {
    for (const text of [
      '9.66512E+11',
      '9,66512E+11',
      '9.66512e11',
      ' 9.66512E+11 ',
      '+9.66512E+11',
      '1E5',
      '٩٫66512E+11'.replace('٫', '.'),
    ]) {
      const result = anywhere(text);
      expect(shown(result)).toBe('digits-lost');
      expect(result.ok ? '' : result.reason).toContain('digits lost in Excel');
      expect(shown(saudi(text))).toBe('digits-lost');
    }
  });

  it('brings 00, parentheses, other digits and no-break spaces to one E.164', () => {
    const forms: [string, string][] = [
      ['00966512345678', 'international-prefix'],
      ['(05) 1234-5678', 'country-default'],
      ['٠٥١٢٣٤٥٦٧٨', 'digits-normalised country-default'],
      ['۰۵۱۲۳۴۵۶۷۸', 'digits-normalised country-default'],
      ['０５１２３４５６７８', 'digits-normalised country-default'],
      ['05\u00a01234\u202f5678', 'country-default'],
      ['\u202a+966 51 234 5678\u202c', ''],
      ['+966 (0)51 234 5678', ''],
      ['٩٦٦٥١٢٣٤٥٦٧٨+', 'digits-normalised'],
      ['+٩٦٦٥١٢٣٤٥٦٧٨', 'digits-normalised'],
      ['tel:+966-51-234-5678', ''],
      ["'+966512345678", ''],
      ['966.512.345.678', 'plus-restored'],
      ['966,512,345,678', 'plus-restored'],
      ['966512345678.0', 'decimal-dropped plus-restored'],
      ['+966512345678 ext. 12', 'extension-dropped'],
    ];
    for (const [text, notes] of forms)
      expect([text, shown(saudi(text))]).toEqual([text, `+966512345678 ${notes}`.trim()]);
  });

  it('takes a number whose leading zero was lost only through the default country', () => {
    expect(shown(saudi('512345678'))).toBe('+966512345678 country-default');
    expect(shown(saudi(512345678))).toBe('+966512345678 country-default');
    expect(shown(anywhere('512345678'))).toBe('country-unknown');
    expect(shown(anywhere('0512345678'))).toBe('country-unknown');
  });

  it('brings the same phone in three formats to the same number', () => {
    const e164 = ['+49 151 12345678', '0151 / 12345678', 4915112345678].map(
      (cell) => shown(german(cell)).split(' ')[0],
    );
    expect(new Set(e164)).toEqual(new Set(['+4915112345678']));
  });
});

describe('without a plus and without a country', () => {
  it('does not take a national number for a landline abroad', () => {
    expect(shown(anywhere('2025550143'))).toBe('country-unknown');
    expect(shown(american('2025550143'))).toBe('+12025550143 country-default');
  });

  it('prefers the reading that is a mobile number over a landline of the default country', () => {
    expect(shown(german('447911123456'))).toBe('+447911123456 plus-restored');
    expect(shown(german(4915112345678))).toBe('+4915112345678 plus-restored');
    expect(shown(german('493012345678'))).toBe('+493012345678 plus-restored');
  });

  it('says where the default country was a guess between two', () => {
    const ambiguous = shown(createPhoneNormaliser('CN')('15012345678'));
    expect(ambiguous).toBe('+8615012345678 country-default ambiguous-country');
  });

  it("honours the default country's own international prefix", () => {
    expect(shown(american('011966512345678'))).toBe('+966512345678 international-prefix');
  });
});

describe('rejections in plain words', () => {
  it.each([
    ['', 'missing'],
    [' \u00a0\u200f ', 'missing'],
    ['n/a', 'not-a-phone'],
    ['unknown', 'not-a-phone'],
    ['1-800-FLOWERS', 'not-a-phone'],
    ['=HYPERLINK("x")', 'not-a-phone'],
    ['john@example.com', 'not-a-phone'],
    ['966512345678.5', 'not-a-phone'],
    ['2024-03-04', 'country-unknown'],
    ['+966512345678 / +966512345679', 'several-numbers'],
    ['0512345678; 0512345679', 'several-numbers'],
    ['0512345678 or 0512345679', 'several-numbers'],
    ['+966 51234', 'too-short'],
    ['+96651234567890', 'too-long'],
    ['+999512345678', 'country-code-invalid'],
    ['+966112', 'too-short'],
    ['12', 'too-short'],
    ['+1234567890', 'too-short'],
    ['+966212345678', 'invalid'],
    ['1'.repeat(30), 'too-long'],
    ['x'.repeat(1_000_000), 'not-a-phone'],
    [-966512345678, 'not-a-phone'],
    [966512345678.5, 'not-a-phone'],
    [NaN, 'not-a-phone'],
    [0, 'not-a-phone'],
    [9_665_123_456_789_012, 'digits-lost'],
  ])('%s', (cell, code) => {
    const result = anywhere(cell);
    expect(shown(result)).toBe(code);
    if (!result.ok) expect(result.reason).toMatch(/^\S.{5,160}\.$/);
  });

  it('names the default country it was measured against', () => {
    const result = saudi('05123');
    expect(result.ok ? '' : result.reason).toBe('It has 5 digits: too few for a phone number in SA (+966).');
  });
});

describe('with validation off', () => {
  const loose = createPhoneNormaliser(undefined, { validate: false });
  const looseSaudi = createPhoneNormaliser('SA', { validate: false });

  it("takes the guide's 10 to 15 digits with an optional country code", () => {
    expect(shown(loose('+1234567890'))).toBe('+1234567890 not-validated');
    expect(shown(loose('1234567890'))).toBe('+1234567890 plus-restored not-validated');
    expect(shown(loose('001234567890'))).toBe('+1234567890 international-prefix not-validated');
    expect(shown(loose('123456789'))).toBe('too-short');
    expect(shown(loose('1234567890123456'))).toBe('too-long');
    expect(shown(loose('0512345678'))).toBe('country-unknown');
    expect(shown(looseSaudi('0212345678'))).toBe('+966212345678 country-default not-validated');
  });

  it('still reads valid numbers the strict way, and never takes text or lost digits', () => {
    expect(shown(looseSaudi('0512345678'))).toBe(shown(saudi('0512345678')));
    expect(shown(loose('9.66512E+11'))).toBe('digits-lost');
    expect(shown(loose('hello'))).toBe('not-a-phone');
  });
});

describe('properties', () => {
  const country = fc.constantFrom(...getCountries());

  it('takes the mobile example of every country in every form', () => {
    for (const code of getCountries()) {
      const example = getExampleNumber(code, examples);
      if (example === undefined) continue;
      const here = createPhoneNormaliser(code);
      expect(shown(anywhere(example.number))).toBe(example.number);
      expect(shown(here(example.formatInternational()))).toBe(example.number);
      expect([code, shown(here(example.formatNational())).split(' ')[0]]).toEqual([code, example.number]);
      expect(shown(anywhere(`00${example.number.slice(1)}`))).toBe(`${example.number} international-prefix`);
    }
  });

  it('agrees with libphonenumber on every international number', () => {
    const digits = fc.stringMatching(/^[1-9][0-9]{6,14}$/);
    fc.assert(
      fc.property(digits, (text) => {
        const oracle = parsePhoneNumberFromString(`+${text}`);
        const result = anywhere(`+${text}`);
        expect(result.ok).toBe(oracle?.isValid() === true);
        if (result.ok) expect(result.e164).toBe(oracle?.number);
      }),
      { numRuns: 800 },
    );
  });

  it('agrees with libphonenumber on every national number it accepts', () => {
    fc.assert(
      fc.property(country, fc.stringMatching(/^0?[1-9][0-9]{5,11}$/), (code, text) => {
        const oracle = parsePhoneNumberFromString(text, code);
        if (oracle?.isValid() !== true) return;
        const result = createPhoneNormaliser(code)(text);
        expect(result.ok).toBe(true);
        if (!result.ok || result.e164 === oracle.number) return;
        // The one permitted difference: the same digits with a plus are a better number (see readBare).
        expect(result.e164).toBe(`+${text}`);
        expect(result.notes).toEqual(['plus-restored']);
      }),
      { numRuns: 800 },
    );
  });

  it('is idempotent, never throws, and only ever gives E.164', () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string({
        unit: fc.constantFrom(
          '+',
          '0',
          '1',
          '4',
          '5',
          '6',
          '9',
          ' ',
          '(',
          ')',
          '-',
          '.',
          'E',
          '٣',
          'x',
          '/',
          ';',
        ),
      }),
      fc.double(),
    );
    fc.assert(
      fc.property(noise, fc.option(country, { nil: undefined }), fc.boolean(), (cell, code, validate) => {
        const normalise = createPhoneNormaliser(code, { validate });
        const result = normalise(cell);
        if (!result.ok) return;
        expect(isE164(result.e164)).toBe(true);
        const again = normalise(result.e164);
        expect(again.ok && again.e164).toBe(result.e164);
      }),
      { numRuns: 800 },
    );
  });
});

describe('country codes', () => {
  it('reads ISO codes in any case', () => {
    expect(parseCountryCode(' sa ')).toBe('SA');
    expect(parseCountryCode('XX')).toBeUndefined();
    expect(parseCountryCode('constructor')).toBeUndefined();
  });
});
